-- What is read. Views that hold only what their reader may have, so that select=* always works; they run as their owner on purpose (the tables
-- behind are closed to everyone), hence security_barrier: nobody's condition sees a row that the view would not have given.

create view public.themes with (security_barrier) as
  select slug, label, colour, pictogram, sort from private.themes;

create view public.categories with (security_barrier) as
  select slug, theme_slug as theme, label, pictogram, default_kind, extra_facts, half_lives, key_facts, fact_openness, osm_tag, schema_type, synonyms, sort
  from private.categories;

create view public.areas with (security_barrier) as
  select slug, name, level, parent_slug as parent, code,
    extensions.st_asgeojson(geometry, 7)::jsonb as geometry,
    jsonb_build_array(extensions.st_xmin(geometry), extensions.st_ymin(geometry), extensions.st_xmax(geometry), extensions.st_ymax(geometry)) as bbox,
    private.position_json(extensions.st_pointonsurface(geometry)) as point
  from private.areas;

create view public.organisations with (security_barrier) as
  select slug, name, kind, summary, website, siret, rna, amalia from private.organisations;

create view public.datasets with (security_barrier) as
  select slug, title, description, licence, sort from private.datasets;

-- The last migration applied here, so that an application can refuse an older schema. Read from Supabase's own history when it is there.
create function private.schema_version()
returns text
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  latest text;
begin
  if to_regclass('supabase_migrations.schema_migrations') is null then
    return null;
  end if;
  execute 'select max(version) from supabase_migrations.schema_migrations' into latest;
  return latest;
end;
$$;

create view public.settings with (security_barrier) as
  select key, value from private.settings where public
  union all
  select 'schema', jsonb_build_object('version', private.schema_version());

create view public.changes with (security_barrier) as
  select seq, private.iso(at) as at, subject, id, version, kind, facts, reason, into_id from private.changes;

-- Who reads, in four questions; the view asks each once per query, as sub-selects without a row of their own (a join with them would cost the
-- loader its walk along the index).
create function private.reads_as_steward_of()
returns text[]
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(array_agg(m.organisation_slug), '{}') from private.memberships as m where m.contributor_id = private.contributor_id();
$$;

-- 'all' for a coordinator of the whole territory, 'some' for one whose scope has to be asked place by place.
create function private.reads_as_coordinator_of()
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select case when bool_or(g.areas is null and g.themes is null) then 'all' else 'some' end
  from private.grants as g where g.contributor_id = private.contributor_id() and g.role = 'coordinator' having count(*) > 0;
$$;

-- Partners read here what everyone does: what is shared with them is theirs by read_shared and place_for_edit, which leave a trace; a view cannot.
-- The columns of a place are written once, for two views. private.place_rows has each place three times: as anonymous (0), a partner (1) and its own
-- people (2) may have it; place_for_edit picks one. public.places computes its reader's own. Anonymous pays for nothing but the row: what lives in
-- other tables was worked out when it was written.
-- `offset 0` is a fence that the planner doesn't cross. It keeps a reader's conditions behind the question whether she may see the row (as
-- security_barrier would, but that would also hide the order of ids, and the loader would sort the whole map for each page), and it keeps the mask
-- from being worked out again for each of forty columns.
do $do$
declare
  columns constant text := $columns$
    p.slug, p.kind, p.theme_slug as theme, p.category_slug as category, p.area_slug as area, m.facts ->> 'steward' as steward,
    p.source_slug as source, m.facts ->> 'name' as name, m.facts ->> 'summary' as summary, m.facts ->> 'description' as description,
    extensions.st_x(m.point) as lon, extensions.st_y(m.point) as lat, private.position_json(m.point) as "position", m.facts ->> 'precision' as "precision",
    m.facts ->> 'address' as address, m.facts ->> 'postcode' as postcode, m.facts ->> 'city' as city, m.facts ->> 'opening_hours' as opening_hours,
    coalesce(m.facts -> 'closures', '[]') as closures, m.facts ->> 'booking' as booking, m.facts ->> 'phone' as phone, m.facts ->> 'email' as email,
    m.facts ->> 'website' as website, m.facts ->> 'wheelchair' as wheelchair, coalesce(m.facts -> 'audience', '[]') as audience, m.facts ->> 'cost' as cost,
    coalesce(m.facts -> 'languages', '[]') as languages, m.facts ->> 'starts_on' as starts_on, m.facts ->> 'ends_on' as ends_on,
    case when m.facts ? 'photos' then p.public_photos else '[]' end as photos, p.openness, m.facts ->> 'licence' as licence, m.facts ->> 'contact_name' as contact_name,
    m.facts ->> 'contact_phone' as contact_phone, (m.facts ->> 'part_of')::uuid as part_of,
    case when p.extra = '{}' or m.hidden = '{}' then p.extra
      else p.extra - (select coalesce(array_agg(substr(k, 7)), '{}') from unnest(m.hidden) as k where k like 'extra.%') end as extra,
    case seen.rank when 0 then p.public_offers else private.offers_of(p.id, m.hidden, p.assurances) end as offers,
    coalesce(m.facts -> 'fact_openness', '{}') as fact_openness, p.version, private.iso(p.created_at) as created_at, private.iso(p.updated_at) as updated_at,
    p.assurances - m.hidden as assurances,
    case seen.rank when 0 then p.public_history else private.history_of(p, m.hidden) end as history
    from (
      select h.hidden, p.facts - h.hidden as facts, case seen.rank when 2 then p.position else p.public_position end as point
      from (select case seen.rank when 0 then p.closed_facts when 1 then p.private_facts else '{}' end as hidden) as h
      offset 0
    ) as m
  $columns$;
begin
  execute 'create view private.place_rows as select seen.rank, p.id, readable.* from private.places as p cross join (values (0), (1), (2)) as seen (rank)'
    || ' cross join lateral (select' || columns || ') as readable';
  execute $view$create view public.places as select p.id, readable.*
    from private.places as p
    cross join lateral (
      select case
        when (select private.contributor_id()) is null then 0
        when (select private.reads_as_coordinator_of()) = 'all' or p.steward_slug = any ((select private.reads_as_steward_of())::text[]) then 2
        when (select private.reads_as_coordinator_of()) = 'some'
          and private.hat_for((select private.contributor_id()), 'decide', p.area_slug, p.theme_slug, null) = 'coordinator' then 2
        else 0 end as rank
      offset 0
    ) as seen
    cross join lateral (select $view$ || columns || $where$
      where p.status = 'active' and (seen.rank = 2 or not p.withheld and (p.openness = 'open'))
      offset 0
    ) as readable
  $where$;
end;
$do$;
comment on view public.places is 'Active places, each with the facts its reader may see; hidden facts are null.';

grant select on public.themes, public.categories, public.areas, public.organisations, public.datasets, public.settings, public.changes, public.places
  to anon, authenticated, service_role;

-- A page of the view as one value. The snapshot reads every place when it starts; forty columns of a thousand rows, each cut out of the answer and
-- decoded by itself, cost the embedded database more than asking for them. Invoker's rights: it gives what the view gives its reader.
create function public.places_page(after uuid default null, n int default 1000)
returns json
language sql
stable
set search_path = ''
as $$
  select coalesce(json_agg(page), '[]')
  from (
    select id, slug, kind, theme, category, area, steward, source, lon, lat, version, created_at, updated_at, name, summary, description, "precision",
      address, postcode, city, opening_hours, closures, booking, phone, email, website, wheelchair, audience, cost, languages, starts_on, ends_on, photos,
      licence, contact_name, contact_phone, part_of, extra, offers, assurances, history
    from public.places
    where id > coalesce(after, '00000000-0000-0000-0000-000000000000')
    order by id
    limit least(greatest(n, 1), 1000)
  ) as page;
$$;
comment on function public.places_page is 'Up to 1000 places with an id > after, ascending, as one JSON array: the columns of the view that the published snapshot keeps.';
grant execute on function public.places_page to anon, authenticated, service_role;

-- A place as somebody of this rank sees it, with the true position and the address for those who keep it right.
create function private.place_seen_by(who uuid, p private.places, seen_rank int)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  answer jsonb;
begin
  select to_jsonb(r) - 'rank' into answer from private.place_rows as r where r.id = p.id and r.rank = seen_rank;
  if private.sees_position(who, p) then
    answer := answer || jsonb_build_object('position', private.position_json(p.position), 'lon', extensions.st_x(p.position), 'lat', extensions.st_y(p.position))
      || case when private.address_is_hers(p, seen_rank) then jsonb_build_object('address', p.facts -> 'address') else '{}' end;
  end if;
  return answer;
end;
$$;

-- One place for its form: as the caller may see it, ended ones for those who could reopen them.
create function public.place_for_edit(place_id uuid)
returns jsonb
language plpgsql
volatile -- leaves a trace of what was read beyond the public facts
security definer
set search_path = ''
as $$
declare
  who uuid := private.contributor_id();
  p private.places;
  seen_rank int;
begin
  if private.session_user_id() is null then
    perform private.refuse(401, 'not_signed_in', 'Sign in first.');
  end if;
  select * into p from private.places where id = place_for_edit.place_id;
  seen_rank := case when p.id is not null then private.rank_on(who, p) end;
  if seen_rank is null or p.status <> 'active' and private.hat_for(who, 'publish', p.area_slug, p.theme_slug, p.steward_slug) is null then
    perform private.refuse(404, 'unknown_place', 'There is no such place.', 'place_id');
  end if;
  perform private.log_reading(who, p, private.facts_beyond(who, p));
  return private.place_seen_by(who, p, seen_rank) || jsonb_build_object('status', p.status, 'ended_reason', p.ended_reason, 'merged_into', p.merged_into, 'withheld', p.withheld,
    'withheld_facts', case when private.hat_for(who, 'decide', p.area_slug, p.theme_slug, null) is not null then to_jsonb(p.withheld_facts) else '[]' end);
end;
$$;

create function public.whoami()
returns jsonb
language plpgsql
volatile -- makes the contributor at the first visit, so that rights can be granted to her before her first proposal
security definer
set search_path = ''
as $$
declare
  who uuid;
begin
  if private.session_user_id() is null then
    return null;
  end if;
  who := private.require_contributor();
  return jsonb_build_object('contributor_id', who,
    'name', (select display_name from private.contributors where id = who),
    'email', (select email from auth.users where id = auth.uid()),
    'session', true,
    'roles', (select coalesce(jsonb_agg(jsonb_build_object('role', role, 'areas', areas, 'themes', themes) order by role, created_at), '[]') from private.grants where contributor_id = who),
    'organisations', (select coalesce(jsonb_agg(jsonb_build_object('slug', o.slug, 'name', o.name, 'role', m.role) order by o.name), '[]')
      from private.memberships as m join private.organisations as o on o.slug = m.organisation_slug where m.contributor_id = who));
end;
$$;

-- The operations of a proposal for someone who may read it; `current` beside each for a moderator.
create function private.operations_of(p private.proposals, place private.places, with_current boolean)
returns jsonb
language sql
stable
security definer -- called inside views, where functions run under the reader's rights
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('ordinal', o.ordinal, 'fact', o.fact, 'old', o.old, 'new', o.new, 'add', o.add, 'remove', o.remove, 'outcome', o.outcome)
    || case when with_current then jsonb_build_object('current', case when place.id is not null then private.current_value(place, o.fact) end) else '{}' end order by o.ordinal), '[]')
  from private.operations as o where o.proposal_id = p.id;
$$;

-- Facts that were changed again after a proposal of hers was accepted: names only, of what she had given herself.
create function private.changed_since(p private.proposals, place private.places)
returns text[]
language sql
stable
security definer -- called inside views, where functions run under the reader's rights
set search_path = ''
as $$
  select coalesce(array_agg(distinct e ->> 'fact'), '{}')
  from private.decisions as d, jsonb_array_elements(d.effects) as e
  where d.proposal_id = p.id and d.undone_at is null and d.outcome = 'accept' and place.status = 'active' and not e ? 'redacted'
    and not private.same_value(private.current_value(place, e ->> 'fact'), nullif(e -> 'new', 'null'));
$$;

create view public.my_proposals with (security_barrier) as
  select p.id, p.client_id, p.kind, p.place_id,
    coalesce(case when private.rank_on((select private.contributor_id()), place) is not null then place.facts ->> 'name' end,
      (select o.new #>> '{}' from private.operations as o where o.proposal_id = p.id and o.fact = 'name')) as place_name,
    case when private.rank_on((select private.contributor_id()), place) is not null then place.slug end as place_slug,
    p.state, private.iso(p.created_at) as created_at, private.iso(p.decided_at) as decided_at, p.note,
    d.reason_code, d.message, private.operations_of(p, place, false) as operations,
    case when private.rank_on(p.author_id, place) is not null then place.status end as place_status, private.changed_since(p, place) as changed_since
  from private.proposals as p
  left join private.places as place on place.id = p.place_id
  left join lateral (
    select * from private.decisions as d where d.proposal_id = p.id and not d.by_rule and d.undone_at is null order by d.decided_at desc limit 1
  ) as d on true
  where (select private.contributor_id()) in (p.author_id, p.entrusted_to) and p.kind <> 'confirm';

-- The colleague who was asked to decide, while she is there to do it.
create function private.handed_to(p private.proposals)
returns uuid
language sql
stable
security definer -- called inside views, where functions run under the reader's rights
set search_path = ''
as $$
  select id from private.contributors where id = p.handed_to and user_id is not null and coalesce(absent_until < private.today(), true);
$$;

-- What waits in the caller's scope. Open to those who may decide there; her own are shown and marked, since she may not decide on them.
create view public.moderation_queue with (security_barrier) as
  select p.id, p.kind, p.state, p.place_id,
    coalesce(place.facts ->> 'name', (select o.new #>> '{}' from private.operations as o where o.proposal_id = p.id and o.fact = 'name')) as place_name,
    place.slug as place_slug, p.into_place_id, survivor.facts ->> 'name' as into_place_name, p.reason, coalesce(place.area_slug, p.area_slug) as area,
    coalesce(place.theme_slug, p.theme_slug) as theme,
    coalesce(place.category_slug, (select o.new #>> '{}' from private.operations as o where o.proposal_id = p.id and o.fact = 'category')) as category,
    p.author_role, p.author_organisation, author.display_name as author_name, p.source_slug as source, private.iso(p.created_at) as created_at, p.note, p.base_version, place.version,
    private.operations_of(p, place, true) as operations,
    p.channel, p.campaign_slug as campaign,
    place.facts -> 'position' as position_before,
    (select o.new from private.operations as o where o.proposal_id = p.id and o.fact = 'position') as position_after,
    p.claimed_until > now() and p.claimed_by <> me.id as claimed,
    p.author_id = me.id as mine,
    handed.id = me.id as handed_to_me, handed.display_name as handed_name, case when handed.id is not null then p.handed_message end as handed_message,
    coalesce(place.withheld, false) as withheld, coalesce(place.withheld_facts, '{}') as withheld_facts,
    (select count(*)::int from private.proposals as other where other.place_id = p.place_id and other.id <> p.id and other.state in ('open', 'asked')) as other_open
  from (select private.contributor_id() as id) as me
  join private.proposals as p on p.state in ('open', 'asked')
  join private.contributors as author on author.id = p.author_id
  left join private.places as place on place.id = p.place_id
  left join private.places as survivor on survivor.id = p.into_place_id
  left join private.contributors as handed on handed.id = private.handed_to(p)
  where me.id is not null
    -- What nobody has vouched for waits in a lane of its own (unproven_queue).
    and not exists (select from private.unproven_items as u where u.item_id = p.id)
    and private.hat_for(me.id, 'decide', case when place.id is null then p.area_slug else place.area_slug end, coalesce(place.theme_slug, p.theme_slug), null) is not null;

-- Decisions in the caller's scope, for undoing.
create view public.decisions with (security_barrier) as
  select d.id, d.proposal_id, d.place_id,
    coalesce(place.facts ->> 'name', (select o.new #>> '{}' from private.operations as o where o.proposal_id = p.id and o.fact = 'name')) as place_name,
    d.version, d.outcome, d.by_rule, d.reason_code,
    (select coalesce(array_agg(e ->> 'fact'), '{}') from jsonb_array_elements(d.effects) as e) as facts,
    private.iso(d.decided_at) as decided_at, d.undone_at is not null as undone,
    d.undone_at is null and d.outcome <> 'ask'
      and (d.by_rule or not exists (select from private.decisions as later where later.proposal_id = p.id and later.decided_at > d.decided_at and later.undone_at is null))
      and (d.version is null or place.version = d.version
        or jsonb_array_length(d.effects) > 0 and v.kind = 'updated' and place.status = 'active' and not exists (
          select from jsonb_array_elements(d.effects) as e
          where e ? 'redacted' or not private.same_value(private.current_value(place, e ->> 'fact'), nullif(e -> 'new', 'null')))) as undoable
  from (select private.contributor_id() as id) as me
  join private.decisions as d on true
  join private.proposals as p on p.id = d.proposal_id
  left join private.places as place on place.id = d.place_id
  left join private.place_versions as v on v.place_id = d.place_id and v.version = d.version
  where me.id is not null
    and private.hat_for(me.id, 'decide', case when place.id is null then p.area_slug else place.area_slug end, coalesce(place.theme_slug, p.theme_slug), null) is not null;

grant select on public.my_proposals, public.moderation_queue, public.decisions to authenticated;

-- Nobody may write to a view. Postgres asks whether it could be written to before it asks who wants to, and the answer would be a fault of
-- the server; with a trigger that could, it gets to the right, which is missing.
create function private.keep_closed()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform private.refuse(403, 'read_only', 'Writing is done by functions.');
  return null;
end;
$$;
create trigger keep_closed instead of insert or update or delete on public.places for each row execute function private.keep_closed();
create trigger keep_closed instead of insert or update or delete on public.settings for each row execute function private.keep_closed();
create trigger keep_closed instead of insert or update or delete on public.my_proposals for each row execute function private.keep_closed();
create trigger keep_closed instead of insert or update or delete on public.moderation_queue for each row execute function private.keep_closed();
create trigger keep_closed instead of insert or update or delete on public.decisions for each row execute function private.keep_closed();
grant execute on function public.whoami(), public.place_for_edit(uuid) to authenticated;

-- Functions inside a view run under the reader's rights. None of these can be called by name from outside: `private` grants no USAGE to anyone.
grant execute on function private.contributor_id(), private.reads_as_steward_of(), private.reads_as_coordinator_of(), private.hat_for(uuid, text, text, text, text), private.iso(timestamptz), private.position_json(extensions.geometry),
  private.offers_of(uuid, text[], jsonb), private.history_of(private.places, text[]), private.schema_version() to anon, authenticated, service_role;
grant execute on function private.rank_on(uuid, private.places), private.operations_of(private.proposals, private.places, boolean), private.changed_since(private.proposals, private.places), private.handed_to(private.proposals),
  private.current_value(private.places, text), private.same_value(jsonb, jsonb) to authenticated;
