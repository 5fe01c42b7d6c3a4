-- What coordinators keep: taxonomy, areas, organisations, datasets, settings, rights. Each save leaves an audit row and, where public, a change.

-- The coordinators of the whole territory: taxonomy and settings are everybody's, so a scoped right isn't enough.
create function private.require_whole_coordinator()
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
begin
  if not exists (select from private.grants where contributor_id = who and role = 'coordinator' and areas is null and themes is null) then
    perform private.refuse(403, 'coordinators_only', 'Only a coordinator of the whole territory may do this.');
  end if;
  return who;
end;
$$;

create function private.read_slug(body jsonb)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  if jsonb_typeof(body) is distinct from 'object' or coalesce(body ->> 'slug', '') !~ '^[a-z0-9]+(-[a-z0-9]+)*$' or length(body ->> 'slug') > 60 then
    perform private.refuse(400, 'invalid_slug', 'slug is made of lower-case letters, digits and single hyphens.', 'slug');
  end if;
  return body ->> 'slug';
end;
$$;

-- A {fr, en} text.
create function private.read_label(body jsonb, field text, max_length int)
returns jsonb
language plpgsql
immutable
set search_path = ''
as $$
declare
  label jsonb := body -> field;
begin
  if jsonb_typeof(label) is distinct from 'object' or label - array['fr', 'en'] <> '{}'
    or jsonb_typeof(label -> 'fr') is distinct from 'string' or jsonb_typeof(label -> 'en') is distinct from 'string' then
    perform private.refuse(400, 'invalid_label', format('%s is {fr, en}.', field), field);
  end if;
  label := jsonb_build_object('fr', private.check_text(field, label -> 'fr', max_length, true), 'en', private.check_text(field, label -> 'en', max_length, true));
  if label ->> 'fr' is null or label ->> 'en' is null then
    perform private.refuse(400, 'invalid_label', format('%s is written in both languages.', field), field);
  end if;
  return label;
end;
$$;

create function private.record_save(who uuid, subject text, slug text, existed boolean)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
begin
  insert into private.audit (contributor_id, action, subject) values (who, 'save_' || subject, slug);
  perform private.announce(subject, slug, null, case when existed then 'updated' else 'created' end);
  return jsonb_build_object('slug', slug);
end;
$$;

-- A check constraint that a saved row breaks is the caller's mistake, not a fault of ours.
create function private.refuse_row(subject text, constraint_name text)
returns void
language sql
volatile -- never folded away at planning time
set search_path = ''
as $$
  select private.refuse(400, 'invalid_' || subject, format('This %s breaks the rule %s.', subject, constraint_name));
$$;

create function public.save_theme(theme jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_whole_coordinator();
  key text := private.read_slug(theme);
  existed boolean := exists (select from private.themes where slug = key);
  broken text;
begin
  insert into private.themes (slug, label, colour, pictogram, sort)
  values (key, private.read_label(theme, 'label', 80), coalesce(theme ->> 'colour', ''), coalesce(theme ->> 'pictogram', ''), private.as_int(theme, 'sort'))
  on conflict (slug) do update set label = excluded.label, colour = excluded.colour, pictogram = excluded.pictogram, sort = excluded.sort;
  return private.record_save(who, 'theme', key, existed);
exception when check_violation then
  get stacked diagnostics broken = constraint_name;
  perform private.refuse_row('theme', broken);
end;
$$;

create function private.as_int(body jsonb, field text)
returns int
language plpgsql
immutable
set search_path = ''
as $$
begin
  if coalesce(body -> field, 'null') = 'null' then
    return 0;
  elsif jsonb_typeof(body -> field) <> 'number' or abs((body ->> field)::numeric) > 1000000 then
    perform private.refuse(400, 'invalid_number', format('%s is a number.', field), field);
  end if;
  return (body ->> field)::numeric::int;
end;
$$;

-- A category whose theme, openness or keys change moves its places: their derived columns and their readers follow.
create function private.retouch_places(category text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  place private.places;
  was_public boolean;
  before record;
begin
  for place in select * from private.places where category_slug = category order by id for update loop
    was_public := private.is_public(place);
    before := (place.theme_slug, place.closed_facts, place.private_facts);
    update private.places set facts = facts where id = place.id returning * into place;
    if before is distinct from (place.theme_slug, place.closed_facts, place.private_facts) then
      perform private.refresh_public(place.id);
      perform private.announce_place(place, was_public, 'updated', array['category'], null);
    end if;
  end loop;
end;
$$;

-- Whether an extra fact is described by what private.check_extra reads, and by nothing else.
create function private.is_extra_fact(key text, spec jsonb)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select key ~ '^[a-z][a-z0-9_]{0,39}$' and jsonb_typeof(spec) = 'object'
    and case when jsonb_typeof(spec) = 'object' then
      spec - array['label', 'type', 'enum', 'maxLength', 'minimum', 'maximum', 'items', 'required', 'description'] = '{}'
      and coalesce(spec ->> 'type', '') in ('string', 'number', 'integer', 'boolean', 'array')
      and coalesce(jsonb_typeof(spec -> 'label'), '') = 'object'
      and coalesce(jsonb_typeof(spec -> 'enum'), 'array') = 'array'
      and coalesce(jsonb_typeof(spec -> 'required'), 'boolean') = 'boolean'
      and coalesce(jsonb_typeof(spec -> 'minimum'), 'number') = 'number' and coalesce(jsonb_typeof(spec -> 'maximum'), 'number') = 'number'
      and coalesce(spec ->> 'maxLength', '1') ~ '^[0-9]{1,4}$'
      and coalesce(jsonb_typeof(spec -> 'items'), 'object') = 'object'
      and coalesce(jsonb_typeof(spec -> 'items' -> 'enum'), 'array') = 'array'
      and coalesce(spec -> 'items' ->> 'maxLength', '1') ~ '^[0-9]{1,4}$'
    end;
$$;

-- The parts of a category that are objects and lists, each there and each of the kind that its readers expect.
create function private.read_category(category jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  part text;
  kind text;
begin
  for part, kind in values ('extra_facts', 'object'), ('half_lives', 'object'), ('fact_openness', 'object'), ('synonyms', 'object'), ('key_facts', 'array') loop
    if coalesce(category -> part, 'null') = 'null' then
      category := category || jsonb_build_object(part, case kind when 'array' then '[]'::jsonb else '{}' end);
    elsif jsonb_typeof(category -> part) <> kind then
      perform private.refuse(400, 'invalid_category', format('%s is of another kind: %s.', part, kind), part);
    end if;
  end loop;
  if exists (select from jsonb_each(category -> 'extra_facts') as e where not private.is_extra_fact(e.key, e.value)) then
    perform private.refuse(400, 'invalid_category', 'extra_facts hold something unknown.', 'extra_facts');
  elsif exists (select from jsonb_each(category -> 'half_lives') as e where e.value not in ('"months"', '"year"', '"years"')) then
    perform private.refuse(400, 'invalid_category', 'half_lives are months, year or years.', 'half_lives');
  elsif exists (select from jsonb_array_elements(category -> 'key_facts') as e where jsonb_typeof(e) <> 'string') then
    perform private.refuse(400, 'invalid_category', 'key_facts are names of facts.', 'key_facts');
  end if;
  perform private.check_openness_map('fact_openness', category -> 'fact_openness');
  return category;
end;
$$;

create function public.save_category(category jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_whole_coordinator();
  key text := private.read_slug(category);
  existed boolean := exists (select from private.categories where slug = key);
  broken text;
begin
  if not exists (select from private.themes where slug = category ->> 'theme') then
    perform private.refuse(400, 'unknown_theme', 'There is no such theme.', 'theme');
  end if;
  category := private.read_category(category);
  insert into private.categories (slug, theme_slug, label, pictogram, default_kind, extra_facts, half_lives, key_facts, fact_openness, osm_tag, schema_type, synonyms, sort)
  values (key, category ->> 'theme', private.read_label(category, 'label', 80), coalesce(category ->> 'pictogram', ''), coalesce(category ->> 'default_kind', 'service'),
    coalesce(category -> 'extra_facts', '{}'), coalesce(category -> 'half_lives', '{}'),
    (select coalesce(array_agg(k), '{}') from jsonb_array_elements_text(coalesce(nullif(category -> 'key_facts', 'null'), '[]')) as k),
    coalesce(category -> 'fact_openness', '{}'), category ->> 'osm_tag', category ->> 'schema_type', coalesce(category -> 'synonyms', '{}'), private.as_int(category, 'sort'))
  on conflict (slug) do update set theme_slug = excluded.theme_slug, label = excluded.label, pictogram = excluded.pictogram, default_kind = excluded.default_kind,
    extra_facts = excluded.extra_facts, half_lives = excluded.half_lives, key_facts = excluded.key_facts, fact_openness = excluded.fact_openness,
    osm_tag = excluded.osm_tag, schema_type = excluded.schema_type, synonyms = excluded.synonyms, sort = excluded.sort;
  if existed then
    perform private.retouch_places(key);
  end if;
  return private.record_save(who, 'category', key, existed);
exception when check_violation then
  get stacked diagnostics broken = constraint_name;
  perform private.refuse_row('category', broken);
end;
$$;

-- One area from GeoJSON; places under its old and its new outline are assigned anew. Says created, updated or unchanged.
create function private.put_area(area jsonb)
returns text
language plpgsql
volatile
set search_path = ''
as $$
declare
  key text := area ->> 'slug';
  present private.areas;
  shape extensions.geometry;
  place private.places;
  moved_to text;
begin
  begin
    shape := extensions.st_multi(extensions.st_collectionextract(extensions.st_makevalid(
      extensions.st_setsrid(extensions.st_force2d(extensions.st_geomfromgeojson(area -> 'geometry')), 4326)), 3));
  exception when others then
    perform private.refuse(400, 'invalid_geometry', 'geometry is a GeoJSON Polygon or MultiPolygon.', 'geometry');
  end;
  if shape is null or extensions.st_isempty(shape) or extensions.st_npoints(shape) > 50000
    or extensions.st_xmin(shape) < -180 or extensions.st_xmax(shape) > 180 or extensions.st_ymin(shape) < -90 or extensions.st_ymax(shape) > 90 then
    perform private.refuse(400, 'invalid_geometry', 'geometry is a GeoJSON Polygon or MultiPolygon in degrees.', 'geometry');
  elsif area ->> 'parent' is not null and (area ->> 'parent' = key or not exists (select from private.areas where slug = area ->> 'parent' and key <> all (path))) then
    perform private.refuse(400, 'unknown_area', 'There is no such area to belong to.', 'parent');
  end if;
  select * into present from private.areas where slug = key;
  if present.slug is not null and present.name = private.tidy(area ->> 'name') and present.level = area ->> 'level'
    and present.parent_slug is not distinct from area ->> 'parent' and present.code is not distinct from area ->> 'code'
    and extensions.st_orderingequals(present.geometry, shape) then
    return 'unchanged';
  end if;
  insert into private.areas (slug, name, level, parent_slug, code, geometry, path)
  values (key, coalesce(private.tidy(area ->> 'name'), ''), coalesce(area ->> 'level', ''), area ->> 'parent', area ->> 'code', shape,
    coalesce((select path from private.areas where slug = area ->> 'parent'), '{}') || key)
  on conflict (slug) do update set name = excluded.name, level = excluded.level, parent_slug = excluded.parent_slug, code = excluded.code,
    geometry = excluded.geometry, path = excluded.path;
  update private.areas as child set path = (select path from private.areas where slug = key) || child.path[array_position(child.path, key) + 1:]
  where key = any (child.path) and child.slug <> key;
  for place in select * from private.places
    where extensions.st_intersects(position, shape) or extensions.st_intersects(position, present.geometry) order by id for update loop
    moved_to := private.area_at(place.position);
    if moved_to is distinct from place.area_slug then
      update private.places set area_slug = moved_to where id = place.id returning * into place;
      perform private.announce_place(place, private.is_public(place), 'updated', array['area'], null);
    end if;
  end loop;
  return case when present.slug is null then 'created' else 'updated' end;
end;
$$;

create function public.save_area(area jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_whole_coordinator();
  key text := private.read_slug(area);
  broken text;
begin
  return private.record_save(who, 'area', key, private.put_area(area) <> 'created');
exception when check_violation then
  get stacked diagnostics broken = constraint_name;
  perform private.refuse_row('area', broken);
end;
$$;

-- Who keeps an organisation besides its manager: a coordinator, of whose areas and themes none of its places lies outside. Else somebody could
-- make herself a member, and read and publish there what her own scope doesn't give her.
create function private.coordinates_organisation(who uuid, organisation text)
returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (select from private.grants where contributor_id = who and role = 'coordinator' and areas is null and themes is null)
    or exists (select from private.grants where contributor_id = who and role = 'coordinator')
      and not exists (select from private.places where steward_slug = organisation
        and private.hat_for(who, 'decide', area_slug, theme_slug, null) is distinct from 'coordinator')
      and not exists (select from private.grants where organisation_slug = organisation);
$$;

-- Coordinators make and change organisations; a manager keeps what her own says about itself.
create function public.save_organisation(organisation jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  key text := private.read_slug(organisation);
  present private.organisations;
  coordinates boolean := private.coordinates_organisation(who, key);
  broken text;
begin
  select * into present from private.organisations where slug = key;
  if not coordinates and not exists (select from private.memberships where contributor_id = who and organisation_slug = key and role = 'manager') then
    perform private.refuse(403, 'coordinators_only', 'Only a coordinator or this organisation''s manager may do this.');
  end if;
  insert into private.organisations (slug, name, kind, summary, website, siret, rna, amalia)
  values (key,
    case when coordinates then coalesce(private.tidy(organisation ->> 'name'), '') else present.name end,
    case when coordinates then coalesce(organisation ->> 'kind', '') else present.kind end,
    private.tidy(organisation ->> 'summary'), private.check_fact('website', organisation -> 'website') #>> '{}',
    private.check_number('siret', organisation, present.siret), private.check_number('rna', organisation, present.rna),
    private.check_number('amalia', organisation, present.amalia))
  on conflict (slug) do update set name = excluded.name, kind = excluded.kind, summary = excluded.summary, website = excluded.website,
    siret = excluded.siret, rna = excluded.rna, amalia = excluded.amalia;
  return private.record_save(who, 'organisation', key, present.slug is not null);
exception when check_violation then
  get stacked diagnostics broken = constraint_name;
  perform private.refuse_row('organisation', broken);
end;
$$;

create function public.save_dataset(dataset jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_whole_coordinator();
  key text := private.read_slug(dataset);
  existed boolean := exists (select from private.datasets where slug = key);
  broken text;
begin
  insert into private.datasets (slug, title, description, licence, sort)
  values (key, private.read_label(dataset, 'title', 200), private.read_label(dataset, 'description', 2000), coalesce(dataset ->> 'licence', ''), private.as_int(dataset, 'sort'))
  on conflict (slug) do update set title = excluded.title, description = excluded.description, licence = excluded.licence, sort = excluded.sort;
  return private.record_save(who, 'dataset', key, existed);
exception when check_violation then
  get stacked diagnostics broken = constraint_name;
  perform private.refuse_row('dataset', broken);
end;
$$;

-- One setting: {key, value}. Only keys that exist: a setting nobody reads would be a promise nobody keeps.
create function public.save_settings(setting jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_whole_coordinator();
  one jsonb;
  saved jsonb := '[]';
  broken text;
begin
  -- What one form says is saved whole or not at all.
  if jsonb_typeof(setting) = 'array' then
    if jsonb_array_length(setting) > 20 or jsonb_path_exists(setting, 'strict $[*] ? (@.type() != "object")') then
      perform private.refuse(400, 'invalid_setting', 'A setting, or at most twenty of them, each {key, value}.', 'value');
    end if;
    for one in select value from jsonb_array_elements(setting) loop
      saved := saved || public.save_settings(one);
    end loop;
    return saved;
  end if;
  if not exists (select from private.settings where settings.key = setting ->> 'key' and settings.key not in ('demo', 'moderation_figures')) then
    perform private.refuse(400, 'unknown_setting', 'There is no such setting.', 'key');
  elsif jsonb_typeof(setting -> 'value') is distinct from 'object' then
    perform private.refuse(400, 'invalid_setting', 'A setting is an object.', 'value');
  elsif setting ->> 'key' = 'ring' and coalesce(setting -> 'value' ->> 'metres', '') !~ '^[0-9]{1,6}$' then
    perform private.refuse(400, 'invalid_setting', 'ring is {metres}.', 'value');
  elsif setting ->> 'key' = 'licence' and not exists (select from private.facts where name = 'licence' and setting -> 'value' ->> 'id' = any (options)) then
    perform private.refuse(400, 'invalid_setting', 'licence is {id}, one of those that a place can have.', 'value');
  elsif setting ->> 'key' = 'time' and not exists (select from pg_catalog.pg_timezone_names where name = setting -> 'value' ->> 'zone') then
    perform private.refuse(400, 'invalid_setting', 'There is no such time zone.', 'value');
  elsif setting ->> 'key' = 'moderation' and coalesce(setting -> 'value' ->> 'target_days', '') !~ '^[1-9][0-9]?$' then
    perform private.refuse(400, 'invalid_setting', 'moderation is {target_days}, from 1 to 99 working days.', 'value');
  elsif setting ->> 'key' = 'appeals' then
    perform private.check_hearer(setting -> 'value');
  end if;
  update private.settings set value = setting -> 'value', updated_at = now() where settings.key = setting ->> 'key';
  return private.record_save(who, 'settings', setting ->> 'key', true);
exception when check_violation then
  get stacked diagnostics broken = constraint_name;
  perform private.refuse_row('setting', broken);
end;
$$;

-- A list of slugs or null = all; nothing unknown, since a scope that names nothing real would silently be empty.
create function private.read_scope(body jsonb, field text, known text[])
returns text[]
language plpgsql
immutable
set search_path = ''
as $$
declare
  scope text[];
begin
  if coalesce(body -> field, 'null') = 'null' then
    return null;
  elsif jsonb_typeof(body -> field) <> 'array' or jsonb_array_length(body -> field) > 200 then
    perform private.refuse(400, 'invalid_scope', format('%s is a list of slugs, or null for all.', field), field);
  end if;
  select coalesce(array_agg(distinct s order by s), '{}') into scope from jsonb_array_elements_text(body -> field) as s;
  if not scope <@ known then
    perform private.refuse(400, 'invalid_scope', format('%s names something unknown.', field), field);
  end if;
  return scope;
end;
$$;

-- Only within one's own scope: nobody gives away more than she holds.
create function private.may_grant(who uuid, wanted_areas text[], wanted_themes text[])
returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (
    select from private.grants as g where g.contributor_id = who and g.role = 'coordinator'
      and (g.areas is null or wanted_areas is not null and not exists (
        select from unnest(wanted_areas) as wanted where not exists (select from private.areas as a where a.slug = wanted and a.path && g.areas)))
      and (g.themes is null or wanted_themes is not null and wanted_themes <@ g.themes)
  );
$$;

create function private.require_grantor(who uuid, role text, wanted_areas text[], wanted_themes text[])
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_grant(who, wanted_areas, wanted_themes) then
    perform private.refuse(403, 'coordinators_only', 'A coordinator grants within her own areas and themes.');
  end if;
end;
$$;

-- Somebody has to be left who may change everything: the whole territory's last coordinator keeps her right until there is another.
create function private.keep_a_coordinator()
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  if not exists (
    select from private.grants as g join private.contributors as c on c.id = g.contributor_id
    where g.role = 'coordinator' and g.areas is null and g.themes is null and c.user_id is not null
  ) then
    perform private.refuse(409, 'last_coordinator', 'Nobody else coordinates the whole territory: give somebody that right first.');
  end if;
end;
$$;

-- Takes a right back, or changes where it holds: {grant_id, revoke: true} or {grant_id, areas, themes}.
create function private.change_grant(who uuid, grant_ jsonb)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  g private.grants;
  revoked boolean := coalesce(grant_ -> 'revoke', 'false') = 'true';
  wanted_areas text[];
  wanted_themes text[];
begin
  -- Two coordinators who take each other's right back at once: one of them is first.
  perform pg_advisory_xact_lock(hashtextextended('coordinators', 2));
  select * into g from private.grants where id = private.as_uuid(grant_ -> 'grant_id', 'grant_id') for update;
  if g.id is null then
    perform private.refuse(404, 'unknown_grant', 'There is no such right.', 'grant_id');
  end if;
  perform private.require_grantor(who, g.role, g.areas, g.themes);
  if revoked then
    delete from private.grants where id = g.id;
  else
    wanted_areas := private.read_scope(grant_, 'areas', (select coalesce(array_agg(slug), '{}') from private.areas));
    wanted_themes := private.read_scope(grant_, 'themes', (select coalesce(array_agg(slug), '{}') from private.themes));
    perform private.require_grantor(who, g.role, wanted_areas, wanted_themes);
    update private.grants set areas = wanted_areas, themes = wanted_themes where id = g.id;
  end if;
  if g.role = 'coordinator' and g.areas is null and g.themes is null then
    perform private.keep_a_coordinator();
  end if;
  insert into private.audit (contributor_id, action, subject, detail)
  values (who, case when revoked then 'revoke' else 'change_grant' end, g.id::text,
    jsonb_build_object('role', g.role) || case when revoked then '{}' else jsonb_build_object('areas', wanted_areas, 'themes', wanted_themes) end);
  return jsonb_build_object('grant_id', g.id, 'revoked', revoked);
end;
$$;

-- {grant_id, revoke: true}, {grant_id, areas, themes}, or {contributor_id | organisation, role, areas, themes}.
create function public.save_grant(grant_ jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  g private.grants;
begin
  if coalesce(grant_ -> 'revoke', 'false') = 'true' or coalesce(grant_ -> 'grant_id', 'null') <> 'null' then
    return private.change_grant(who, grant_);
  end if;
  g.id := gen_random_uuid();
  g.role := private.read_choice(grant_, 'role', '{agent,moderator,coordinator,publisher}');
  g.areas := private.read_scope(grant_, 'areas', (select coalesce(array_agg(slug), '{}') from private.areas));
  g.themes := private.read_scope(grant_, 'themes', (select coalesce(array_agg(slug), '{}') from private.themes));
  perform private.require_grantor(who, g.role, g.areas, g.themes);
  g.contributor_id := private.as_uuid(grant_ -> 'contributor_id', 'contributor_id');
  g.organisation_slug := grant_ ->> 'organisation';
  g.created_at := now();
  if g.role is null or num_nonnulls(g.contributor_id, g.organisation_slug) <> 1 or (g.organisation_slug is not null) <> (g.role = 'publisher') then
    perform private.refuse(400, 'invalid_grant', 'A right has a role and one holder: a person, or an organisation for publisher.');
  elsif g.contributor_id is not null and not exists (select from private.contributors where id = g.contributor_id and kind = 'account')
    or g.organisation_slug is not null and not exists (select from private.organisations where slug = g.organisation_slug) then
    perform private.refuse(404, 'unknown_holder', 'There is no such holder.');
  end if;
  -- The same right twice is one right: a form that is sent again changes nothing.
  perform pg_advisory_xact_lock(hashtextextended(coalesce(g.contributor_id::text, g.organisation_slug) || g.role, 3));
  if exists (select from private.grants as held where held.role = g.role and held.contributor_id is not distinct from g.contributor_id
      and held.organisation_slug is not distinct from g.organisation_slug and held.areas is not distinct from g.areas and held.themes is not distinct from g.themes) then
    return (select jsonb_build_object('grant_id', held.id) from private.grants as held where held.role = g.role
      and held.contributor_id is not distinct from g.contributor_id and held.organisation_slug is not distinct from g.organisation_slug
      and held.areas is not distinct from g.areas and held.themes is not distinct from g.themes limit 1);
  end if;
  insert into private.grants select g.*;
  insert into private.audit (contributor_id, action, subject, detail)
  values (who, 'grant', coalesce(g.contributor_id::text, g.organisation_slug), jsonb_build_object('role', g.role, 'areas', g.areas, 'themes', g.themes));
  return jsonb_build_object('grant_id', g.id);
end;
$$;

-- {contributor_id, organisation, role | remove, to?}: by a coordinator or the organisation's manager; anybody may leave. `to` is the colleague who
-- takes over from the one who goes.
create function public.save_membership(membership jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  target uuid := private.as_uuid(membership -> 'contributor_id', 'contributor_id');
  organisation text := membership ->> 'organisation';
  wanted text := coalesce(private.read_choice(membership, 'role', '{member,manager}'), 'member');
  goes boolean := coalesce(membership -> 'remove', 'false') = 'true';
  coordinates boolean := private.coordinates_organisation(who, organisation);
begin
  if not coordinates and not (goes and target = who)
    and not exists (select from private.memberships where contributor_id = who and organisation_slug = organisation and role = 'manager') then
    perform private.refuse(403, 'coordinators_only', 'Only a coordinator or this organisation''s manager may do this.');
  elsif not exists (select from private.contributors where id = target and kind = 'account') or not exists (select from private.organisations where slug = organisation) then
    perform private.refuse(404, 'unknown_holder', 'There is no such person or organisation.');
  end if;
  perform from private.organisations where slug = organisation for update;
  if goes then
    perform private.end_membership(who, target, organisation, private.as_uuid(membership -> 'to', 'to'), coordinates);
  else
    if wanted = 'member' and not coordinates then
      perform private.require_another_manager(organisation, target);
    end if;
    insert into private.memberships (contributor_id, organisation_slug, role) values (target, organisation, wanted)
    on conflict (contributor_id, organisation_slug) do update set role = excluded.role;
  end if;
  insert into private.audit (contributor_id, action, subject, detail) values (who, case when goes then 'end_membership' else 'membership' end, organisation,
    jsonb_build_object('contributor_id', target) || case when goes then '{}' else jsonb_build_object('role', wanted) end);
  return jsonb_build_object('organisation', organisation);
end;
$$;

grant execute on function public.save_theme(jsonb), public.save_category(jsonb), public.save_area(jsonb), public.save_organisation(jsonb),
  public.save_dataset(jsonb), public.save_settings(jsonb), public.save_grant(jsonb), public.save_membership(jsonb)
  to authenticated;
