-- Work that comes back by itself: leased, so that of several web nodes one does it; idempotent, because a lease may end in the middle; tried again with
-- back-off; its last outcome visible to the coordinator. A periodic function of the database is one line here: a kind, how often, its name.
create table private.jobs (
  kind text primary key check (kind ~ '^[a-z]+(_[a-z]+)*$' and length(kind) <= 60),
  every interval not null check (every >= interval '1 second'),
  -- A function of ours without arguments that does it; null = the application does (src/lib/server/jobs/registry.ts).
  routine text check (length(routine) <= 100),
  due_at timestamptz not null default private.clock(),
  attempts int not null default 0,
  leased_by uuid,
  leased_until timestamptz,
  last_started_at timestamptz,
  last_done_at timestamptz,
  -- A code, never a sentence of the database: that one may quote a value.
  last_error text check (length(last_error) <= 60)
);
alter table private.jobs enable row level security;

-- One piece of work that is due and that this node knows how to do; null when there is none. Writes nothing then.
create function public.lease_job(worker uuid, kinds text[])
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  j private.jobs;
begin
  select * into j from private.jobs
  where due_at <= private.clock() and (leased_until is null or leased_until < private.clock())
    and (case when routine is null then kind = any (kinds) else to_regprocedure(routine) is not null end)
  order by due_at for update skip locked limit 1;
  if j.kind is null then
    return null;
  end if;
  update private.jobs set leased_by = worker, leased_until = private.clock() + interval '5 minutes', last_started_at = private.clock(), attempts = j.attempts + 1
  where kind = j.kind;
  return jsonb_build_object('kind', j.kind, 'routine', j.routine is not null);
end;
$$;
comment on function public.lease_job is 'Gives a node one job that is due, for five minutes; the service key only.';

-- The next time is counted from now: a town that was closed for a month purges once.
create function public.finish_job(worker uuid, kind text, error text default null)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  update private.jobs as j set leased_by = null, leased_until = null,
    attempts = case when finish_job.error is null then 0 else j.attempts end,
    last_error = left(finish_job.error, 60),
    last_done_at = case when finish_job.error is null then private.clock() else j.last_done_at end,
    due_at = private.clock() + case when finish_job.error is null then j.every else least(interval '10 seconds' * power(2, least(j.attempts, 12) - 1), j.every, interval '1 hour') end
  where j.kind = finish_job.kind and j.leased_by = worker;
  return found;
end;
$$;

-- Does what the lease is for, in the transaction of the call.
create function public.run_routine(worker uuid, kind text)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  name text;
begin
  select j.routine into name from private.jobs as j where j.kind = run_routine.kind and j.leased_by = worker and j.leased_until > private.clock() for update;
  if name is null then
    return false;
  end if;
  execute 'select ' || name;
  return public.finish_job(worker, run_routine.kind);
end;
$$;
comment on function public.run_routine is 'Runs the function of a leased job and finishes it; the service key only.';

grant execute on function public.lease_job(uuid, text[]), public.finish_job(uuid, text, text), public.run_routine(uuid, text) to service_role;

-- What was told stays readable on /me for a year, as do the mails' own rows for the coordinator.
create function private.purge_outbox()
returns void
language sql
volatile
set search_path = ''
as $$
  delete from private.outbox where created_at < private.clock() - interval '12 months';
  delete from private.mails as m where m.created_at < private.clock() - interval '12 months' and not exists (select from private.outbox as o where o.mail_id = m.id);
$$;

-- The registry of periodic functions. One that does not exist (yet) is passed over.
insert into private.jobs (kind, every, routine) values
  ('purge_outbox', '1 day', 'private.purge_outbox()'),
  ('purge_visitor_contacts', '1 day', 'private.purge_visitor_contacts()');
