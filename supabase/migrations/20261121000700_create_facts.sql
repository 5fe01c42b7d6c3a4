-- The facts a place can have: one row each, so that a new fact is a row and a label, not a change in ten functions.
create table private.facts (
  name text primary key,
  type text not null check (type in (
    'line', 'text', 'choice', 'choices', 'languages', 'day', 'url', 'email', 'phone', 'hours', 'closures', 'point', 'photos',
    'category', 'organisation', 'place', 'openness', 'openness_map', 'postcode'
  )),
  max_length int,
  options text[],
  default_openness text not null default 'open' check (default_openness in ('open', 'shared', 'private')),
  -- Who may propose it at all, and whose publishing is enough: anyone in scope, the steward's members and coordinators, coordinators alone.
  proposed_by text not null default 'anyone' check (proposed_by in ('anyone', 'steward')),
  published_by text not null default 'scope' check (published_by in ('scope', 'steward', 'coordinator')),
  on_offer boolean not null default false,
  -- An act of administration rather than something to vouch for.
  vouched boolean not null default true
);
alter table private.facts enable row level security;

insert into private.facts (name, type, max_length, options, default_openness, proposed_by, published_by, on_offer, vouched) values
  ('name', 'line', 160, null, 'open', 'anyone', 'scope', true, true),
  ('summary', 'line', 300, null, 'open', 'anyone', 'scope', true, true),
  ('description', 'text', 5000, null, 'open', 'anyone', 'scope', false, true),
  ('kind', 'choice', null, '{service,initiative}', 'open', 'anyone', 'scope', false, true),
  ('category', 'category', null, null, 'open', 'anyone', 'scope', true, true),
  ('position', 'point', null, null, 'open', 'anyone', 'scope', false, true),
  ('precision', 'choice', null, '{exact,street,area}', 'open', 'anyone', 'scope', false, true),
  ('address', 'line', 200, null, 'open', 'anyone', 'scope', false, true),
  ('postcode', 'postcode', 10, null, 'open', 'anyone', 'scope', false, true),
  ('city', 'line', 100, null, 'open', 'anyone', 'scope', false, true),
  ('opening_hours', 'hours', 500, null, 'open', 'anyone', 'scope', true, true),
  ('closures', 'closures', 60, null, 'open', 'anyone', 'scope', true, true),
  ('booking', 'choice', null, '{none,recommended,required}', 'open', 'anyone', 'scope', true, true),
  ('phone', 'phone', 30, null, 'open', 'anyone', 'scope', false, true),
  ('email', 'email', 200, null, 'open', 'anyone', 'scope', false, true),
  ('website', 'url', 500, null, 'open', 'anyone', 'scope', false, true),
  ('wheelchair', 'choice', null, '{yes,limited,no}', 'open', 'anyone', 'scope', false, true),
  ('audience', 'choices', 12, '{everyone,children,young_people,adults,seniors,families,job_seekers,disabled_people,newcomers,women,precarious}',
    'open', 'anyone', 'scope', true, true),
  ('cost', 'choice', null, '{free,paid,conditional}', 'open', 'anyone', 'scope', true, true),
  ('languages', 'languages', 30, null, 'open', 'anyone', 'scope', false, true),
  ('starts_on', 'day', null, null, 'open', 'anyone', 'scope', false, true),
  ('ends_on', 'day', null, null, 'open', 'anyone', 'scope', false, true),
  ('photos', 'photos', 20, null, 'open', 'anyone', 'scope', false, false),
  ('steward', 'organisation', null, null, 'open', 'steward', 'steward', false, false),
  ('openness', 'openness', null, '{open,shared,private}', 'open', 'steward', 'coordinator', false, false),
  ('fact_openness', 'openness_map', null, null, 'open', 'steward', 'steward', false, false),
  ('licence', 'choice', null, '{etalab-2.0,ODbL-1.0,CC-BY-4.0,CC-BY-SA-4.0,CC0-1.0}', 'open', 'steward', 'coordinator', false, false),
  ('contact_name', 'line', 100, null, 'shared', 'steward', 'steward', false, true),
  ('contact_phone', 'phone', 30, null, 'shared', 'steward', 'steward', false, true),
  ('part_of', 'place', null, null, 'open', 'anyone', 'scope', false, true);

-- Lists change by add and remove, which never conflict.
create function private.is_list(fact_type text)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select fact_type in ('choices', 'languages', 'closures', 'photos');
$$;

create function private.bad_value(fact text, because text)
returns void
language sql
volatile -- never folded away at planning time
set search_path = ''
as $$
  select private.refuse(400, 'invalid_value', format('%s: %s.', fact, because), fact);
$$;

-- A fact's text, tidied and bounded; control characters are refused rather than dropped, so that nothing is changed behind the author's back.
create function private.check_text(fact text, value jsonb, max_length int, multiline boolean)
returns text
language plpgsql
immutable
set search_path = ''
as $$
declare
  tidy text;
begin
  if jsonb_typeof(value) <> 'string' then
    perform private.bad_value(fact, 'a text is expected');
  end if;
  tidy := private.tidy(value #>> '{}');
  if multiline then
    tidy := replace(tidy, E'\r\n', E'\n');
  end if;
  if length(tidy) > max_length then
    perform private.bad_value(fact, format('at most %s characters', max_length));
  end if;
  if tidy ~ (case when multiline then '[\x01-\x08\x0b-\x1f\x7f]' else '[\x01-\x1f\x7f]' end) then
    perform private.bad_value(fact, 'control characters are not allowed');
  end if;
  return tidy;
end;
$$;

create function private.check_point(fact text, value jsonb)
returns jsonb
language plpgsql
immutable
set search_path = ''
as $$
declare
  lon numeric;
  lat numeric;
begin
  if jsonb_typeof(value) <> 'object' or jsonb_typeof(value -> 'lon') is distinct from 'number'
    or jsonb_typeof(value -> 'lat') is distinct from 'number' or value - array['lon', 'lat'] <> '{}' then
    perform private.bad_value(fact, 'an object of two numbers lon and lat, in degrees, is expected');
  end if;
  lon := round((value ->> 'lon')::numeric, 7);
  lat := round((value ->> 'lat')::numeric, 7);
  if lon not between -180 and 180 or lat not between -90 and 90 then
    perform private.bad_value(fact, 'lon lies within ±180 and lat within ±90 degrees');
  end if;
  return jsonb_build_object('lon', trim_scale(lon), 'lat', trim_scale(lat));
end;
$$;

create function private.point_of(value jsonb)
returns extensions.geometry
language sql
immutable
set search_path = ''
as $$
  select extensions.st_setsrid(
    extensions.st_makepoint((value ->> 'lon')::double precision, (value ->> 'lat')::double precision), 4326);
$$;

create function private.check_closures(fact text, value jsonb)
returns jsonb
language plpgsql
immutable
set search_path = ''
as $$
declare
  item jsonb;
  first_day date;
  last_day date;
  result jsonb := '[]';
begin
  for item in select jsonb_array_elements(value) loop
    if jsonb_typeof(item) <> 'object' or item - array['from', 'to', 'reason'] <> '{}'
      or jsonb_typeof(item -> 'from') is distinct from 'string' or jsonb_typeof(item -> 'to') is distinct from 'string'
      or coalesce(jsonb_typeof(item -> 'reason'), 'null') not in ('string', 'null') then
      perform private.bad_value(fact, 'each closure is {from, to, reason} with days written YYYY-MM-DD');
    end if;
    first_day := private.as_day(item ->> 'from', fact);
    last_day := private.as_day(item ->> 'to', fact);
    if last_day < first_day or last_day - first_day > 1100 then
      perform private.bad_value(fact, 'a closure ends after it begins, within three years');
    end if;
    result := result || jsonb_build_object('from', first_day, 'to', last_day, 'reason',
      case when item ->> 'reason' is null then null else private.check_text(fact, item -> 'reason', 120, false) end);
  end loop;
  return result;
end;
$$;

create function private.check_list(fact text, spec private.facts, value jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  result jsonb;
begin
  if jsonb_typeof(value) <> 'array' then
    perform private.bad_value(fact, 'a list is expected');
  end if;
  if jsonb_array_length(value) > spec.max_length then
    perform private.bad_value(fact, format('at most %s entries', spec.max_length));
  end if;
  if spec.type = 'closures' then
    value := private.check_closures(fact, value);
    select jsonb_agg(item order by item ->> 'from', item::text) into result from (select distinct e as item from jsonb_array_elements(value) as e) as t;
    return result;
  end if;
  if spec.type = 'photos' and exists (
    select from jsonb_array_elements(value) as e where case when e #>> '{}' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
      then not exists (select from private.photos where id = (e #>> '{}')::uuid) else true end) then
    perform private.bad_value(fact, 'only registered photos can be listed');
  end if;
  if exists (select from jsonb_array_elements(value) as e where jsonb_typeof(e) <> 'string'
      or spec.type = 'choices' and not (e #>> '{}' = any (spec.options))
      or spec.type = 'languages' and e #>> '{}' !~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$') then
    perform private.bad_value(fact, case spec.type when 'choices' then 'each entry is one of ' || array_to_string(spec.options, ', ')
      else 'each entry is a language tag such as fr or ar' end);
  end if;
  -- One spelling of a list, so that equal lists compare equal.
  select jsonb_agg(e order by coalesce(array_position(spec.options, e #>> '{}'), 0), e #>> '{}') into result
  from (select distinct e from jsonb_array_elements(value) as e) as t;
  return result;
end;
$$;

create function private.check_openness_map(fact text, value jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  if jsonb_typeof(value) <> 'object' or exists (
    select from jsonb_each(value) as e
    where jsonb_typeof(e.value) <> 'string' or e.value #>> '{}' not in ('open', 'shared', 'private')
      -- A position is made coarser by its precision, never hidden: a place without one isn't on the map.
      or e.key in ('name', 'kind', 'category', 'position', 'precision', 'openness', 'fact_openness', 'licence')
      or not (exists (select from private.facts where facts.name = e.key) or e.key ~ '^(extra\.[a-z0-9_]{1,40}|offer:[0-9a-f-]{36})$')
  ) or (select count(*) from jsonb_object_keys(value)) > 60 then
    perform private.bad_value(fact, 'an object of fact → open, shared or private is expected');
  end if;
  return nullif(value, '{}');
end;
$$;

-- A value of one core fact, in the form it is stored; refuses what may not be stored. Null stays null ("unknown").
create function private.check_fact(fact text, value jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  spec private.facts;
  tidy text;
begin
  select * into spec from private.facts where facts.name = fact;
  if spec.name is null then
    perform private.refuse(400, 'unknown_fact', format('There is no fact named "%s".', left(fact, 60)), left(fact, 60));
  end if;
  if value is null or value = 'null'::jsonb or value = '""'::jsonb then
    return null;
  end if;
  if spec.type = 'point' then
    return private.check_point(fact, value);
  elsif private.is_list(spec.type) then
    return private.check_list(fact, spec, value);
  elsif spec.type = 'openness_map' then
    return private.check_openness_map(fact, value);
  end if;
  tidy := private.check_text(fact, value, coalesce(spec.max_length, 100), spec.type = 'text');
  if tidy is null then
    return null;
  end if;
  case spec.type
    when 'choice', 'openness' then
      if not tidy = any (spec.options) then
        perform private.bad_value(fact, 'one of ' || array_to_string(spec.options, ', ') || ' is expected');
      end if;
    when 'day' then
      tidy := private.as_day(tidy, fact)::text;
    when 'url' then
      if tidy !~* '^https?://[^\s/?#@"<>\\^`{|}]+\.[^\s/?#@"<>\\^`{|}]+([/?#][^\s"<>\\^`{|}]*)?$' then
        perform private.bad_value(fact, 'a web address that begins with https:// is expected');
      end if;
    when 'email' then
      if tidy !~ '^[A-Za-z0-9._%+''-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$' then
        perform private.bad_value(fact, 'an e-mail address is expected');
      end if;
    when 'phone' then
      if tidy !~ '^\+?[0-9][0-9 .()-]{1,28}$' or length(regexp_replace(tidy, '[^0-9]', '', 'g')) not between 2 and 15 then
        perform private.bad_value(fact, 'a phone number is expected');
      end if;
    when 'postcode' then
      if tidy !~ '^[0-9A-Z][0-9A-Z -]{2,9}$' then
        perform private.bad_value(fact, 'a postcode is expected');
      end if;
    when 'hours' then
      if not private.is_opening_hours(tidy) then
        perform private.bad_value(fact, 'these are not opening hours as OpenStreetMap writes them (Mo-Fr 09:00-12:00): ' || coalesce(private.opening_hours_error(tidy), ''));
      end if;
    when 'category' then
      if not exists (select from private.categories where slug = tidy) then
        perform private.bad_value(fact, 'there is no such category');
      end if;
    when 'organisation' then
      if not exists (select from private.organisations where slug = tidy) then
        perform private.bad_value(fact, 'there is no such organisation');
      end if;
    when 'place' then
      tidy := private.as_uuid(to_jsonb(tidy), fact)::text;
    else null;
  end case;
  return to_jsonb(tidy);
end;
$$;

-- One extra fact against its category's schema: type, enum, maxLength, minimum, maximum, items. (`required` is asked of new places.)
create function private.check_extra(key text, value jsonb, schema jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  fact text := 'extra.' || key;
  kind text := schema ->> 'type';
  tidy text;
begin
  if schema is null then
    perform private.refuse(400, 'unknown_fact', format('This category has no fact named "%s".', left(fact, 60)), left(fact, 60));
  end if;
  if value is null or value = 'null'::jsonb or value = '""'::jsonb then
    return null;
  end if;
  if kind = 'string' then
    tidy := private.check_text(fact, value, least(coalesce((schema ->> 'maxLength')::int, 500), 2000), false);
    if tidy is null then
      return null;
    end if;
    value := to_jsonb(tidy);
  elsif kind in ('number', 'integer') then
    if jsonb_typeof(value) <> 'number' or abs((value #>> '{}')::numeric) > 1e12 or scale((value #>> '{}')::numeric) > 6
      or kind = 'integer' and (value #>> '{}')::numeric % 1 <> 0 then
      perform private.bad_value(fact, case kind when 'integer' then 'a whole number is expected' else 'a number is expected' end);
    end if;
    if (value #>> '{}')::numeric < (schema ->> 'minimum')::numeric or (value #>> '{}')::numeric > (schema ->> 'maximum')::numeric then
      perform private.bad_value(fact, format('a number between %s and %s is expected', coalesce(schema ->> 'minimum', '-∞'), coalesce(schema ->> 'maximum', '∞')));
    end if;
  elsif kind = 'boolean' then
    if jsonb_typeof(value) <> 'boolean' then
      perform private.bad_value(fact, 'true or false is expected');
    end if;
  elsif kind = 'array' then
    if jsonb_typeof(value) <> 'array' or jsonb_array_length(value) > 50 or exists (
      select from jsonb_array_elements(value) as e
      where jsonb_typeof(e) <> 'string' or length(e #>> '{}') > coalesce((schema -> 'items' ->> 'maxLength')::int, 100)
        or (schema -> 'items' ? 'enum' and not (schema -> 'items' -> 'enum') @> e)
    ) then
      perform private.bad_value(fact, 'a list of known texts is expected');
    end if;
    select jsonb_agg(e order by e #>> '{}') into value from (select distinct e from jsonb_array_elements(value) as e) as t;
  end if;
  if schema ? 'enum' and not (schema -> 'enum') @> value then
    perform private.bad_value(fact, 'one of ' || (schema ->> 'enum') || ' is expected');
  end if;
  return value;
end;
$$;
