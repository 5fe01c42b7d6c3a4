-- Places. `facts` and `extra` are the truth (fact name → value, unknown facts absent); the columns beside them are derived by a trigger, for keys,
-- indexes and fast masking. What anonymous may read is worked out once per write, not once per read: the snapshot reads every row.
create table private.places (
  id uuid primary key default gen_random_uuid(),
  status text not null default 'active' check (status in ('active', 'ended', 'merged')),
  ended_reason text check (ended_reason in ('closed', 'moved', 'duplicate', 'never_existed', 'undone', 'other')),
  merged_into uuid references private.places on delete restrict,
  version int not null default 0,
  facts jsonb not null check (jsonb_typeof(facts) = 'object'),
  extra jsonb not null default '{}' check (jsonb_typeof(extra) = 'object'),
  -- The current assurance of each fact: {on, method, by_role, by_organisation}.
  assurances jsonb not null default '{}',
  withheld boolean not null default false,
  withheld_facts text[] not null default '{}',
  source_slug text,
  created_at timestamptz not null default private.clock(),
  updated_at timestamptz not null default private.clock(),
  hash bytea,
  -- Derived from here on.
  slug text not null,
  kind text not null,
  category_slug text not null references private.categories on delete restrict,
  theme_slug text not null references private.themes on delete restrict,
  area_slug text references private.areas on delete restrict,
  steward_slug text references private.organisations on delete restrict,
  part_of uuid references private.places on delete restrict,
  openness text not null check (openness in ('open', 'shared', 'private')),
  position extensions.geometry(Point, 4326) not null,
  public_position extensions.geometry(Point, 4326) not null,
  closed_facts text[] not null default '{}',
  private_facts text[] not null default '{}',
  public_offers jsonb not null default '[]',
  public_photos jsonb not null default '[]',
  public_history jsonb not null default '[]',
  constraint places_ended_say_why check ((status = 'ended') = (ended_reason is not null)),
  constraint places_merged_say_into check ((status = 'merged') = (merged_into is not null))
);
create index places_by_position on private.places using gist (position);
create index places_by_area on private.places (area_slug);
create index places_by_steward on private.places (steward_slug) where steward_slug is not null;
create index places_by_category on private.places (category_slug);
create index places_by_part_of on private.places (part_of) where part_of is not null;
create index places_merged_into on private.places (merged_into) where merged_into is not null;
alter table private.places enable row level security;
comment on column private.places.closed_facts is 'Facts that anonymous may not read: by openness, by precision, or withheld.';
comment on column private.places.private_facts is 'Facts that even partners may not read.';

-- What is done at a place. A place with one offer shows as one thing.
create table private.offers (
  id uuid primary key,
  place_id uuid not null references private.places on delete restrict,
  facts jsonb not null check (jsonb_typeof(facts) = 'object'),
  ended boolean not null default false,
  created_at timestamptz not null default private.clock()
);
create index offers_by_place on private.offers (place_id);
alter table private.offers enable row level security;

-- How open one fact is, before withholding: the place's own exception, else its category's, else the fact's.
create function private.fact_openness_of(fact text, exceptions jsonb, of_category jsonb)
returns text
language sql
stable
set search_path = ''
as $$
  select coalesce(exceptions ->> fact, of_category ->> fact, (select default_openness from private.facts where name = fact), 'open');
$$;

create function private.hidden_facts(facts jsonb, of_category jsonb, withheld text[], tolerated text)
returns text[]
language sql
stable
set search_path = ''
as $$
  select coalesce(array_agg(distinct name order by name), '{}')
  from (
    select candidate.name
    from (
      select f.name from private.facts as f where f.default_openness <> 'open'
      union select jsonb_object_keys(coalesce(of_category, '{}'))
      union select jsonb_object_keys(coalesce($1 -> 'fact_openness', '{}'))
    ) as candidate
    where private.fact_openness_of(candidate.name, $1 -> 'fact_openness', of_category)
      <> all (case tolerated when 'open' then array['open'] else array['open', 'shared'] end)
    union all
    select unnest(withheld)
    union all
    -- An address would give away what the precision hides.
    select 'address' where coalesce($1 ->> 'precision', 'exact') <> 'exact'
  ) as hidden;
$$;

-- The position that everybody may see. A street is about a hundred metres; an area is its label point, or a kilometre outside any.
create function private.blur(point extensions.geometry, precise text, area text)
returns extensions.geometry
language sql
stable
set search_path = ''
as $$
  select case coalesce(precise, 'exact')
    when 'exact' then point
    when 'street' then extensions.st_snaptogrid(point, 0.001)
    else coalesce(
      (select extensions.st_snaptogrid(extensions.st_pointonsurface(a.geometry), 0.00001) from private.areas as a where a.slug = area),
      extensions.st_snaptogrid(point, 0.01))
  end;
$$;

-- What a place hides besides its facts' openness: extra facts that its category doesn't know (any more), since nobody says how open these are,
-- and the assurances of offers that are hidden whole.
create function private.hidden_besides(extra jsonb, known jsonb, assurances jsonb, hidden text[])
returns text[]
language sql
immutable
set search_path = ''
as $$
  select coalesce(array_agg(path), '{}') from (
    select 'extra.' || k as path from jsonb_object_keys(extra) as k where not coalesce(known, '{}') ? k
    union all
    select k from jsonb_object_keys(assurances) as k where length(k) > 42 and left(k, 42) = any (hidden)
  ) as besides;
$$;

create function private.derive_place()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  category private.categories;
begin
  select * into category from private.categories where slug = new.facts ->> 'category';
  new.slug := private.to_slug(new.facts ->> 'name');
  new.kind := new.facts ->> 'kind';
  new.category_slug := category.slug;
  new.theme_slug := category.theme_slug;
  new.steward_slug := new.facts ->> 'steward';
  new.part_of := (new.facts ->> 'part_of')::uuid;
  new.openness := coalesce(new.facts ->> 'openness', 'open');
  new.position := private.point_of(new.facts -> 'position');
  if tg_op = 'INSERT' or old.facts -> 'position' is distinct from new.facts -> 'position' or new.area_slug is null then
    new.area_slug := private.area_at(new.position);
  end if;
  new.public_position := private.blur(new.position, new.facts ->> 'precision', new.area_slug);
  new.closed_facts := private.hidden_facts(new.facts, category.fact_openness, new.withheld_facts, 'open');
  new.private_facts := private.hidden_facts(new.facts, category.fact_openness, new.withheld_facts, 'shared');
  new.closed_facts := new.closed_facts || private.hidden_besides(new.extra, category.extra_facts, new.assurances, new.closed_facts);
  new.private_facts := new.private_facts || private.hidden_besides(new.extra, category.extra_facts, new.assurances, new.private_facts);
  return new;
end;
$$;
create trigger derive_place before insert or update of facts, withheld_facts, area_slug on private.places
  for each row execute function private.derive_place();
-- Assurances of hidden offers are hidden too; only a place with exceptions can have these.
create trigger derive_place_assured before update of assurances on private.places
  for each row when (new.facts ? 'fact_openness' or new.withheld_facts <> '{}') execute function private.derive_place();

-- Whether anonymous sees it at all.
create function private.is_public(place private.places)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select place.status = 'active' and place.openness = 'open' and not place.withheld;
$$;

create function private.position_json(point extensions.geometry)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select jsonb_build_object(
    'lon', trim_scale(round(extensions.st_x(point)::numeric, 7)), 'lat', trim_scale(round(extensions.st_y(point)::numeric, 7)));
$$;

-- Refuses a position beyond the ring, naming where the territory is.
create function private.require_in_territory(point jsonb)
returns void
language plpgsql
stable
set search_path = ''
as $$
declare
  nearest record;
begin
  select * into nearest from private.nearest_area(private.point_of(point));
  if nearest.metres > coalesce((private.setting('ring') ->> 'metres')::numeric, 5000) then
    perform private.refuse(422, 'outside_territory',
      format('This position lies %s km from %s, the nearest area.', round((nearest.metres / 1000)::numeric, 1), nearest.name), 'position');
  end if;
end;
$$;

-- The value of a fact path now: `phone`, `extra.capacity`, `offer:<uuid>`, `offer:<uuid>.opening_hours`. Null when unknown.
create function private.current_value(place private.places, fact text)
returns jsonb
language plpgsql
stable
security definer -- called inside views, where functions run under the reader's rights
set search_path = ''
as $$
declare
  offer jsonb;
begin
  if fact like 'extra.%' then
    return place.extra -> substr(fact, 7);
  elsif fact like 'offer:%' then
    select facts into offer from private.offers
    where id = substr(fact, 7, 36)::uuid and place_id = place.id and not ended;
    return case when length(fact) = 42 then offer else offer -> substr(fact, 44) end;
  end if;
  return place.facts -> fact;
end;
$$;

-- A whole offer: known facts only, a name at least.
create function private.check_offer(fact text, value jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  key text;
  item jsonb;
  result jsonb := '{}';
begin
  if value is null or value = 'null'::jsonb then
    return null;
  end if;
  if jsonb_typeof(value) <> 'object' then
    perform private.bad_value(fact, 'an offer is an object of facts');
  end if;
  for key, item in select * from jsonb_each(value) loop
    if key in ('id', 'assurances') then
      continue; -- what the public reads beside an offer's facts, sent back with them
    end if;
    if not exists (select from private.facts where name = key and on_offer) then
      perform private.refuse(400, 'unknown_fact', format('An offer has no fact named "%s".', left(key, 60)), fact);
    end if;
    item := private.check_fact(key, item);
    if item is not null then
      result := result || jsonb_build_object(key, item);
    end if;
  end loop;
  if result -> 'name' is null then
    perform private.bad_value(fact, 'an offer needs a name');
  end if;
  return result;
end;
$$;

-- A fact of an offer needs its offer: without it a version would tell of a change that never was.
create function private.require_offer(place private.places, fact text)
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if fact like 'offer:%' and length(fact) > 42 and private.current_value(place, left(fact, 42)) is null then
    perform private.refuse(409, 'unknown_offer', 'There is no such offer at this place.', fact);
  end if;
end;
$$;

-- A value on its way to any fact path of a place of this category, in stored form.
create function private.check_value(fact text, value jsonb, category text)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  if fact like 'extra.%' then
    return private.check_extra(substr(fact, 7), value, (select extra_facts -> substr(fact, 7) from private.categories where slug = category));
  elsif fact like 'offer:%' then
    if fact !~ '^offer:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(\.[a-z_]{1,40})?$' then
      perform private.refuse(400, 'unknown_fact', 'An offer is named offer:<uuid>.', left(fact, 60));
    end if;
    if length(fact) = 42 then
      return private.check_offer(fact, value);
    elsif not exists (select from private.facts where name = substr(fact, 44) and on_offer) then
      perform private.refuse(400, 'unknown_fact', format('An offer has no fact named "%s".', substr(fact, 44)), fact);
    elsif substr(fact, 44) = 'name' and private.check_fact('name', value) is null then
      perform private.bad_value(fact, 'an offer needs a name');
    end if;
    return private.check_fact(substr(fact, 44), value);
  end if;
  return private.check_fact(fact, value);
end;
$$;

-- Writes a value into a row in memory (or into its offer).
create function private.put_value(inout place private.places, fact text, value jsonb)
language plpgsql
volatile
set search_path = ''
as $$
declare
  offer_id uuid;
begin
  if fact like 'extra.%' then
    place.extra := case when value is null then place.extra - substr(fact, 7)
      else place.extra || jsonb_build_object(substr(fact, 7), value) end;
  elsif fact like 'offer:%' then
    offer_id := substr(fact, 7, 36)::uuid;
    if length(fact) > 42 then
      update private.offers set facts = case when value is null then facts - substr(fact, 44) else facts || jsonb_build_object(substr(fact, 44), value) end
      where id = offer_id and place_id = place.id and not ended;
    elsif value is null then
      update private.offers set ended = true where id = offer_id and place_id = place.id;
    else
      insert into private.offers (id, place_id, facts) values (offer_id, place.id, value)
      on conflict (id) do update set facts = excluded.facts, ended = false where offers.place_id = place.id;
      if not found then
        perform private.refuse(409, 'offer_exists', 'This offer belongs to another place.', fact);
      end if;
    end if;
  else
    place.facts := case when value is null then place.facts - fact else place.facts || jsonb_build_object(fact, value) end;
  end if;
end;
$$;

-- Offers as a reader sees them, hidden ones left out.
create function private.offers_of(place uuid, hidden text[], assurances jsonb)
returns jsonb
language sql
stable
security definer -- called inside views, where functions run under the reader's rights
set search_path = ''
as $$
  select coalesce(jsonb_agg(
    jsonb_build_object('id', o.id) || o.facts || jsonb_build_object('assurances', coalesce((
      select jsonb_object_agg(substr(a.key, 44), a.value) from jsonb_each(assurances) as a
      where a.key like 'offer:' || o.id || '.%' and a.key <> all (hidden)), '{}'))
    order by o.created_at, o.id), '[]')
  from private.offers as o
  where o.place_id = place and not o.ended and 'offer:' || o.id <> all (hidden);
$$;
