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

-- What somebody is to be told, written in the transaction that gives the reason for it: a decision that is rolled back tells nobody, and one that is
-- committed is not forgotten. Who it goes to is looked up when it leaves; the row itself names no address.
create table private.outbox (
  id uuid primary key default gen_random_uuid(),
  recipient_id uuid not null references private.contributors on delete cascade,
  topic text not null check (topic ~ '^[a-z]+(_[a-z]+)*$' and length(topic) <= 40),
  -- The proposal, report, decision or place that it is about.
  subject_id uuid,
  -- Names of things for the text; no address, no value of a fact that its reader may not see.
  data jsonb not null default '{}' check (jsonb_typeof(data) = 'object'),
  created_at timestamptz not null default private.clock(),
  not_before timestamptz not null
);
create index outbox_waiting on private.outbox (not_before);
create index outbox_by_subject on private.outbox (subject_id);
alter table private.outbox enable row level security;

-- Mail waits 15 seconds: a decision taken back within ten has told nobody.
create function private.notify(recipient uuid, topic text, subject uuid, data jsonb default '{}', wait interval default '15 seconds')
returns void
language sql
volatile
set search_path = ''
as $$
  insert into private.outbox (recipient_id, topic, subject_id, data, not_before)
  select recipient, topic, subject, data, private.clock() + wait where recipient is not null;
$$;
comment on function private.notify is 'Something to tell a contributor; the jobs of the web nodes send it once it is due.';
