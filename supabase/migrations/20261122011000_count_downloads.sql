-- How often each dataset is taken, by format and day. No address, no browser, no person: a number.
create table private.downloads (
  day date not null,
  dataset text not null check (dataset ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(dataset) <= 60),
  format text not null check (format ~ '^[a-z]+(\.[a-z]+)?$' and length(format) <= 20),
  count bigint not null check (count > 0),
  primary key (day, dataset, format)
);
alter table private.downloads enable row level security;
comment on table private.downloads is 'Whole or partial files sent, per day of the territory; nothing about who asked.';

-- What was counted already, so that a batch whose answer got lost is not counted twice.
create table private.download_batches (
  id uuid primary key,
  counted_at timestamptz not null default private.clock()
);
alter table private.download_batches enable row level security;

-- {id, counts: [{day, dataset, format, count}]}; false when that batch was counted before.
create function public.count_downloads(batch jsonb)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  batch_id uuid := private.as_uuid(batch -> 'id', 'id');
begin
  if batch_id is null or jsonb_typeof(batch -> 'counts') is distinct from 'array' or jsonb_array_length(batch -> 'counts') not between 1 and 1000
    or exists (
      select from jsonb_array_elements(batch -> 'counts') as c
      where jsonb_typeof(c) <> 'object' or coalesce(c ->> 'day', '') !~ '^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$'
        or coalesce(c ->> 'dataset', '') !~ '^[a-z0-9]+(-[a-z0-9]+)*$' or length(c ->> 'dataset') > 60
        or coalesce(c ->> 'format', '') !~ '^[a-z]+(\.[a-z]+)?$' or length(c ->> 'format') > 20
        or jsonb_typeof(c -> 'count') is distinct from 'number' or coalesce(c ->> 'count', '') !~ '^[1-9]\d{0,8}$'
    ) then
    perform private.refuse(400, 'invalid_counts', 'A batch is {id, counts: [{day, dataset, format, count}]}.', 'counts');
  end if;
  insert into private.download_batches (id) values (batch_id) on conflict do nothing;
  if not found then
    return false;
  end if;
  insert into private.downloads as d (day, dataset, format, count)
  select (c ->> 'day')::date, c ->> 'dataset', c ->> 'format', sum((c ->> 'count')::bigint)
  from jsonb_array_elements(batch -> 'counts') as c group by 1, 2, 3 order by 1, 2, 3
  on conflict (day, dataset, format) do update set count = d.count + excluded.count;
  return true;
exception when datetime_field_overflow then
  perform private.refuse(400, 'invalid_counts', 'There is no such day.', 'counts');
end;
$$;
comment on function public.count_downloads is 'Adds what a node has counted in memory; the service key only.';

-- The last twelve months, newest first, for the coordination.
create function public.list_downloads()
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  perform private.require_whole_coordinator();
  return (
    select coalesce(jsonb_agg(jsonb_build_object('month', m.month, 'dataset', m.dataset, 'format', m.format, 'count', m.count) order by m.month desc, m.dataset, m.format), '[]')
    from (
      select to_char(day, 'YYYY-MM') as month, dataset, format, sum(count) as count
      from private.downloads where day >= (private.today() - interval '12 months')::date group by 1, 2, 3
    ) as m
  );
end;
$$;
comment on function public.list_downloads is 'Files taken per month, dataset and format; coordinators of everything only.';

grant execute on function public.count_downloads(jsonb) to service_role;
grant execute on function public.list_downloads() to authenticated;

create function private.forget_download_batches()
returns void
language sql
volatile
set search_path = ''
as $$
  delete from private.download_batches where counted_at < private.clock() - interval '2 days';
$$;
insert into private.jobs (kind, every, routine) values ('forget_download_batches', '1 day', 'private.forget_download_batches()');
