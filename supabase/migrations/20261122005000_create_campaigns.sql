-- A workshop, a walk, a month of open doors: one link, many contributions, followed together. A campaign opens no door of its own; it is a tag on
-- proposals, which are judged as always.
create table private.campaigns (
  slug text primary key constraint campaigns_slug check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 100),
  title text not null constraint campaigns_title check (length(title) between 1 and 120),
  -- Where it takes place; null: anywhere.
  area_slug text references private.areas on delete restrict,
  -- Both days included.
  starts_on date not null,
  ends_on date not null,
  created_by uuid not null references private.contributors on delete restrict,
  created_at timestamptz not null default private.clock(),
  constraint campaigns_end_after_they_start check (ends_on between starts_on and starts_on + 400)
);
create index campaigns_by_maker on private.campaigns (created_by, created_at desc);
alter table private.campaigns enable row level security;

alter table private.proposals add constraint proposals_belong_to_a_campaign foreign key (campaign_slug) references private.campaigns on delete restrict;
create index proposals_by_campaign on private.proposals (campaign_slug, created_at) where campaign_slug is not null;

-- Who works with people: an agent, a moderator, a coordinator, somebody's member. She may write down what others say, and gather them.
create function private.may_speak_for_others(who uuid)
returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (select from private.grants where contributor_id = who and role in ('agent', 'moderator', 'coordinator'))
    or exists (select from private.memberships where contributor_id = who);
$$;

-- How what is proposed came to its author: at the counter, by phone, in a meeting, on paper; `web` is her own word.
create function private.read_channel(who uuid, body jsonb)
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  channel text := coalesce(private.read_choice(body, 'channel', '{web,counter,phone,meeting,paper}'), 'web');
begin
  if channel <> 'web' and not private.may_speak_for_others(who) then
    perform private.refuse(403, 'channel_not_yours', 'Only agents, moderators, coordinators and members write down what others say.', 'channel');
  end if;
  return channel;
end;
$$;

-- The campaign that a contribution names, while it runs. One that is over or was mistyped loses the tag, not the contribution.
create function private.read_campaign(body jsonb)
returns text
language sql
stable
set search_path = ''
as $$
  select slug from private.campaigns where slug = body ->> 'campaign' and private.today() between starts_on and ends_on;
$$;

create function private.refuse_campaign(broken text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  perform private.refuse(400, 'invalid_campaign', format('This campaign is not well described (%s).', broken),
    case broken when 'campaigns_end_after_they_start' then 'ends_on' when 'campaigns_title' then 'title' else 'slug' end);
end;
$$;

-- {slug, title, area?, starts_on, ends_on}. The slug is its address: whoever took it first keeps it, and saving again changes the rest.
create function public.save_campaign(campaign jsonb)
returns jsonb
language plpgsql
volatile
security definer -- checks that the caller works with people, and that a campaign is her own
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  key text := private.read_slug(campaign);
  place text := campaign ->> 'area';
  present private.campaigns;
  broken text;
begin
  if not private.may_speak_for_others(who) then
    perform private.refuse(403, 'campaign_not_yours', 'Campaigns are made by agents, moderators, coordinators and members.');
  end if;
  perform pg_advisory_xact_lock(hashtextextended(key, 2));
  select * into present from private.campaigns where slug = key;
  if present.created_by <> who then
    perform private.refuse(409, 'campaign_taken', 'Somebody else has made a campaign of this address.', 'slug');
  elsif place is not null and not exists (select from private.areas where slug = place) then
    perform private.refuse(400, 'unknown_area', 'There is no such area.', 'area');
  end if;
  insert into private.campaigns (slug, title, area_slug, starts_on, ends_on, created_by)
  values (key, coalesce(private.tidy(campaign ->> 'title'), ''), place,
    private.as_day(campaign ->> 'starts_on', 'starts_on'), private.as_day(campaign ->> 'ends_on', 'ends_on'), who)
  on conflict (slug) do update set title = excluded.title, area_slug = excluded.area_slug, starts_on = excluded.starts_on, ends_on = excluded.ends_on;
  return jsonb_build_object('slug', key);
exception when check_violation then
  get stacked diagnostics broken = constraint_name;
  perform private.refuse_campaign(broken);
when not_null_violation then
  perform private.refuse_campaign('campaigns_end_after_they_start');
end;
$$;
comment on function public.save_campaign is 'Makes a campaign, or changes one''s own: {slug, title, area?, starts_on, ends_on}.';

-- What everyone who has the link may know of it, asked by the page behind the link: nobody lists campaigns by trying names. Not who made it.
create function public.find_campaign(slug text)
returns jsonb
language sql
stable
security definer -- the table is closed; this says what stands on the poster
set search_path = ''
as $$
  select jsonb_build_object('slug', c.slug, 'title', c.title, 'area', c.area_slug, 'starts_on', c.starts_on, 'ends_on', c.ends_on,
    'running', private.today() between c.starts_on and c.ends_on)
  from private.campaigns as c where c.slug = find_campaign.slug;
$$;
comment on function public.find_campaign is 'A campaign by its address: title, area, days, and whether it is running. Null when there is none.';

-- A maker follows her campaigns; a coordinator of the whole territory all of them.
create function private.follows_campaign(c private.campaigns)
returns boolean
language sql
stable
security definer -- called inside views, where functions run under the reader's rights
set search_path = ''
as $$
  select exists (
    select from (select private.contributor_id() as id) as me
    where c.created_by = me.id
      or exists (select from private.grants where contributor_id = me.id and role = 'coordinator' and areas is null and themes is null));
$$;

create view public.campaigns with (security_barrier) as
  select c.slug, c.title, c.area_slug as area, c.starts_on::text as starts_on, c.ends_on::text as ends_on, private.iso(c.created_at) as created_at,
    c.created_by = (select private.contributor_id()) as mine,
    count(p.id)::int as total,
    (count(p.id) filter (where p.state in ('open', 'asked')))::int as waiting,
    (count(p.id) filter (where p.state in ('accepted', 'partly_accepted')))::int as accepted,
    (count(p.id) filter (where p.state in ('refused', 'withdrawn')))::int as refused
  from private.campaigns as c
  left join private.proposals as p on p.campaign_slug = c.slug
  where private.follows_campaign(c)
  group by c.slug;
comment on view public.campaigns is 'The caller''s campaigns, with what became of their contributions.';

-- What came in, without who sent it: a workshop is followed by its places. One that its maker may not see has no name here either.
create view public.campaign_proposals with (security_barrier) as
  select p.id, p.campaign_slug as campaign, p.kind, p.state, p.channel, private.iso(p.created_at) as created_at,
    case when place.id is not null or p.kind = 'create' then p.place_id end as place_id,
    case when place.id is null then (select o.new #>> '{}' from private.operations as o where o.proposal_id = p.id and o.fact = 'name')
      when private.rank_on((select private.contributor_id()), place) is not null then place.facts ->> 'name' end as place_name,
    place.id is not null and place.status = 'active' and private.rank_on((select private.contributor_id()), place) is not null as on_map
  from private.campaigns as c
  join private.proposals as p on p.campaign_slug = c.slug
  left join private.places as place on place.id = p.place_id
  where private.follows_campaign(c);
comment on view public.campaign_proposals is 'The contributions to the caller''s campaigns; no author.';

create trigger keep_closed instead of insert or update or delete on public.campaigns for each row execute function private.keep_closed();
create trigger keep_closed instead of insert or update or delete on public.campaign_proposals for each row execute function private.keep_closed();
grant select on public.campaigns, public.campaign_proposals to authenticated;
grant execute on function private.follows_campaign(private.campaigns) to authenticated;
grant execute on function public.save_campaign(jsonb) to authenticated;
grant execute on function public.find_campaign(text) to service_role;
