-- « Something is wrong here »: no account needed. A report changes nothing by itself; a moderator looks, acts through the one door, and says what became of
-- it. What a notice of illegal content has to hold (Regulation (EU) 2022/2065, art. 16) is here: reasons, address, good faith, dates; name and e-mail stay with
-- the visitor's contact.
create table private.reports (
  id uuid primary key default gen_random_uuid(),
  author_id uuid not null references private.contributors on delete restrict,
  author_role text not null check (author_role in ('visitor', 'resident')),
  client_id uuid not null,
  place_id uuid not null references private.places on delete restrict,
  photo_id uuid,
  kind text not null check (kind in ('wrong', 'gone', 'duplicate', 'illegal_or_urgent', 'damaged')),
  text text check (length(text) <= 2000),
  -- The exact address, when it is not the place's page.
  url text check (length(url) <= 500),
  good_faith boolean not null default false,
  state text not null default 'open' check (state in ('open', 'asked', 'accepted', 'refused', 'withdrawn')),
  claimed_by uuid references private.contributors on delete set null,
  claimed_until timestamptz,
  received_at timestamptz not null default private.clock(),
  acknowledged_at timestamptz,
  decided_at timestamptz,
  constraint reports_once_per_client_id unique (author_id, client_id)
);
create index reports_waiting on private.reports (received_at) where state in ('open', 'asked');
create index reports_by_place on private.reports (place_id, received_at);
alter table private.reports enable row level security;

-- What was answered to a report, in order: a question, then a decision with its reasons.
create table private.report_decisions (
  id uuid primary key default gen_random_uuid(),
  report_id uuid not null references private.reports on delete restrict,
  decider_id uuid not null references private.contributors on delete restrict,
  outcome text not null check (outcome in ('accept', 'refuse', 'ask')),
  reason_code text,
  message text check (length(message) <= 2000),
  decided_at timestamptz not null default private.clock()
);
create index report_decisions_by_report on private.report_decisions (report_id, decided_at);
alter table private.report_decisions enable row level security;

-- The shape of a report, checked before anything is stored.
create function private.read_report(body jsonb)
returns private.reports
language plpgsql
stable
set search_path = ''
as $$
declare
  r private.reports;
begin
  r.client_id := private.as_uuid(body -> 'client_id', 'client_id');
  r.place_id := private.as_uuid(body -> 'place_id', 'place_id');
  r.photo_id := private.as_uuid(body -> 'photo_id', 'photo_id');
  if r.client_id is null or r.place_id is null then
    perform private.refuse(400, 'invalid_id', 'client_id and place_id are needed.', 'client_id');
  end if;
  r.kind := private.read_choice(body, 'kind', '{wrong,gone,duplicate,illegal_or_urgent,damaged}');
  if r.kind is null then
    perform private.refuse(400, 'invalid_kind', 'kind is missing.', 'kind');
  end if;
  r.text := case when coalesce(body -> 'text', 'null') <> 'null' then private.check_text('text', body -> 'text', 2000, true) end;
  r.url := case when coalesce(body -> 'url', 'null') <> 'null' then private.check_text('url', body -> 'url', 500, false) end;
  r.good_faith := coalesce(body -> 'good_faith', 'false') = 'true';
  if r.url is not null and r.url !~ '^https?://[^[:space:]<>"]+$' then
    perform private.bad_value('url', 'an address that begins with https:// is expected');
  elsif r.kind in ('wrong', 'illegal_or_urgent') and r.text is null then
    perform private.refuse(400, 'missing_text', 'Say what is wrong.', 'text');
  elsif r.kind = 'illegal_or_urgent' and not r.good_faith then
    perform private.refuse(400, 'missing_good_faith', 'Say that you believe this to be true.', 'good_faith');
  end if;
  return r;
end;
$$;

-- {client_id, place_id, kind, text?, url?, photo_id?, good_faith?, proven} and either {contributor_id} of who is signed in, as the application has just
-- verified, or {link_hash, code_hash, email?, name?, locale?} of a visitor. The same client_id again gets the same answer.
create function public.submit_report(report jsonb)
returns jsonb
language plpgsql
volatile
security definer -- only the service key may call it
set search_path = ''
as $$
declare
  r private.reports;
  contact private.visitor_contacts;
  place private.places;
  lane text := 'queue';
  mailed boolean := false;
begin
  if jsonb_typeof(report) is distinct from 'object' then
    perform private.refuse(400, 'invalid_report', 'A report is an object.');
  end if;
  r := private.read_report(report);
  r.author_id := private.as_uuid(report -> 'contributor_id', 'contributor_id');
  if r.author_id is null then
    contact := private.enter_visitor(report);
    r.author_id := contact.contributor_id;
    mailed := contact.email is not null;
  elsif not exists (select from private.contributors where id = r.author_id and kind = 'account') then
    perform private.refuse(404, 'unknown_holder', 'There is no such person.', 'contributor_id');
  end if;
  perform pg_advisory_xact_lock(hashtextextended(r.author_id::text || r.client_id::text, 2));
  if exists (select from private.reports where author_id = r.author_id and client_id = r.client_id) then
    select * into r from private.reports where author_id = r.author_id and client_id = r.client_id;
    lane := case when exists (select from private.unproven_items where item_id = r.id) then 'unproven' else 'queue' end;
    return jsonb_build_object('report_id', r.id, 'state', r.state, 'received_at', private.iso(r.received_at), 'lane', lane, 'mailed', mailed);
  end if;
  select * into place from private.places where id = r.place_id;
  if place.id is null or private.rank_on(r.author_id, place) is null then
    perform private.refuse(404, 'unknown_place', 'There is no such place.', 'place_id');
  end if;
  r.author_role := 'resident';
  if contact.contributor_id is not null then
    r.author_role := 'visitor';
    perform private.require_room(r.author_id);
    lane := private.lane_of(coalesce(report -> 'proven', 'false') = 'true' or contact.confirmed_at is not null);
  end if;
  r.id := gen_random_uuid();
  r.state := 'open';
  r.received_at := private.clock();
  -- The receipt is the answer to this call.
  r.acknowledged_at := r.received_at;
  insert into private.reports select r.*;
  if lane = 'unproven' then
    insert into private.unproven_items (item_id, contributor_id) values (r.id, r.author_id);
  end if;
  if contact.contributor_id is not null then
    mailed := private.mail_receipt(contact, 'report_received', r.id, lane, jsonb_build_object('place_id', r.place_id, 'kind', r.kind));
  else
    perform private.notify(r.author_id, 'report_received', r.id, jsonb_build_object('place_id', r.place_id, 'kind', r.kind));
  end if;
  return jsonb_build_object('report_id', r.id, 'state', r.state, 'received_at', private.iso(r.received_at), 'lane', lane, 'mailed', mailed);
end;
$$;
comment on function public.submit_report is 'A report from the web form, of a visitor or of who is signed in. Answers with its number, its date and the lane in which it waits.';

-- A waiting report, locked, for somebody who may decide on it.
create function private.lock_report(who uuid, target uuid)
returns private.reports
language plpgsql
volatile
set search_path = ''
as $$
declare
  r private.reports;
  place private.places;
begin
  select * into r from private.reports where id = target for update;
  select * into place from private.places where id = r.place_id;
  if r.id is null then
    perform private.refuse(404, 'unknown_report', 'There is no such report.');
  elsif private.hat_for(who, 'decide', place.area_slug, place.theme_slug, null) is null then
    perform private.refuse(403, 'not_in_scope', 'This is not in your area and themes.');
  elsif r.author_id = who then
    perform private.refuse(403, 'own_report', 'Someone else decides on what you reported.');
  elsif r.state not in ('open', 'asked') then
    perform private.refuse(409, 'report_decided', 'This report has been decided or withdrawn meanwhile.');
  end if;
  return r;
end;
$$;

create function private.settle_report(who uuid, target uuid, body jsonb)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  r private.reports := private.lock_report(who, target);
  d private.decisions := private.read_decision(body);
  decision uuid;
begin
  insert into private.report_decisions (report_id, decider_id, outcome, reason_code, message)
  values (r.id, who, d.outcome, d.reason_code, d.message) returning id into decision;
  update private.reports set state = case d.outcome when 'accept' then 'accepted' when 'refuse' then 'refused' else 'asked' end,
    decided_at = case when d.outcome <> 'ask' then private.clock() end, claimed_by = null, claimed_until = null
  where id = r.id returning * into r;
  delete from private.unproven_items where item_id = r.id;
  perform private.notify(r.author_id, 'report_decided', r.id,
    jsonb_build_object('place_id', r.place_id, 'kind', r.kind, 'outcome', d.outcome, 'decision_id', decision));
  return jsonb_build_object('report_id', r.id, 'decision_id', decision, 'state', r.state);
end;
$$;

-- {outcome: accept|refuse|ask, reason_code?, message?}: accepted means that something was done about it, through the one door like everything else.
create function public.decide_report(report_id uuid, decision jsonb)
returns jsonb
language sql
volatile
security definer
set search_path = ''
as $$
  select private.settle_report(private.require_contributor(), report_id, decision);
$$;
comment on function public.decide_report is 'Settles a report, refuses it with a reason, or asks. Moderators and coordinators in scope, never the author.';

-- Five minutes for one person, as for a proposal; reached by claim_item.
create function private.claim_report(who uuid, target uuid)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  r private.reports := private.lock_report(who, target);
begin
  if r.claimed_by <> who and r.claimed_until > private.clock() then
    perform private.refuse(409, 'claimed', 'Someone else is looking at this one.');
  end if;
  update private.reports set claimed_by = who, claimed_until = private.clock() + interval '5 minutes' where id = r.id returning * into r;
  return jsonb_build_object('claimed_until', private.iso(r.claimed_until));
end;
$$;

-- The last word on a report; for views, where functions run under the reader's rights.
create function private.answer_to(report uuid)
returns private.report_decisions
language sql
stable
security definer
set search_path = ''
as $$
  select * from private.report_decisions where report_id = report order by decided_at desc limit 1;
$$;

-- What waits in the caller's scope; the urgent lane is sorted first by its reader. Never an address: whether she can be written to is enough.
create view public.report_queue with (security_barrier) as
  select r.id, r.kind, r.kind = 'illegal_or_urgent' as urgent, r.state, r.place_id, place.facts ->> 'name' as place_name, place.slug as place_slug, place.status as place_status,
    place.area_slug as area, place.theme_slug as theme, place.category_slug as category, place.version, r.photo_id, r.text, r.url, r.good_faith,
    r.author_role, author.display_name as author_name, r.author_role = 'resident' or contact.email is not null as reachable, private.iso(r.received_at) as created_at,
    (private.answer_to(r.id)).message as asked, r.claimed_until > now() and r.claimed_by <> me.id as claimed, r.author_id = me.id as mine,
    (select count(*)::int from private.reports as other where other.place_id = r.place_id and other.id <> r.id and other.state in ('open', 'asked')) as other_open
  from (select private.contributor_id() as id) as me
  join private.reports as r on r.state in ('open', 'asked')
  join private.places as place on place.id = r.place_id
  join private.contributors as author on author.id = r.author_id
  left join private.visitor_contacts as contact on contact.contributor_id = r.author_id
  where me.id is not null
    and not exists (select from private.unproven_items as u where u.item_id = r.id)
    and private.hat_for(me.id, 'decide', place.area_slug, place.theme_slug, null) is not null;

create view public.my_reports with (security_barrier) as
  select r.id, r.kind, r.state, r.place_id,
    case when private.rank_on(r.author_id, place) is not null then place.facts ->> 'name' end as place_name,
    case when private.rank_on(r.author_id, place) is not null then place.slug end as place_slug,
    r.text, private.iso(r.received_at) as created_at, private.iso(r.decided_at) as decided_at,
    (private.answer_to(r.id)).reason_code as reason_code, (private.answer_to(r.id)).message as message
  from private.reports as r join private.places as place on place.id = r.place_id
  where r.author_id = (select private.contributor_id());

grant select on public.report_queue, public.my_reports to authenticated;
grant execute on function private.answer_to(uuid) to authenticated;
create trigger keep_closed instead of insert or update or delete on public.report_queue for each row execute function private.keep_closed();
create trigger keep_closed instead of insert or update or delete on public.my_reports for each row execute function private.keep_closed();

revoke execute on function public.submit_report(jsonb), public.decide_report(uuid, jsonb) from public, anon, authenticated;
grant execute on function public.submit_report(jsonb) to service_role;
grant execute on function public.decide_report(uuid, jsonb) to authenticated;
