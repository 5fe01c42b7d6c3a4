-- The public ledger: how many decisions, why refused, how long people waited, what became of appeals; by month, and no person. It is a public setting
-- like the others, so that anonymous reads no further relation and the snapshot follows it through the feed.
insert into private.settings (key, value) values ('moderation_figures', '{"until": null, "months": []}');

-- Of each family and month: how many of which. A cell of one or two could be recognised by those who know the place; such cells are put
-- together as `few`, whose number is only told when it is itself three or more. No total is told that would give it away.
create function private.count_figures(until date)
returns jsonb
language sql
stable
set search_path = ''
as $$
  with zone as (
    select coalesce(private.setting('time') ->> 'zone', 'Europe/Paris') as name
  ), span as (
    select (date_trunc('month', until) - interval '23 months') at time zone zone.name as first, (until + 1)::timestamp at time zone zone.name as past from zone
  ), decided as (
    select d.outcome, d.reason_code, d.decided_at, d.decided_at - p.created_at as waited
    from span, private.decisions as d join private.proposals as p on p.id = d.proposal_id
    where not d.by_rule and d.undone_at is null and d.outcome <> 'ask' and d.decided_at >= span.first and d.decided_at < span.past
  ), events as (
    select 'decisions' as family, case when outcome = 'refuse' then 'refused' when reason_code is null then 'accepted' else 'partly_accepted' end as kind, decided_at as at from decided
    union all select 'reasons', reason_code, decided_at from decided where reason_code is not null
    union all select 'appeals', a.state, coalesce(a.decided_at, a.created_at) from span, private.appeals as a
      where coalesce(a.decided_at, a.created_at) >= span.first and coalesce(a.decided_at, a.created_at) < span.past
    union all select 'withholdings', w.reason_code, w.at from span, private.withholdings as w where w.at >= span.first and w.at < span.past
  ), cells as (
    select to_char(at at time zone zone.name, 'YYYY-MM') as month, family, kind, count(*) as n from events, zone group by 1, 2, 3
  ), told as (
    select month, family, kind, n from cells where n >= 3
    union all
    select month, family, 'few', case when sum(n) >= 3 then sum(n) end from cells where n < 3 group by 1, 2
  ), families as (
    select month, family, jsonb_object_agg(kind, n) as counts from told group by 1, 2
  ), delays as (
    select to_char(decided_at at time zone zone.name, 'YYYY-MM') as month,
      case when count(*) >= 3 then round((percentile_cont(0.5) within group (order by extract(epoch from waited)) / 86400)::numeric, 1) end as days
    from decided, zone group by 1
  ), months as (
    select f.month, jsonb_build_object('month', f.month, 'median_days', (select days from delays where delays.month = f.month)) || jsonb_object_agg(f.family, f.counts) as figures
    from families as f group by f.month
  )
  select jsonb_build_object('until', until, 'months', coalesce((select jsonb_agg(figures order by month desc) from months), '[]'));
$$;

-- Counted anew by the first decision of a day, up to the evening before: a day's figures don't move under those who read them, and nothing tells who
-- has just decided. Whoever comes second at the same moment leaves it to the first.
create function private.refresh_figures()
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  known jsonb;
  until date := private.today() - 1;
begin
  select value into known from private.settings where key = 'moderation_figures' for update skip locked;
  if known is null or (known ->> 'until')::date >= until then
    return;
  end if;
  update private.settings set value = private.count_figures(until), updated_at = now() where key = 'moderation_figures';
  perform private.announce('settings', 'moderation_figures', null, 'updated');
end;
$$;
