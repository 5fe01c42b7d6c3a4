-- The two pages about people: an organisation's own, for its members, and the coordinators'. Both name persons, so both are functions that ask
-- who is asking, and neither is a view.

-- An organisation's places with what tells how fresh they are, those longest without a word first.
create function private.places_kept_by(organisation text)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', kept.id, 'slug', kept.slug, 'name', kept.facts ->> 'name', 'category', kept.category_slug,
    'area', kept.area_slug, 'openness', kept.openness, 'withheld', kept.withheld, 'assurances', kept.assurances,
    'known', (select coalesce(jsonb_agg(key), '[]') from jsonb_each(kept.facts) where value not in ('null', '[]'))
      || (select coalesce(jsonb_agg('extra.' || key), '[]') from jsonb_each(kept.extra) where value not in ('null', '[]'))) order by kept.oldest nulls first, kept.id), '[]')
  from (
    select p.*, (select min(a.value ->> 'on') from jsonb_each(p.assurances) as a where a.key in ('position', 'opening_hours', 'phone')) as oldest
    from private.places as p
    where p.steward_slug = organisation and p.status = 'active'
    order by oldest nulls first, p.id limit 200
  ) as kept;
$$;

-- What waits about its places, or was proposed in its name.
create function private.proposals_about(organisation text, who uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'kind', w.kind, 'state', w.state, 'place_id', case when w.known then w.place_id end, 'place_name', w.name,
    'by_role', w.author_role, 'ours', w.author_organisation is not distinct from organisation, 'mine', w.author_id = who or w.entrusted_to is not distinct from who,
    'facts', (select coalesce(jsonb_agg(o.fact order by o.ordinal), '[]') from private.operations as o where o.proposal_id = w.id),
    'created_at', private.iso(w.created_at)) order by w.created_at), '[]')
  from (
    select p.*, place.id is not null as known,
      coalesce(place.facts ->> 'name', (select o.new #>> '{}' from private.operations as o where o.proposal_id = p.id and o.fact = 'name')) as name
    from private.proposals as p left join private.places as place on place.id = p.place_id
    where p.state in ('open', 'asked') and (place.steward_slug = organisation or place.id is null and p.author_organisation = organisation)
    order by p.created_at limit 100
  ) as w;
$$;

-- Who read what its places share, by organisation and hat: no names.
create function private.readings_about(organisation text)
returns jsonb
language sql
volatile
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('place_id', r.place_id, 'place_name', r.name, 'by_role', r.by_role, 'by_organisation', r.reader,
    'times', r.times, 'facts', r.facts, 'last_on', r.last_on) order by r.last_on desc, r.name), '[]')
  from (
    select l.place_id, p.facts ->> 'name' as name, l.by_role, o.name as reader, sum(l.times)::int as times, max(l.day) as last_on,
      (select array_agg(distinct f order by f) from private.readings as all_of, unnest(all_of.facts) as f
        where all_of.place_id = l.place_id and all_of.by_role = l.by_role and all_of.by_organisation is not distinct from min(l.by_organisation)) as facts
    from private.readings as l
    join private.places as p on p.id = l.place_id and p.steward_slug = organisation
    left join private.organisations as o on o.slug = l.by_organisation
    where l.day > private.today() - interval '12 months'
    group by l.place_id, p.facts ->> 'name', l.by_role, o.name
    order by max(l.day) desc limit 100
  ) as r;
$$;

create function public.organisation_space(organisation text)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  o private.organisations;
  own private.memberships;
  coordinates boolean := private.coordinates_organisation(who, organisation);
  kept jsonb;
begin
  select * into o from private.organisations where slug = organisation_space.organisation;
  select * into own from private.memberships where contributor_id = who and organisation_slug = o.slug;
  if o.slug is null then
    perform private.refuse(404, 'unknown_holder', 'There is no such organisation.');
  elsif own.contributor_id is null and not coordinates then
    perform private.refuse(403, 'members_only', 'Only its members and the coordinators may read this.');
  end if;
  kept := private.places_kept_by(o.slug);
  -- A coordinator who is no member reads others' places here, as by `list_shared`.
  perform private.log_reading(who, p, '{place}') from private.places as p
  where own.contributor_id is null and not private.is_public(p) and p.id in (select (e ->> 'id')::uuid from jsonb_array_elements(kept) as e);
  return jsonb_build_object('organisation', to_jsonb(o), 'role', own.role, 'coordinates', coordinates,
    'confirmed_at', private.iso(own.confirmed_at), 'asked_at', private.iso(own.asked_at),
    'colleagues', (select coalesce(jsonb_agg(jsonb_build_object('contributor_id', c.id, 'name', c.display_name, 'role', m.role, 'me', c.id = who,
        'since', private.iso(m.created_at)) order by m.role, c.display_name, c.id), '[]')
      from private.memberships as m join private.contributors as c on c.id = m.contributor_id where m.organisation_slug = o.slug),
    'invitations', private.pending_invitations(who, o.slug),
    'places_count', (select count(*) from private.places where steward_slug = o.slug and status = 'active'),
    'places', kept,
    'proposals', private.proposals_about(o.slug, who),
    'readings', case when own.role = 'manager' or coordinates then private.readings_about(o.slug) end);
end;
$$;

-- Who holds what, for coordinators: each sees the rights that she could have given.
create function public.people_overview()
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  whole boolean := private.may_grant(who, null, null);
begin
  if not exists (select from private.grants where contributor_id = who and role = 'coordinator') then
    perform private.refuse(403, 'coordinators_only', 'Only a coordinator may read this.');
  end if;
  return jsonb_build_object(
    'grants', (select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'contributor_id', c.id, 'name', c.display_name, 'organisation', g.organisation_slug, 'role', g.role,
        'areas', g.areas, 'themes', g.themes, 'since', private.iso(g.created_at), 'mine', c.id is not distinct from who) order by g.role, c.display_name, g.created_at), '[]')
      from private.grants as g left join private.contributors as c on c.id = g.contributor_id
      where private.may_grant(who, g.areas, g.themes)),
    'invitations', private.pending_invitations(who, null),
    -- Asked for sixty days without an answer, and organisations that keep places but have nobody who answers for them.
    'unanswered', (select coalesce(jsonb_agg(jsonb_build_object('organisation', m.organisation_slug, 'name', c.display_name, 'asked_at', private.iso(m.asked_at)) order by m.asked_at), '[]')
      from private.memberships as m join private.contributors as c on c.id = m.contributor_id
      where m.role = 'manager' and m.asked_at < private.clock() - interval '60 days' and private.coordinates_organisation(who, m.organisation_slug)),
    'unkept', (select coalesce(jsonb_agg(o.slug order by o.name), '[]') from private.organisations as o
      where exists (select from private.places where steward_slug = o.slug and status = 'active')
        and not exists (select from private.memberships as m join private.contributors as c on c.id = m.contributor_id
          where m.organisation_slug = o.slug and m.role = 'manager' and c.user_id is not null)
        and private.coordinates_organisation(who, o.slug)),
    'readings', case when whole then (select coalesce(jsonb_agg(jsonb_build_object('month', month, 'readings', n, 'places', places) order by month desc), '[]')
      from (select to_char(day, 'YYYY-MM') as month, sum(times)::int as n, count(distinct place_id)::int as places from private.readings
        where day > private.today() - interval '12 months' group by 1) as by_month) end);
end;
$$;

-- Everything about people that a person holds, when her account goes: memberships, rights, invitations she had sent, her name beside readings. The
-- last coordinator of everything is refused (private.keep_a_coordinator), a last manager is not: the coordinators are shown that organisation.
create function private.forget_person(target uuid)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  organisation text;
  coordinated boolean := exists (
    select from private.grants where contributor_id = target and role = 'coordinator' and areas is null and themes is null);
begin
  for organisation in select organisation_slug from private.memberships where contributor_id = target order by 1 loop
    perform from private.organisations where slug = organisation for update;
    perform private.end_membership(null, target, organisation, null, true);
  end loop;
  perform pg_advisory_xact_lock(hashtextextended('coordinators', 2));
  delete from private.grants where contributor_id = target;
  if coordinated then
    perform private.keep_a_coordinator();
  end if;
  perform private.forget_invitee(i) from private.invitations as i where i.invited_by = target and private.invitation_waits(i);
  update private.invitations set revoked_at = private.clock() where invited_by = target and accepted_at is null and revoked_at is null;
  update private.proposals set entrusted_to = null where entrusted_to = target;
  update private.readings set contributor_id = null where contributor_id = target;
  -- Pictures she sent and never proposed serve nobody; one that a moderator is masking is not hers to take.
  update private.photos set state = 'removed', removed_at = private.clock()
  where uploader_id = target and state = 'pending' and place_id is null and proposal_id is null and replaces is null;
  update private.settings set value = '{"contributor_id": null}' where key = 'appeals' and value ->> 'contributor_id' = target::text;
end;
$$;

grant execute on function public.organisation_space(text), public.people_overview() to authenticated;

insert into private.jobs (kind, every, routine) values
  ('ask_stewards', '1 day', 'public.ask_stewards()'),
  ('purge_people', '1 day', 'public.purge_people()');
