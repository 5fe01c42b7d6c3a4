-- The public change feed. Names, never values: a reader takes the present row, so what was withheld meanwhile cannot come back through it.
create table private.changes (
  seq bigint primary key,
  at timestamptz not null default now(),
  subject text not null check (subject in ('place', 'theme', 'category', 'area', 'organisation', 'dataset', 'settings')),
  id text not null check (length(id) <= 100),
  version int,
  kind text not null check (kind in ('created', 'updated', 'verified', 'withdrawn', 'ended', 'reopened', 'merged', 'redacted')),
  facts text[] not null default '{}',
  reason text check (length(reason) <= 40),
  into_id text
);
-- A loader asks for the last word on places that are gone.
create index changes_tombstones on private.changes (seq) where kind in ('ended', 'merged', 'withdrawn');
alter table private.changes enable row level security;

-- One row, one number: taken last in the transaction and held until its commit, so that the order of numbers is the order of commits and a
-- rollback leaves no gap. A sequence would do neither.
create table private.change_counter (
  only_row boolean primary key default true check (only_row),
  seq bigint not null default 0
);
insert into private.change_counter default values;
alter table private.change_counter enable row level security;

-- What the running transaction will announce. It is emptied by a trigger deferred to the commit: a batch may lock places after its first
-- entry has announced something, and taking the counter early would then deadlock with a writer that holds one of these places.
create table private.change_queue (
  id bigint generated always as identity primary key,
  subject text not null,
  subject_id text not null,
  version int,
  kind text not null,
  facts text[] not null,
  reason text,
  into_id text
);
alter table private.change_queue enable row level security;

create function private.flush_change()
returns trigger
language plpgsql
security definer -- fires at commit under the caller's role, which may touch neither table
set search_path = ''
as $$
declare
  next_seq bigint;
begin
  update private.change_counter set seq = seq + 1 returning seq into next_seq;
  insert into private.changes (seq, subject, id, version, kind, facts, reason, into_id)
  values (next_seq, new.subject, new.subject_id, new.version, new.kind, new.facts, new.reason, new.into_id);
  delete from private.change_queue where id = new.id;
  return null;
end;
$$;

create constraint trigger flush_change
  after insert on private.change_queue
  deferrable initially deferred
  for each row execute function private.flush_change();

create function private.announce(
  subject text, subject_id text, version int, kind text,
  facts text[] default '{}', reason text default null, into_id text default null
)
returns void
language sql
volatile
set search_path = ''
as $$
  insert into private.change_queue (subject, subject_id, version, kind, facts, reason, into_id)
  values ($1, $2, $3, $4, $5, $6, $7);
$$;
comment on function private.announce is 'Queues one entry of the change feed; it gets its number at commit.';
