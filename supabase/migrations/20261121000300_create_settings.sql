-- What a town decides about its own map, one row per subject, each with its own small JSON. Rows marked public are read by everyone.
create table private.settings (
  key text primary key check (key ~ '^[a-z_]{2,40}$'),
  value jsonb not null check (jsonb_typeof(value) = 'object' and length(value::text) <= 20000),
  public boolean not null default true,
  updated_at timestamptz not null default now()
);
alter table private.settings enable row level security;
comment on table private.settings is 'Settings of the territory. Only rows marked public leave.';

insert into private.settings (key, value) values
  ('territory', '{"name": "Alentour", "bbox": [-1.7, 47.15, -1.45, 47.3], "center": {"lon": -1.55, "lat": 47.22}, "zoom": 12}'),
  ('licence', '{"id": "etalab-2.0"}'),
  ('demo', '{"on": false}'),
  ('time', '{"zone": "Europe/Paris", "country": "fr", "state": "Pays de la Loire"}'),
  -- How far outside its outline the territory still takes a place, in metres.
  ('ring', '{"metres": 5000}'),
  ('contact', '{"name": ""}');

create function private.setting(setting_key text)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select value from private.settings where key = setting_key;
$$;

-- The time it is. Seeds and stories set another one for their transaction; nothing of the API can (a caller sets no parameters).
create function private.clock()
returns timestamptz
language sql
volatile
set search_path = ''
as $$
  select coalesce(nullif(current_setting('alentour.clock', true), '')::timestamptz, clock_timestamp());
$$;

-- The day it is in the territory: assurances are dated by it.
create function private.today()
returns date
language sql
volatile
set search_path = ''
as $$
  select (private.clock() at time zone coalesce(private.setting('time') ->> 'zone', 'Europe/Paris'))::date;
$$;

-- Who did what in the back office. Names of things, never values of facts; read by nobody through the API.
create table private.audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  contributor_id uuid,
  action text not null check (length(action) <= 60),
  subject text not null check (length(subject) <= 200),
  detail jsonb not null default '{}'
);
alter table private.audit enable row level security;
comment on table private.audit is 'Back-office acts: who, what, on which subject. Holds names of things, never values of facts.';
