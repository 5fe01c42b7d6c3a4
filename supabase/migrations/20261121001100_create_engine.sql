-- The engine behind the door: how operations become a version, an assurance and an entry of the change feed, in one transaction.
-- Everything here runs inside the security-definer functions of the API and is executable by nobody else.

-- Who acts, under which hat, on which proposal. Passed along rather than asked again at each step.
create type private.act as (
  author_id uuid,
  role text,
  organisation text,
  source text,
  proposal_id uuid,
  decision_id uuid,
  note text,
  method text,
  seen_on date,
  reason text,
  into_place uuid
);

-- Facts that anonymous may read of a list of fact paths: what a change entry may name.
create function private.open_facts(place private.places, facts text[])
returns text[]
language sql
stable
set search_path = ''
as $$
  select coalesce(array_agg(f order by f), '{}') from unnest(facts) as f
  where f <> all (place.closed_facts) and left(f, 42) <> all (place.closed_facts);
$$;

-- One entry of the feed for a change of a place, seen from outside: entering the open is `created`, leaving it is `withdrawn`, and what was and
-- stays closed says nothing.
create function private.announce_place(place private.places, was_public boolean, kind text, facts text[], reason text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  is_public boolean := private.is_public(place);
begin
  if is_public and not was_public then
    kind := case when kind in ('created', 'reopened') then kind else 'created' end;
  elsif was_public and not is_public then
    kind := case when kind in ('ended', 'merged') then kind else 'withdrawn' end;
    facts := '{}';
  elsif not is_public then
    return;
  end if;
  perform private.announce('place', place.id::text, place.version, kind,
    case when kind in ('created', 'reopened') then '{}' else private.open_facts(place, facts) end,
    case when kind in ('ended', 'merged') then reason end, place.merged_into::text);
end;
$$;

-- Rebuilds the current assurance of some facts from the log: the latest day that still counts.
create function private.rebuild_assurances(target uuid, paths text[])
returns void
language sql
volatile
set search_path = ''
as $$
  update private.places as p
  set assurances = (p.assurances - paths) || coalesce((
    select jsonb_object_agg(latest.fact, jsonb_build_object('on', latest.on_day, 'method', latest.method,
      'by_role', latest.by_role, 'by_organisation', latest.by_organisation))
    from (
      select distinct on (a.fact) a.* from private.assurances as a
      where a.place_id = p.id and a.fact = any (paths) and not a.void
      order by a.fact, a.on_day desc, a.id desc
    ) as latest
    where private.current_value(p, latest.fact) is not null
  ), '{}')
  where p.id = target;
$$;

-- Vouches for facts. A changed value takes this assurance whatever its day (older ones spoke of another value); a confirmation only when it is
-- not older than the one there is. Facts that are unknown, or that nobody can vouch for, get none.
create function private.assure(target uuid, facts text[], act private.act, changed boolean)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  vouched text[];
  day date := least(coalesce(act.seen_on, private.today()), private.today());
begin
  if changed then
    update private.assurances set void = true
    where place_id = target and fact = any (facts) and not void;
  end if;
  -- A source without a date of its own repeats a value; it doesn't vouch for it. Nor does a visitor, whom nobody knows.
  if act.role is distinct from 'visitor' and (act.source is null or act.seen_on is not null) then
    select array_agg(f) into vouched from unnest(facts) as f
    where coalesce((select spec.vouched from private.facts as spec where spec.name = f), true);
    insert into private.assurances (place_id, fact, on_day, method, by_role, by_organisation, proposal_id)
    select target, f, day, act.method, case when act.source is null then act.role else 'source' end, act.organisation, act.proposal_id
    from unnest(vouched) as f;
  end if;
  perform private.rebuild_assurances(target, facts);
end;
$$;

-- The method a hat may claim: the one it names if allowed, else what it can always say.
create function private.method_for(hat text, method text)
returns text
language sql
stable
set search_path = ''
as $$
  select case
    when exists (select from private.role_methods as m where m.role = hat and m.method = $2) then $2
    when hat in ('steward', 'source') then hat
    else 'resident'
  end;
$$;

-- Fact paths whose assurance an operation renews: a whole offer stands for each of its facts.
create function private.assured_paths(fact text, value jsonb)
returns text[]
language sql
immutable
set search_path = ''
as $$
  select case when fact like 'offer:%' and length(fact) = 42
    then coalesce((select array_agg(fact || '.' || k) from jsonb_object_keys(value) as k), '{}')
    else array[fact] end;
$$;

-- Appends one version to a place's chain and returns its hash. `operations` is [{fact, old, new}] as they happened.
create function private.append_version(place private.places, version_kind text, operations jsonb, act private.act)
returns bytea
language plpgsql
volatile
set search_path = ''
as $$
declare
  v private.place_versions;
begin
  insert into private.version_operations (place_id, version, ordinal, fact, old, new, salt, commitment)
  select place.id, place.version, o.ordinal, o.fact, o.old, o.new, o.salt, private.commitment(o.salt, private.operation_content(o.old, o.new))
  from (
    select e.ordinality as ordinal, e.value ->> 'fact' as fact, nullif(e.value -> 'old', 'null') as old, nullif(e.value -> 'new', 'null') as new,
      private.new_salt() as salt
    from jsonb_array_elements(operations) with ordinality as e
  ) as o;
  v.place_id := place.id;
  v.version := place.version;
  v.kind := version_kind;
  v.decided_at := private.clock();
  v.proposal_id := act.proposal_id;
  v.decision_id := act.decision_id;
  v.by_role := act.role;
  v.by_organisation := act.organisation;
  v.source_slug := act.source;
  v.reason := act.reason;
  v.into_place_id := act.into_place;
  v.author_id := act.author_id;
  v.author_salt := private.new_salt();
  v.author_commitment := private.commitment(v.author_salt, v.author_id::text);
  v.note := act.note;
  v.note_salt := private.new_salt();
  v.note_commitment := private.commitment(v.note_salt, v.note);
  v.previous_hash := place.hash;
  v.hash := private.version_hash(v);
  insert into private.place_versions select v.*;
  return v.hash;
end;
$$;

-- What only the former category's default kept closed stays closed, by an exception of the place's own: whoever corrects a category does not mean to
-- publish a telephone number. Null when there is nothing to keep.
create function private.kept_closed(facts jsonb, former text, present text)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_object_agg(kept.name, kept.was)
  from (
    select f.name, private.fact_openness_of(f.name, '{}', a.fact_openness) as was, private.fact_openness_of(f.name, '{}', b.fact_openness) as becomes
    from private.facts as f, private.categories as a, private.categories as b
    where a.slug = former and b.slug = present and $1 -> f.name is not null and not coalesce($1 -> 'fact_openness', '{}') ? f.name
  ) as kept
  where array_position('{open,shared,private}', kept.was) > array_position('{open,shared,private}', kept.becomes);
$$;

-- Changes a place that the caller has locked: values, version, assurances, public projection, feed. Returns its new version.
create function private.apply_version(target uuid, version_kind text, operations jsonb, act private.act, vouch boolean default true)
returns int
language plpgsql
volatile
set search_path = ''
as $$
declare
  place private.places;
  was_public boolean;
  op record;
  changed text[] := '{}';
  kept jsonb;
begin
  select * into place from private.places where id = target;
  was_public := private.is_public(place) and place.version > 0;
  if version_kind <> 'created' then
    for op in select e ->> 'fact' as fact, nullif(e -> 'new', 'null') as new from jsonb_array_elements(operations) as e loop
      place := private.put_value(place, op.fact, op.new);
    end loop;
    kept := private.kept_closed(place.facts, place.category_slug, place.facts ->> 'category');
    if kept is not null and not jsonb_path_exists(operations, '$[*] ? (@.fact == "fact_openness")') then
      kept := coalesce(place.facts -> 'fact_openness', '{}') || kept;
      operations := operations || jsonb_build_object('fact', 'fact_openness', 'old', place.facts -> 'fact_openness', 'new', kept);
      place := private.put_value(place, 'fact_openness', kept);
    end if;
  end if;
  case version_kind
    when 'ended' then place.status := 'ended'; place.ended_reason := act.reason;
    when 'merged' then place.status := 'merged'; place.merged_into := act.into_place;
    when 'reopened' then place.status := 'active'; place.ended_reason := null; place.merged_into := null;
    else null;
  end case;
  update private.places
  set facts = place.facts, extra = place.extra, status = place.status, ended_reason = place.ended_reason, merged_into = place.merged_into,
      version = version + 1, updated_at = private.clock()
  where id = target
  returning * into place;
  update private.places set hash = private.append_version(place, version_kind, operations, act) where id = target;
  select coalesce(array_agg(distinct path), '{}') into changed
  from jsonb_array_elements(operations) as e,
    unnest(private.assured_paths(e ->> 'fact', coalesce(nullif(e -> 'new', 'null'), nullif(e -> 'old', 'null')))) as path;
  if vouch and cardinality(changed) > 0 then
    perform private.assure(target, changed, act, true);
  end if;
  perform private.refresh_public(target);
  select * into place from private.places where id = target;
  perform private.announce_place(place, was_public, version_kind,
    (select coalesce(array_agg(e ->> 'fact'), '{}') from jsonb_array_elements(operations) as e), act.reason);
  return place.version;
end;
$$;

-- Vouches without changing: no version, a `verified` entry naming what is open of it.
create function private.confirm_values(target uuid, facts text[], act private.act)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  place private.places;
  before jsonb;
begin
  select * into place from private.places where id = target;
  before := place.assurances;
  perform private.assure(target, facts, act, false);
  perform private.refresh_public(target);
  select * into place from private.places where id = target;
  facts := private.open_facts(place, facts);
  if private.is_public(place) and cardinality(facts) > 0 and place.assurances is distinct from before then
    perform private.announce('place', place.id::text, place.version, 'verified', facts);
  end if;
end;
$$;

-- A new place from a document of facts {fact: value}, already checked. Returns its version (1).
create function private.create_place(new_id uuid, facts jsonb, act private.act)
returns int
language plpgsql
volatile
set search_path = ''
as $$
declare
  place private.places;
  key text;
  value jsonb;
begin
  place.id := new_id;
  place.facts := '{}';
  place.extra := '{}';
  for key, value in select * from jsonb_each(facts) where jsonb_each.key not like 'offer:%' loop
    place := private.put_value(place, key, value);
  end loop;
  insert into private.places (id, facts, extra, source_slug, version, slug, kind, category_slug, theme_slug, openness, position, public_position)
  select new_id, place.facts, place.extra, act.source, 0, '', '', '', '', 'open', private.point_of(facts -> 'position'), private.point_of(facts -> 'position');
  for key, value in select * from jsonb_each(facts) where jsonb_each.key like 'offer:%' loop
    place := private.put_value(place, key, value);
  end loop;
  return private.apply_version(new_id, 'created', (
    select jsonb_agg(jsonb_build_object('fact', e.key, 'old', null, 'new', e.value) order by e.key) from jsonb_each(facts) as e), act);
end;
$$;

-- What somebody sees of a place: 2 all of it, 1 what partners share, 0 what everyone reads; null when not even that.
create function private.rank_on(who uuid, place private.places)
returns int
language plpgsql
stable
security definer -- called inside views, where functions run under the reader's rights
set search_path = ''
as $$
declare
  rank int := 0;
begin
  if private.hat_for(who, 'decide', place.area_slug, place.theme_slug, null) = 'coordinator'
    or exists (select from private.memberships where contributor_id = who and organisation_slug = place.steward_slug) then
    return 2;
  end if;
  if exists (select from private.memberships where contributor_id = who union all select from private.grants where contributor_id = who) then
    rank := 1;
  end if;
  if place.withheld or place.openness = 'private' or place.openness = 'shared' and rank = 0 then
    return null;
  end if;
  return rank;
end;
$$;

-- Whether the true position is hers to see: those who keep the place right, not only those who may read private facts.
create function private.sees_position(who uuid, place private.places)
returns boolean
language sql
stable
set search_path = ''
as $$
  select coalesce(place.facts ->> 'precision', 'exact') = 'exact'
    or private.rank_on(who, place) = 2
    or private.hat_for(who, 'publish', place.area_slug, place.theme_slug, place.steward_slug) is not null;
$$;

-- Who sees the true position sees the address behind it, unless it is closed for a reason of its own: withheld, or less open than she may read.
create function private.address_is_hers(place private.places, rank int)
returns boolean
language sql
stable
set search_path = ''
as $$
  select not 'address' = any (place.withheld_facts)
    and case private.fact_openness_of('address', place.facts -> 'fact_openness', c.fact_openness) when 'open' then 0 when 'shared' then 1 else 2 end <= rank
  from private.categories as c where c.slug = place.category_slug;
$$;

-- What somebody doesn't see of a place, asked once for all its facts. `rank` is null when she sees nothing of it.
create type private.sight as (
  rank int,
  hidden text[],
  true_position boolean
);

create function private.sight_of(who uuid, place private.places)
returns private.sight
language plpgsql
stable
set search_path = ''
as $$
declare
  sight private.sight;
begin
  sight.rank := private.rank_on(who, place);
  sight.true_position := private.sees_position(who, place);
  sight.hidden := case sight.rank when 2 then '{}'::text[] when 1 then place.private_facts else place.closed_facts end;
  if sight.true_position and private.address_is_hers(place, sight.rank) then
    sight.hidden := array_remove(sight.hidden, 'address');
  end if;
  return sight;
end;
$$;

create function private.sees(sight private.sight, fact text)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select sight.rank is not null and fact <> all (sight.hidden) and left(fact, 42) <> all (sight.hidden);
$$;

-- A fact as she sees it; null when she may not.
create function private.seen_value(sight private.sight, place private.places, fact text)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select case when not private.sees(sight, fact) then null
    when fact = 'position' and not sight.true_position then private.position_json(place.public_position)
    else private.current_value(place, fact) end;
$$;

-- Two values of a fact are the same: positions within 1e-7 degrees, all else in stored form.
create function private.same_value(a jsonb, b jsonb)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select case
    when a is null or b is null then a is null and b is null
    when jsonb_typeof(a) = 'object' and jsonb_typeof(b) = 'object' and a ? 'lon' and b ? 'lon' then
      abs((a ->> 'lon')::numeric - (b ->> 'lon')::numeric) <= 0.0000001 and abs((a ->> 'lat')::numeric - (b ->> 'lat')::numeric) <= 0.0000001
    else a = b
  end;
$$;
