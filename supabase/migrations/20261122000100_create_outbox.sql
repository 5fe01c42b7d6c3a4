-- Somebody without an account who proposes or reports: a contributor of kind `visitor`. How to reach her is kept apart from what she said, so that it can
-- be purged without touching it; of her private link and of the code she noted down, only hashes are kept.
create table private.visitor_contacts (
  contributor_id uuid primary key references private.contributors on delete cascade,
  -- Optional, never public.
  email text check (length(email) between 3 and 254),
  -- She has answered from that mailbox once.
  confirmed_at timestamptz,
  link_hash bytea unique check (octet_length(link_hash) = 32),
  code_hash bytea unique check (octet_length(code_hash) = 32),
  locale text not null default 'fr' check (locale in ('fr', 'en')),
  created_at timestamptz not null default private.clock()
);
-- Purged after twelve months.
create index visitor_contacts_by_age on private.visitor_contacts (created_at);
alter table private.visitor_contacts enable row level security;

-- What one may ask to hear no more about by mail, as a whole: a single topic would be a choice that nobody understands.
create function private.topic_family(topic text)
returns text
language sql
immutable
set search_path = ''
as $$
  select case
    when topic like 'report\_%' then 'reports'
    when topic = 'item_handed' then 'work'
    when topic in ('invitation', 'steward_check') then 'organisations'
    else 'contributions'
  end;
$$;

-- Per person: the language of her mails and what she wants none about. Without a row: the language of her sign-up, and everything.
create table private.notification_settings (
  contributor_id uuid primary key references private.contributors on delete cascade,
  locale text check (locale in ('fr', 'en')),
  muted text[] not null default '{}',
  updated_at timestamptz not null default private.clock(),
  constraint notification_settings_mute_families check (muted <@ array['contributions', 'reports', 'organisations', 'work'])
);
alter table private.notification_settings enable row level security;

-- A mail: what one person is told at once about one family of topics. Its id makes its Message-ID, the same at every attempt, so that a mailbox that
-- gets it twice can tell. Whether it left is known in three steps: `sending` (leased, nothing given to the server that it could deliver), `handing`
-- (the end of the message is about to be given), and the server's answer. A node that dies in the first step has sent nothing: the mail waits again.
-- One that dies in the second leaves it `uncertain`: the server very probably has it, so it is not sent again by itself; a coordinator sees it.
create table private.mails (
  id uuid primary key default gen_random_uuid(),
  recipient_id uuid not null references private.contributors on delete cascade,
  family text not null check (length(family) <= 40),
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'failed', 'uncertain', 'cancelled')),
  attempts int not null default 0,
  due_at timestamptz not null default private.clock(),
  -- After this day a mail server that says "later" has said no.
  give_up_at timestamptz not null default private.clock() + interval '48 hours',
  leased_by uuid,
  leased_until timestamptz,
  handing boolean not null default false,
  -- The end was given to a server which has not refused it since.
  handed_at timestamptz,
  sent_at timestamptz,
  message_id text check (length(message_id) <= 300),
  -- A code, never the server's sentence: that one may name an address.
  error text check (length(error) <= 60),
  created_at timestamptz not null default private.clock()
);
-- What may leave, what has to be looked after, and what joins a mail that still waits.
create index mails_due on private.mails (due_at) where state in ('waiting', 'sending');
create index mails_in_trouble on private.mails (created_at) where state in ('failed', 'uncertain');
create index mails_by_recipient on private.mails (recipient_id, family) where state = 'waiting';
alter table private.mails enable row level security;

-- What somebody is to be told, written in the transaction that gives the reason for it: a decision that is rolled back tells nobody, and one that is
-- committed is not forgotten. Who it goes to is looked up when it leaves; the row itself names no address.
create table private.outbox (
  id uuid primary key default gen_random_uuid(),
  recipient_id uuid not null references private.contributors on delete cascade,
  topic text not null check (topic ~ '^[a-z]+(_[a-z]+)*$' and length(topic) <= 40),
  family text not null generated always as (private.topic_family(topic)) stored,
  -- The proposal, report, decision or place that it is about.
  subject_id uuid,
  -- Names of things for the text; no address, no value of a fact that its reader may not see. A `link` or `code` that opens something is taken out
  -- once the mail has left.
  data jsonb not null default '{}' check (jsonb_typeof(data) = 'object'),
  -- `mailed`: part of a mail, which says what became of it. `kept`: no address, or no wish for mail; it is read on /me.
  state text not null default 'waiting' check (state in ('waiting', 'mailed', 'kept', 'cancelled')),
  mail_id uuid references private.mails on delete set null,
  created_at timestamptz not null default private.clock(),
  not_before timestamptz not null
);
create index outbox_waiting on private.outbox (recipient_id, family, not_before) where state = 'waiting';
create index outbox_by_mail on private.outbox (mail_id);
create index outbox_by_subject on private.outbox (subject_id);
create index outbox_by_recipient on private.outbox (recipient_id, created_at desc);
alter table private.outbox enable row level security;

-- Mail waits 15 seconds: a decision taken back within ten has told nobody. Sources and the system read no mail.
create function private.notify(recipient uuid, topic text, subject uuid, data jsonb default '{}', wait interval default '15 seconds')
returns void
language sql
volatile
set search_path = ''
as $$
  insert into private.outbox (recipient_id, topic, subject_id, data, not_before)
  select id, topic, subject, data, private.clock() + wait from private.contributors where id = recipient and kind in ('account', 'visitor');
$$;
comment on function private.notify is 'Something to tell a contributor; the jobs of the web nodes send it once it is due.';

-- Takes back what was to be told of a decision. True when nothing of it has left (or may have) and no page was its only way to be told, so that nobody
-- needs to hear of the undoing either.
create function private.untell(decision uuid)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
begin
  -- A node that is about to send it decides first: this waits for its lease to be written.
  perform from private.mails where id in (select mail_id from private.outbox where data ->> 'decision_id' = decision::text) order by id for update;
  update private.outbox as o set state = 'cancelled'
  where o.data ->> 'decision_id' = decision::text and (o.state = 'waiting'
    or o.state = 'mailed' and exists (select from private.mails as m where m.id = o.mail_id and m.state = 'waiting' and m.handed_at is null));
  return not exists (select from private.outbox as o where o.data ->> 'decision_id' = decision::text and o.state in ('mailed', 'kept'));
end;
$$;
