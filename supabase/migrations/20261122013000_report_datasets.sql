-- « Un problème dans ces données ? »: a report may be about a whole dataset instead of a place. Whoever coordinates where the dataset lies reads it, and
-- the members of the organisation whose data it is; the mailbox that it names as its contact hears of it. What became of it is public once one of
-- them has read it and said it in a sentence of her own: what a stranger typed never publishes itself.
alter table private.reports
  alter column place_id drop not null,
  add column dataset_slug text references private.datasets on delete restrict,
  -- The public sentence, by who has read the report, and why nothing is done when nothing is.
  add column summary text check (length(summary) <= 300),
  add column public_reason text check (length(public_reason) <= 300),
  add column public_state text check (public_state in ('read', 'in_progress', 'fixed', 'declined')),
  -- The day since when the public state is what it is.
  add column stated_on date,
  drop constraint reports_kind_check,
  add constraint reports_kind_check check (case when dataset_slug is null then kind in ('wrong', 'gone', 'duplicate', 'illegal_or_urgent', 'damaged')
    else kind in ('values', 'missing', 'format', 'rights', 'other') end),
  add constraint reports_are_about_one_thing check (num_nonnulls(place_id, dataset_slug) = 1),
  add constraint published_reports_have_words check (num_nonnulls(public_state, summary, stated_on) in (0, 3) and (public_reason is null or summary is not null)),
  add constraint published_reports_are_of_datasets check (summary is null or dataset_slug is not null);
create index reports_by_dataset on private.reports (dataset_slug, received_at desc) where dataset_slug is not null;
-- What everyone reads with a dataset, among all that was ever sent about it.
create index reports_in_public on private.reports (dataset_slug, received_at desc, id) where public_state is not null;

-- Reading and beginning are steps that are said in public; they answer nothing to the author and leave the report waiting.
alter table private.report_decisions
  drop constraint report_decisions_outcome_check,
  add constraint report_decisions_outcome_check check (outcome in ('accept', 'refuse', 'ask', 'read', 'in_progress'));

create or replace function private.answer_to(report uuid)
returns private.report_decisions
language sql
stable
security definer
set search_path = ''
as $$
  select * from private.report_decisions where report_id = report and outcome in ('accept', 'refuse', 'ask') order by decided_at desc limit 1;
$$;

-- Under which hat somebody answers what is said about a dataset: coordination of all that it lies in, or membership of the organisation whose data
-- it is. A moderator does not: she decides on places, and nothing about a file is hers to mend.
create function private.hat_for_dataset(who uuid, dataset text)
returns text
language sql
stable
security definer -- called inside a view, where functions run under the reader's rights
set search_path = ''
as $$
  select case
    when exists (select from private.grants as g where g.contributor_id = who and g.role = 'coordinator' and private.in_scope(d.area_slug, d.theme_slug, g.areas, g.themes)) then 'coordinator'
    when exists (select from private.memberships as m where m.contributor_id = who and m.organisation_slug = d.organisation_slug) then 'member' end
  from private.datasets as d where d.slug = dataset;
$$;

-- What is public of a report, taken back.
create function private.unpublish_report(target uuid)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  about text;
begin
  update private.reports set summary = null, public_reason = null, public_state = null, stated_on = null
  where id = target and public_state is not null returning dataset_slug into about;
  if found then
    perform private.announce('dataset', about, null, 'updated');
  end if;
end;
$$;

-- The mailbox of a contact is somebody who can be written to, like a visitor, but who has sent nothing and follows nothing. Its address is public already, given for
-- this; it is forgotten a year after the last report.
alter table private.visitor_contacts add column is_contact boolean not null default false;
comment on column private.visitor_contacts.is_contact is 'The published mailbox of a dataset''s contact: no person, no link, no code.';
create unique index visitor_contacts_of_datasets on private.visitor_contacts (email) where is_contact;

create function private.contact_mailbox(address text)
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
declare
  mailbox uuid;
begin
  -- One lock for all of them: who sorts a heap tells several contacts, and another heap names them in another order.
  perform pg_advisory_xact_lock(hashtextextended('contacts', 0));
  update private.visitor_contacts set created_at = private.clock() where email = address and is_contact returning contributor_id into mailbox;
  if mailbox is null then
    insert into private.contributors (kind, created_at) values ('visitor', private.clock()) returning id into mailbox;
    insert into private.visitor_contacts (contributor_id, email, confirmed_at, is_contact) values (mailbox, address, private.clock(), true);
  end if;
  return mailbox;
end;
$$;

-- Nothing is followed from a contact's mailbox: no mail to it makes a link.
create or replace function private.mint_visitor_link(visitor uuid)
returns text
language plpgsql
volatile
set search_path = ''
as $$
declare
  -- Two random uuids: 244 bits.
  token text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
begin
  if not exists (select from private.visitor_contacts where contributor_id = visitor and not is_contact) then
    return null;
  end if;
  insert into private.visitor_links (hash, contributor_id) values (sha256(convert_to(token, 'UTF8')), visitor);
  return token;
end;
$$;

-- Tells the contact of the dataset, or the territory's where it has none of its own; at most twenty times a day, whoever posts: the queue has the rest.
create function private.tell_contact(r private.reports)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  address text := (select lower(case when d.contact is null then private.setting('contact') ->> 'email' else d.contact ->> 'email' end) from private.datasets as d where d.slug = r.dataset_slug);
  mailbox uuid;
begin
  if address is null or address !~ '^[^[:space:]@<>,;"]+@[^[:space:]@<>,;"]+$' or length(address) > 254 then
    return;
  end if;
  mailbox := private.contact_mailbox(address);
  if (select count(*) from private.outbox where recipient_id = mailbox and topic = 'dataset_reported' and created_at > private.clock() - interval '24 hours') < 20 then
    perform private.notify(mailbox, 'dataset_reported', r.id, jsonb_build_object('dataset', r.dataset_slug, 'kind', r.kind));
  end if;
end;
$$;

-- What came without proof is told once it leaves its lane: let in by a coordinator, or vouched for by its author's mailbox. At the commit, when it is known
-- whether it was refused in the same act.
create function private.tell_contact_later()
returns trigger
language plpgsql
volatile
security definer -- at the commit it runs under the caller's rights, who has none here
set search_path = ''
as $$
begin
  perform private.tell_contact(r) from private.reports as r where r.id = old.item_id and r.dataset_slug is not null and r.state = 'open';
  return null;
end;
$$;
create constraint trigger tell_contact_later
  after delete on private.unproven_items
  deferrable initially deferred
  for each row execute function private.tell_contact_later();

create or replace function private.topic_family(topic text)
returns text
language sql
immutable
set search_path = ''
as $$
  select case
    when topic like 'report\_%' then 'reports'
    when topic in ('item_handed', 'dataset_reported') then 'work'
    when topic in ('invitation', 'steward_check') then 'organisations'
    else 'contributions'
  end;
$$;

create or replace function private.read_report(body jsonb)
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
  if coalesce(body -> 'dataset', 'null') <> 'null' then
    r.dataset_slug := private.read_selected(body, 'dataset', null, (select coalesce(array_agg(slug), '{}') from private.datasets));
  end if;
  if r.client_id is null or num_nonnulls(r.place_id, r.dataset_slug) <> 1 then
    perform private.refuse(400, 'invalid_id', 'client_id and either place_id or dataset are needed.', 'client_id');
  end if;
  r.kind := private.read_choice(body, 'kind', case when r.dataset_slug is null then '{wrong,gone,duplicate,illegal_or_urgent,damaged}' else '{values,missing,format,rights,other}' end::text[]);
  if r.kind is null then
    perform private.refuse(400, 'invalid_kind', 'kind is missing.', 'kind');
  end if;
  r.text := case when coalesce(body -> 'text', 'null') <> 'null' then private.check_text('text', body -> 'text', 2000, true) end;
  r.url := case when coalesce(body -> 'url', 'null') <> 'null' then private.check_text('url', body -> 'url', 500, false) end;
  r.good_faith := coalesce(body -> 'good_faith', 'false') = 'true';
  if r.url is not null and r.url !~ '^https?://[^[:space:]<>"]+$' then
    perform private.bad_value('url', 'an address that begins with https:// is expected');
  elsif r.dataset_slug is not null and num_nonnulls(r.photo_id, r.url) > 0 then
    perform private.bad_value(case when r.url is null then 'photo_id' else 'url' end, 'a report about a dataset has none');
  elsif (r.kind in ('wrong', 'illegal_or_urgent') or r.dataset_slug is not null) and r.text is null then
    perform private.refuse(400, 'missing_text', 'Say what is wrong.', 'text');
  elsif r.kind = 'illegal_or_urgent' and not r.good_faith then
    perform private.refuse(400, 'missing_good_faith', 'Say that you believe this to be true.', 'good_faith');
  end if;
  return r;
end;
$$;

create or replace function public.submit_report(report jsonb)
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
  told jsonb;
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
  if r.dataset_slug is null then
    select * into place from private.places where id = r.place_id;
    if place.id is null or private.rank_on(r.author_id, place) is null then
      perform private.refuse(404, 'unknown_place', 'There is no such place.', 'place_id');
    end if;
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
  elsif r.dataset_slug is not null then
    perform private.tell_contact(r);
  end if;
  told := private.report_subject(r) || jsonb_build_object('kind', r.kind);
  if contact.contributor_id is not null then
    mailed := private.mail_receipt(contact, 'report_received', r.id, lane, told);
  else
    perform private.notify(r.author_id, 'report_received', r.id, told);
  end if;
  return jsonb_build_object('report_id', r.id, 'state', r.state, 'received_at', private.iso(r.received_at), 'lane', lane, 'mailed', mailed);
end;
$$;

-- What a report is about, for the outbox.
create function private.report_subject(r private.reports)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select case when r.dataset_slug is null then jsonb_build_object('place_id', r.place_id) else jsonb_build_object('dataset', r.dataset_slug) end;
$$;

create or replace function private.lock_report(who uuid, target uuid)
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
  elsif (case when r.dataset_slug is null then private.hat_for(who, 'decide', place.area_slug, place.theme_slug, null) else private.hat_for_dataset(who, r.dataset_slug) end) is null then
    perform private.refuse(403, 'not_in_scope', 'This is not in your area and themes.');
  elsif r.author_id = who then
    perform private.refuse(403, 'own_report', 'Someone else decides on what you reported.');
  elsif r.state not in ('open', 'asked') then
    perform private.refuse(409, 'report_decided', 'This report has been decided or withdrawn meanwhile.');
  end if;
  return r;
end;
$$;

-- One step with a report about a dataset: what is said in public of it, with `d` what is said to its author.
create function private.state_report(r private.reports, d private.decisions, body jsonb)
returns private.reports
language plpgsql
volatile
set search_path = ''
as $$
declare
  before private.reports := r;
begin
  r.summary := coalesce(case when coalesce(body -> 'summary', 'null') <> 'null' then private.check_text('summary', body -> 'summary', 300, false) end, r.summary);
  r.public_reason := case when d.outcome = 'refuse' and coalesce(body -> 'public_reason', 'null') <> 'null' then private.check_text('public_reason', body -> 'public_reason', 300, false) end;
  if r.summary is null then
    -- A joke or a mistake is refused without a word in public; a state without words would tell nobody anything.
    if d.outcome in ('read', 'in_progress') or r.public_reason is not null then
      perform private.refuse(400, 'missing_summary', 'Say in a sentence what is wrong, in words of your own.', 'summary');
    end if;
    return r;
  elsif d.outcome = 'refuse' and d.reason_code = 'other' and r.public_reason is null then
    perform private.refuse(400, 'missing_public_reason', 'Say in public why nothing is done.', 'public_reason');
  end if;
  r.public_state := case d.outcome when 'accept' then 'fixed' when 'refuse' then 'declined' when 'ask' then coalesce(r.public_state, 'read') else d.outcome end;
  if r is distinct from before then
    r.stated_on := case when r.public_state = before.public_state then r.stated_on else private.today() end;
    update private.reports set summary = r.summary, public_reason = r.public_reason, public_state = r.public_state, stated_on = r.stated_on where id = r.id;
    perform private.announce('dataset', r.dataset_slug, null, 'updated');
  end if;
  return r;
end;
$$;

-- A decision about a dataset's report may also be a step that leaves it waiting.
create function private.read_settlement(body jsonb, of_dataset boolean)
returns private.decisions
language plpgsql
immutable
set search_path = ''
as $$
declare
  d private.decisions;
begin
  if of_dataset and jsonb_typeof(body) = 'object' and body -> 'outcome' in ('"read"', '"in_progress"') then
    d.outcome := body ->> 'outcome';
    d.message := case when coalesce(body -> 'message', 'null') <> 'null' then private.check_text('message', body -> 'message', 2000, true) end;
    return d;
  end if;
  return private.read_decision(body);
end;
$$;

create function private.settled(r private.reports, decision uuid)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select jsonb_build_object('report_id', r.id, 'decision_id', decision, 'state', r.state)
    || case when r.dataset_slug is null then '{}' else jsonb_build_object('public_state', r.public_state) end;
$$;

create or replace function private.settle_report(who uuid, target uuid, body jsonb)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  r private.reports := private.lock_report(who, target);
  d private.decisions := private.read_settlement(body, r.dataset_slug is not null);
  is_step boolean := d.outcome in ('read', 'in_progress');
  was_public boolean := r.public_state is not null;
  before private.reports := r;
  decision uuid;
begin
  if r.dataset_slug is not null then
    r := private.state_report(r, d, body);
  end if;
  -- What leaves it waiting can be sent twice: the same once more is a second click, and nobody is told again.
  if r is not distinct from before and (is_step or r.state = 'asked') then
    select last.id into decision from (select * from private.report_decisions where report_id = r.id order by decided_at desc limit 1) as last
    where last.decider_id = who and last.outcome = d.outcome and last.message is not distinct from d.message;
    if found then
      return private.settled(r, decision);
    end if;
  end if;
  insert into private.report_decisions (report_id, decider_id, outcome, reason_code, message)
  values (r.id, who, d.outcome, d.reason_code, d.message) returning id into decision;
  update private.reports set state = case d.outcome when 'accept' then 'accepted' when 'refuse' then 'refused' when 'ask' then 'asked' else state end,
    decided_at = case when d.outcome in ('accept', 'refuse') then private.clock() end, claimed_by = null, claimed_until = null
  where id = r.id returning * into r;
  delete from private.unproven_items where item_id = r.id;
  -- Of a step she hears when it is the first, or when something is said to her.
  if not is_step or not was_public or d.message is not null then
    perform private.notify(r.author_id, case when is_step then 'report_read' else 'report_decided' end, r.id,
      private.report_subject(r) || jsonb_build_object('kind', r.kind, 'outcome', d.outcome, 'decision_id', decision));
  end if;
  return private.settled(r, decision);
end;
$$;

comment on function public.decide_report is 'Settles a report, refuses it with a reason, or asks; of a dataset also {outcome: read|in_progress, summary}, and what is said of it in public. Who answers for it in scope, never the author.';

-- Whoever takes back what she said takes back what was made public of it.
create or replace function private.act_on_report(visitor uuid, target uuid, act text, note text)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  r private.reports;
begin
  select * into r from private.reports where id = target and author_id = visitor for update;
  if r.state not in ('open', 'asked') then
    perform private.refuse(409, 'report_decided', 'This report has been decided or withdrawn meanwhile.');
  end if;
  update private.reports set state = case act when 'withdraw' then 'withdrawn' else 'open' end, decided_at = case act when 'withdraw' then private.clock() end,
    text = case act when 'answer' then private.added_note(text, note) else text end
  where id = r.id returning * into r;
  if act = 'withdraw' then
    perform private.unpublish_report(r.id);
  end if;
  return jsonb_build_object('item_id', r.id, 'state', r.state);
end;
$$;

-- The public sentence may repeat what has to go: it goes too.
create or replace function private.redact_report(target uuid)
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
declare
  r private.reports;
begin
  perform private.unpublish_report(target);
  update private.reports set text = null, url = null where id = target returning * into r;
  if r.id is null then
    perform private.refuse(404, 'unknown_report', 'There is no such report.', 'report_id');
  end if;
  update private.report_decisions set message = null where report_id = target;
  update private.outbox set data = data || '{"message": "—"}' where subject_id = target and data ? 'message';
  return r.place_id;
end;
$$;

create or replace function private.reports_of(who uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('id', r.id, 'place_id', r.place_id, 'dataset', r.dataset_slug, 'kind', r.kind, 'url', r.url, 'text', r.text,
    'state', r.state, 'public_state', r.public_state, 'summary', r.summary, 'received_at', r.received_at, 'decided_at', r.decided_at,
    'answers', (select coalesce(jsonb_agg(jsonb_build_object('outcome', d.outcome, 'reason_code', d.reason_code, 'message', d.message, 'decided_at', private.iso(d.decided_at)) order by d.decided_at), '[]')
      from private.report_decisions as d where d.report_id = r.id)))), '[]')
  from private.reports as r where r.author_id = who;
$$;

-- What is read.

-- Public, with the dataset: what somebody has read and said, newest first. No word of the author's, no name, no time of day. A ground is given for what
-- nothing is done about.
create or replace view public.datasets with (security_barrier) as
  select slug, title, description, licence, sort, theme_slug as theme, area_slug as area, organisation_slug as organisation, state, reason, listed,
    frequency, keywords, contact, published_at, identifier,
    (select coalesce(jsonb_agg(said.report order by said.received_at desc, said.id), '[]') from (
      select r.id, r.received_at, jsonb_build_object('id', r.id, 'kind', r.kind, 'state', r.public_state, 'summary', r.summary,
        'received_on', (r.received_at at time zone coalesce((select s.value ->> 'zone' from private.settings as s where s.key = 'time'), 'Europe/Paris'))::date, 'stated_on', r.stated_on,
        'reason_code', (select a.reason_code from private.report_decisions as a where a.report_id = r.id and a.outcome = 'refuse' and r.public_state = 'declined'),
        'reason', r.public_reason) as report
      from private.reports as r where r.dataset_slug = d.slug and r.public_state is not null order by r.received_at desc, r.id limit 50) as said) as reports
  from private.datasets as d;

-- For those who answer, waiting or not; what waits beside the queue is not here. The author's name is for the coordination, an address for nobody. Rights
-- are judged once for each dataset, and the last answer is looked up here: a function for each report took seconds at twenty thousand, whoever asked.
create view public.dataset_reports with (security_barrier) as
  with theirs as materialized (
    select d.slug, d.title, d.area_slug, d.theme_slug, me.id as reader, private.hat_for_dataset(me.id, d.slug) as hat
    from (select private.contributor_id() as id) as me cross join private.datasets as d
    where me.id is not null
  )
  select r.id, r.dataset_slug as dataset, d.title as dataset_title, d.area_slug as area, d.theme_slug as theme, r.kind, r.kind = 'rights' as urgent, r.state, r.text,
    r.author_role, case when d.hat = 'coordinator' then author.display_name end as author_name,
    r.author_role = 'resident' or contact.email is not null as reachable, private.iso(r.received_at) as created_at, private.iso(r.decided_at) as decided_at,
    answer.reason_code, answer.message,
    coalesce(r.claimed_until > now() and r.claimed_by <> d.reader, false) as claimed, r.author_id = d.reader as mine,
    r.public_state, r.summary, r.public_reason, r.stated_on
  from theirs as d
  join private.reports as r on r.dataset_slug = d.slug
  join private.contributors as author on author.id = r.author_id
  left join private.visitor_contacts as contact on contact.contributor_id = r.author_id
  left join lateral (
    select a.reason_code, a.message from private.report_decisions as a where a.report_id = r.id and a.outcome in ('accept', 'refuse', 'ask') order by a.decided_at desc limit 1
  ) as answer on true
  where d.hat is not null
    and not exists (select from private.unproven_items as u where u.item_id = r.id);
grant select on public.dataset_reports to authenticated;
grant execute on function private.hat_for_dataset(uuid, text) to authenticated;
create trigger keep_closed instead of insert or update or delete on public.dataset_reports for each row execute function private.keep_closed();

create or replace view public.my_reports with (security_barrier) as
  select r.id, r.kind, r.state, r.place_id,
    case when r.place_id is not null and private.rank_on(r.author_id, place) is not null then place.facts ->> 'name' end as place_name,
    case when r.place_id is not null and private.rank_on(r.author_id, place) is not null then place.slug end as place_slug,
    r.text, private.iso(r.received_at) as created_at, private.iso(r.decided_at) as decided_at,
    (private.answer_to(r.id)).reason_code as reason_code, (private.answer_to(r.id)).message as message,
    r.dataset_slug as dataset, d.title as dataset_title, r.public_state
  from private.reports as r
  left join private.places as place on place.id = r.place_id
  left join private.datasets as d on d.slug = r.dataset_slug
  where r.author_id = (select private.contributor_id());

create or replace function private.followed_items(visitor uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(item order by item ->> 'created_at' desc), '[]') from (
    select jsonb_build_object('subject', 'proposal', 'id', p.id, 'kind', p.kind, 'place_id', p.place_id,
      'place_name', coalesce(case when private.rank_on(p.author_id, place) is not null then place.facts ->> 'name' end,
        (select o.new #>> '{}' from private.operations as o where o.proposal_id = p.id and o.fact = 'name')),
      'place_slug', case when place.status = 'active' and private.rank_on(p.author_id, place) is not null then place.slug end,
      'category', coalesce(place.category_slug, (select o.new #>> '{}' from private.operations as o where o.proposal_id = p.id and o.fact = 'category')),
      'state', p.state, 'created_at', private.iso(p.created_at), 'decided_at', private.iso(p.decided_at), 'text', p.note, 'reason_code', d.reason_code, 'message', d.message,
      'unproven', exists (select from private.unproven_items as u where u.item_id = p.id), 'decision', private.contestable_decision(p.id),
      'operations', private.operations_of(p, place, false)) as item
    from private.proposals as p
    left join private.places as place on place.id = p.place_id
    left join lateral (
      select * from private.decisions as d where d.proposal_id = p.id and not d.by_rule and d.undone_at is null order by d.decided_at desc limit 1
    ) as d on true
    where p.author_id = visitor
    union all
    select jsonb_build_object('subject', 'report', 'id', r.id, 'kind', r.kind, 'place_id', r.place_id,
      'place_name', case when r.place_id is not null and private.rank_on(r.author_id, place) is not null then place.facts ->> 'name' end,
      'place_slug', case when place.status = 'active' and private.rank_on(r.author_id, place) is not null then place.slug end, 'category', place.category_slug,
      'dataset', r.dataset_slug, 'dataset_title', d.title, 'public_state', r.public_state,
      'state', r.state, 'created_at', private.iso(r.received_at), 'decided_at', private.iso(r.decided_at), 'text', r.text,
      'reason_code', (private.answer_to(r.id)).reason_code, 'message', (private.answer_to(r.id)).message,
      'unproven', exists (select from private.unproven_items as u where u.item_id = r.id), 'decision', null, 'operations', '[]'::jsonb)
    from private.reports as r
    left join private.places as place on place.id = r.place_id
    left join private.datasets as d on d.slug = r.dataset_slug
    where r.author_id = visitor
  ) as sent (item);
$$;

-- Of what came without proof about a dataset, the coordination sorts; members of an organisation see it once it is in.
create or replace view public.unproven_queue with (security_barrier) as
  select u.item_id as id, item.subject, item.kind, item.kind in ('illegal_or_urgent', 'rights') as urgent, item.place_id, item.place_name, item.area, item.theme, item.text, item.facts,
    private.iso(u.created_at) as created_at, item.dataset, item.dataset_title
  from (select private.contributor_id() as id) as me
  join private.unproven_items as u on true
  join lateral (
    select 'proposal' as subject, p.kind, p.place_id,
      coalesce(place.facts ->> 'name', (select o.new #>> '{}' from private.operations as o where o.proposal_id = p.id and o.fact = 'name')) as place_name,
      case when place.id is null then p.area_slug else place.area_slug end as area, coalesce(place.theme_slug, p.theme_slug) as theme, p.note as text,
      (select coalesce(jsonb_agg(o.fact order by o.ordinal), '[]') from private.operations as o where o.proposal_id = p.id) as facts, null::text as dataset, null::jsonb as dataset_title
    from private.proposals as p left join private.places as place on place.id = p.place_id where p.id = u.item_id and p.state in ('open', 'asked')
    union all
    select 'report', r.kind, r.place_id, place.facts ->> 'name', coalesce(place.area_slug, d.area_slug), coalesce(place.theme_slug, d.theme_slug), r.text, '[]', r.dataset_slug, d.title
    from private.reports as r
    left join private.places as place on place.id = r.place_id
    left join private.datasets as d on d.slug = r.dataset_slug
    where r.id = u.item_id and r.state in ('open', 'asked')
  ) as item on true
  where me.id is not null and case when item.dataset is null then private.hat_for(me.id, 'decide', item.area, item.theme, null) is not null
    else private.hat_for_dataset(me.id, item.dataset) = 'coordinator' end;

create or replace function public.sort_unproven(sorting jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  items jsonb := sorting -> 'items';
  reason text := private.read_choice(sorting, 'reason_code', '{out_of_scope,not_verifiable,duplicate,personal_data,advertising,offensive,illegal,wrong_place,already_done,other}');
  decision jsonb := jsonb_build_object('outcome', 'refuse', 'reason_code', coalesce(reason, 'not_verifiable'));
  target uuid;
  sorted int := 0;
begin
  if jsonb_typeof(items) is distinct from 'array' or jsonb_array_length(items) not between 1 and 200 or jsonb_typeof(sorting -> 'keep') is distinct from 'boolean' then
    perform private.refuse(400, 'invalid_sorting', 'items is a list of 1 to 200 ids, keep is true or false.', 'items');
  end if;
  -- In id order, so that two people sorting the same heap wait for each other instead of for ever. Somebody else may have sorted one meanwhile.
  for target in select distinct private.as_uuid(e, 'items') from jsonb_array_elements(items) as e order by 1 loop
    perform from private.unproven_items where item_id = target for update;
    continue when not found;
    if not exists (
      select from private.proposals as p left join private.places as place on place.id = p.place_id
      where p.id = target and private.hat_for(who, 'decide', case when place.id is null then p.area_slug else place.area_slug end, coalesce(place.theme_slug, p.theme_slug), null) is not null
      union all
      select from private.reports as r left join private.places as place on place.id = r.place_id
      where r.id = target and case when r.dataset_slug is null then private.hat_for(who, 'decide', place.area_slug, place.theme_slug, null) is not null
        else private.hat_for_dataset(who, r.dataset_slug) = 'coordinator' end) then
      perform private.refuse(403, 'not_in_scope', 'This is not in your area and themes.');
    end if;
    delete from private.unproven_items where item_id = target;
    if sorting -> 'keep' = 'false' then
      -- Locked before it is judged: one that was withdrawn or decided meanwhile leaves the heap, and the others are sorted.
      perform from private.reports where id = target and state in ('open', 'asked') for update;
      if found then
        perform private.settle_report(who, target, decision);
      else
        perform from private.proposals where id = target and state in ('open', 'asked') for update;
        continue when not found;
        perform private.decide(who, target, decision);
      end if;
    end if;
    sorted := sorted + 1;
  end loop;
  return jsonb_build_object('sorted', sorted);
end;
$$;

create function private.dataset_name(o private.outbox)
returns text
language sql
stable
set search_path = ''
as $$
  select coalesce(d.title ->> (select locale from private.mailbox_of(o.recipient_id)), d.title ->> 'fr') from private.datasets as d where d.slug = o.data ->> 'dataset';
$$;

-- In words: a dataset is called by its title in the language of who reads. Its contact reads what was typed, straight from the report, so that what was
-- redacted or withdrawn before the mail left is in none.
create or replace function private.mail_item(o private.outbox)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('id', o.id, 'topic', o.topic, 'subject_id', o.subject_id, 'at', private.iso(o.created_at), 'data', coalesce((
    select jsonb_build_object('kind', p.kind, 'reason_code', d.reason_code, 'message', d.message, 'decided_on', private.iso(d.decided_at),
      'place_name', coalesce(case when private.rank_on(o.recipient_id, place) is not null then place.facts ->> 'name' end,
        (select x.new #>> '{}' from private.operations as x where x.proposal_id = p.id and x.fact = 'name')),
      'place_id', case when private.rank_on(o.recipient_id, place) is not null then place.id end,
      'accepted', (select coalesce(jsonb_agg(x.fact order by x.ordinal), '[]') from private.operations as x where x.proposal_id = p.id and x.outcome = 'accepted'),
      'refused', (select coalesce(jsonb_agg(x.fact order by x.ordinal), '[]') from private.operations as x where x.proposal_id = p.id and x.outcome = 'refused'))
    from private.decisions as d
    join private.proposals as p on p.id = d.proposal_id
    left join private.places as place on place.id = p.place_id
    where d.id = (o.data ->> 'decision_id')::uuid), (
    select jsonb_build_object('reason_code', d.reason_code, 'message', d.message, 'decided_on', private.iso(d.decided_at),
      'place_name', case when r.dataset_slug is not null then private.dataset_name(o)
        when private.rank_on(o.recipient_id, place) is not null then place.facts ->> 'name' end)
    from private.report_decisions as d
    join private.reports as r on r.id = d.report_id
    left join private.places as place on place.id = r.place_id
    where d.id = (o.data ->> 'decision_id')::uuid), (
    select jsonb_build_object('place_name', private.dataset_name(o), 'message', case when o.topic = 'dataset_reported' then r.text end)
    from private.reports as r
    where o.topic in ('report_received', 'dataset_reported') and r.id = o.subject_id and r.dataset_slug is not null), (
    select jsonb_build_object('place_name', case when private.rank_on(o.recipient_id, place) is not null then place.facts ->> 'name' end)
    from private.places as place
    where o.topic in ('report_received', 'contribution_received') and place.id = (o.data ->> 'place_id')::uuid), '{}') || o.data);
$$;

create or replace function private.letter_item(o private.outbox, follow_token text)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  item jsonb := private.mail_item(o);
  letter jsonb;
begin
  if o.topic = 'invitation' then
    letter := public.invitation_letter(o.subject_id);
    if letter is null then
      return null;
    end if;
    return jsonb_set(item, '{data}', (item -> 'data') || jsonb_build_object('link', '/invitations/' || (letter ->> 'token'), 'organisation', letter -> 'organisation_name'));
  elsif o.topic = 'dataset_reported' then
    -- Nothing to answer any more: it was refused, redacted or withdrawn while the mail waited.
    if not exists (select from private.reports as r where r.id = o.subject_id and r.state in ('open', 'asked') and r.text is not null) then
      return null;
    end if;
    return jsonb_set(item, '{data}', (item -> 'data') || jsonb_build_object('link', '/data/' || (o.data ->> 'dataset') || '/reports'));
  elsif follow_token is not null then
    return jsonb_set(item, '{data}', (item -> 'data') || jsonb_build_object('link', '/follow/' || follow_token));
  end if;
  return item;
end;
$$;
