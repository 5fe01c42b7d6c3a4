-- The frame: `private` holds the truth and everything about people, `public` is the API, `extensions` what we did not write.
-- Everything that comes from PUBLIC, from Supabase's default privileges or from a careless migration is taken away here once, so that each
-- later grant has to be written down.

create schema if not exists extensions;
create schema if not exists private;

create extension if not exists postgis with schema extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists unaccent with schema extensions;

grant usage on schema extensions to anon, authenticated, service_role;

revoke all on schema private from public;
revoke create on schema public from public;
-- The views of `public` belong to us and read `private` in our name; nobody else sets foot there.
grant usage on schema public to anon, authenticated, service_role;

alter default privileges revoke execute on functions from public;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;
alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;

comment on schema private is 'The truth and everything about people. Never exposed: no role of the API has USAGE here.';

-- How a refusal leaves the database (database.md, Errors): PT + HTTP status is kept by PostgREST and by the local Supabase alike; anything else becomes an anonymous 500 on the latter.
create function private.refuse(status int, code text, message text, fact text default '')
returns void
language plpgsql
volatile -- never folded away at planning time
set search_path = ''
as $$
begin
  raise exception using
    errcode = 'PT' || status,
    message = message,
    detail = code,
    hint = coalesce(fact, '');
end;
$$;
comment on function private.refuse is 'Raises PT<status>; DETAIL is the machine''s code, MESSAGE the sentence, HINT the fact concerned.';

-- One spelling of an instant on both databases: the local Supabase drops the T of a timestamptz.
create function private.iso(at timestamptz)
returns text
language sql
stable
set search_path = ''
as $$
  select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
$$;

-- Text is compared and stored in one form: NFC, no space at the ends, null rather than empty.
create function private.tidy(value text)
returns text
language sql
immutable
set search_path = ''
as $$
  select nullif(regexp_replace(normalize(value, NFC), '^\s+|\s+$', '', 'g'), '');
$$;

-- Never the name of a page below a place: its own page would have no address.
create function private.to_slug(value text)
returns text
language sql
stable
set search_path = ''
as $$
  select case when slug in ('edit', 'report', 'history', 'partners') then slug || '-lieu' else coalesce(nullif(slug, ''), 'lieu') end
  from (select left(trim(both '-' from regexp_replace(lower(extensions.unaccent(value)), '[^a-z0-9]+', '-', 'g')), 80) as slug) as made;
$$;

-- A uuid that a client sent, or a refusal that says so; a bad cast would be an anonymous error.
create function private.as_uuid(value jsonb, field text)
returns uuid
language plpgsql
immutable
set search_path = ''
as $$
begin
  if value is null or value = 'null'::jsonb then
    return null;
  end if;
  if jsonb_typeof(value) <> 'string'
    or value #>> '{}' !~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then
    perform private.refuse(400, 'invalid_id', format('%s is not a UUID.', field), field);
  end if;
  return (value #>> '{}')::uuid;
end;
$$;

create function private.as_day(value text, field text)
returns date
language plpgsql
immutable
set search_path = ''
as $$
begin
  if value is null then
    return null;
  end if;
  if value !~ '^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' then
    perform private.refuse(400, 'invalid_date', format('%s is not a day written YYYY-MM-DD.', field), field);
  end if;
  begin
    return value::date;
  exception when datetime_field_overflow then
    perform private.refuse(400, 'invalid_date', format('%s is not a day of the calendar.', field), field);
  end;
  return null;
end;
$$;

create function private.as_instant(value jsonb, field text)
returns timestamptz
language plpgsql
stable
set search_path = ''
as $$
begin
  if value is null or value = 'null'::jsonb then
    return null;
  end if;
  if jsonb_typeof(value) <> 'string'
    or value #>> '{}' !~ '^[12][0-9]{3}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?(Z|[+-][0-2][0-9]:?[0-5][0-9])?)?$' then
    perform private.refuse(400, 'invalid_date', format('%s is not an instant in ISO 8601.', field), field);
  end if;
  begin
    return (value #>> '{}')::timestamptz;
  exception when datetime_field_overflow or invalid_datetime_format or invalid_time_zone_displacement_value then
    perform private.refuse(400, 'invalid_date', format('%s is not an instant of the calendar.', field), field);
  end;
  return null;
end;
$$;
