-- Who read, of a place, what the public doesn't: law 2 asks for it. One row per reader, place and day. The steward learns under which hat and for
-- which organisation, coordinators learn numbers; neither learns a name from here. Kept for twelve months.
create table private.readings (
  id bigint generated always as identity primary key,
  contributor_id uuid references private.contributors on delete set null,
  place_id uuid not null references private.places on delete restrict,
  day date not null,
  by_role text not null check (by_role in ('partner', 'agent', 'moderator', 'coordinator')),
  by_organisation text,
  -- Names of facts, `place` for one that is not public as a whole; never values.
  facts text[] not null check (cardinality(facts) between 1 and 400),
  times int not null default 1,
  first_at timestamptz not null default private.clock(),
  last_at timestamptz not null default private.clock(),
  constraint readings_once_a_day unique (contributor_id, place_id, day)
);
create index readings_by_place on private.readings (place_id, day desc);
-- Purged after twelve months.
create index readings_by_day on private.readings (day);
alter table private.readings enable row level security;

-- What somebody sees of a place that everybody else does not. A fact without a value tells nothing.
create function private.facts_beyond(who uuid, place private.places)
returns text[]
language plpgsql
stable
set search_path = ''
as $$
declare
  sight private.sight := private.sight_of(who, place);
  beyond text[];
begin
  if sight.rank is null then
    return '{}';
  end if;
  select coalesce(array_agg(distinct f order by f), '{}') into beyond from unnest(place.closed_facts) as f
  where private.sees(sight, f) and nullif(private.current_value(place, f), '[]') is not null;
  if sight.true_position and coalesce(place.facts ->> 'precision', 'exact') <> 'exact' then
    beyond := beyond || 'position'::text;
  end if;
  return case when private.is_public(place) then '{}' else array['place'] end || beyond;
end;
$$;

-- The steward's own members read what is theirs: that leaves no trace.
create function private.log_reading(who uuid, place private.places, seen text[])
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  if who is null or cardinality(seen) = 0
    or exists (select from private.memberships where contributor_id = who and organisation_slug = place.steward_slug)
    or not exists (select from private.contributors where id = who and kind = 'account') then
    return;
  end if;
  insert into private.readings as r (contributor_id, place_id, day, by_role, by_organisation, facts)
  values (who, place.id, private.today(),
    coalesce(nullif(private.hat_for(who, 'verify', place.area_slug, place.theme_slug, null), 'resident'), 'partner'),
    (select m.organisation_slug from private.memberships as m where m.contributor_id = who order by 1 limit 1), seen[1:400])
  on conflict (contributor_id, place_id, day) do update set times = r.times + 1, last_at = excluded.last_at,
    facts = (select (array_agg(distinct f order by f))[1:400] from unnest(r.facts || excluded.facts) as f);
end;
$$;

-- The answer to a proposal says what the facts are now, against what its author had believed: who asks that way reads as well. What she changed
-- herself she knows.
create function private.log_answer(who uuid, target uuid, answer jsonb)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  place private.places;
begin
  select * into place from private.places where id = target;
  if cardinality(place.closed_facts) > 0 or not private.is_public(place) then
    perform private.log_reading(who, place, (
      select coalesce(array_agg(distinct o ->> 'fact' order by o ->> 'fact'), '{}') from jsonb_array_elements(answer -> 'operations') as o
      where o -> 'current' <> 'null' and o ->> 'outcome' in ('conflict', 'confirmed', 'refused')
        and (not private.is_public(place) or o ->> 'fact' = any (private.facts_beyond(who, place)))));
  end if;
end;
$$;

-- The place as a partner may have it, and the names of what of it is not public. Reading and leaving the trace are one act: there is no other door.
create function public.read_shared(place_id uuid)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  p private.places;
  seen_rank int;
  beyond text[];
begin
  select * into p from private.places where id = read_shared.place_id;
  seen_rank := case when p.id is not null then private.rank_on(who, p) end;
  if seen_rank is null or p.status <> 'active' then
    perform private.refuse(404, 'unknown_place', 'There is no such place.', 'place_id');
  elsif seen_rank = 0 then
    perform private.refuse(403, 'partners_only', 'Only members of organisations, agents, moderators and coordinators may read this.');
  end if;
  beyond := private.facts_beyond(who, p);
  perform private.log_reading(who, p, beyond);
  return jsonb_build_object('place', private.place_seen_by(who, p, seen_rank), 'beyond', beyond,
    'logged', not exists (select from private.memberships where contributor_id = who and organisation_slug = p.steward_slug));
end;
$$;

-- Places that are shared as a whole: no public page leads to them. Fifty after an id; each one listed is one read.
create function public.list_shared(after uuid default null)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  place private.places;
  listed jsonb := '[]';
begin
  if not exists (select from private.memberships where contributor_id = who union all select from private.grants where contributor_id = who) then
    perform private.refuse(403, 'partners_only', 'Only members of organisations, agents, moderators and coordinators may read this.');
  end if;
  for place in
    select * from private.places where openness = 'shared' and status = 'active' and not withheld and (after is null or id > after) order by id limit 50
  loop
    perform private.log_reading(who, place, '{place}');
    listed := listed || jsonb_build_object('id', place.id, 'name', place.facts ->> 'name', 'category', place.category_slug, 'area', place.area_slug,
      'steward', place.steward_slug);
  end loop;
  return listed;
end;
$$;

-- What is kept no longer than it is needed: addresses of invitations that have ended, readings after twelve months. A job calls it each day.
create function public.purge_people()
returns jsonb
language plpgsql
volatile
security definer -- only the service key may call it
set search_path = ''
as $$
declare
  addresses int;
  old int;
begin
  delete from private.contributors as c using private.invitations as i
  where c.id = i.invitee_id and c.kind = 'visitor' and not private.invitation_waits(i);
  get diagnostics addresses = row_count;
  delete from private.readings where day < private.today() - interval '12 months';
  get diagnostics old = row_count;
  delete from private.invitation_links as l using private.invitations as i
  where i.id = l.invitation_id and i.accepted_at is null and not private.invitation_waits(i) and i.expires_at < private.clock() - interval '30 days';
  return jsonb_build_object('addresses', addresses, 'readings', old);
end;
$$;

grant execute on function public.read_shared(uuid), public.list_shared(uuid) to authenticated;
grant execute on function public.purge_people() to service_role;
