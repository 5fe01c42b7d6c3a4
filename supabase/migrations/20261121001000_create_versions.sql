-- The history of each place: append-only, chained, and yet a value or a name can be taken out of it. The chain runs over commitments
-- (sha256 of salt and content), not over contents: redaction destroys content and salt and keeps the commitment.
create table private.place_versions (
  place_id uuid not null references private.places on delete restrict,
  version int not null check (version > 0),
  kind text not null check (kind in ('created', 'updated', 'ended', 'reopened', 'merged', 'redacted')),
  decided_at timestamptz not null,
  proposal_id uuid references private.proposals on delete restrict,
  decision_id uuid references private.decisions on delete restrict,
  by_role text not null,
  by_organisation text,
  source_slug text,
  reason text,
  into_place_id uuid,
  author_id uuid references private.contributors on delete restrict,
  author_salt bytea,
  author_commitment bytea not null,
  note text,
  note_salt bytea,
  note_commitment bytea not null,
  previous_hash bytea,
  hash bytea not null,
  primary key (place_id, version)
);
alter table private.place_versions enable row level security;

create table private.version_operations (
  place_id uuid not null,
  version int not null,
  ordinal int not null,
  fact text not null,
  old jsonb,
  new jsonb,
  salt bytea,
  commitment bytea not null,
  primary key (place_id, version, ordinal),
  -- Deferred: the operations come first, because the version's hash is made of them.
  foreign key (place_id, version) references private.place_versions on delete no action deferrable initially deferred
);
alter table private.version_operations enable row level security;

create table private.redactions (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  by_contributor uuid references private.contributors on delete restrict,
  subject text not null check (subject in ('value', 'author', 'note', 'report', 'photo')),
  place_id uuid,
  fact text,
  reason text not null check (length(reason) between 1 and 200)
);
alter table private.redactions enable row level security;

-- Append-only, by the database itself: the only update is one that takes content out and leaves its commitment.
create function private.keep_history()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  before jsonb;
  after jsonb;
  key text;
begin
  if tg_op = 'UPDATE' then
    before := to_jsonb(old);
    after := to_jsonb(new);
    for key in select k from jsonb_object_keys(before) as k where before -> k is distinct from after -> k loop
      if key not in ('old', 'new', 'salt', 'author_id', 'author_salt', 'note', 'note_salt') or after -> key <> 'null'::jsonb then
        perform private.refuse(409, 'history_is_kept', 'History is append-only.');
      end if;
    end loop;
    return new;
  end if;
  perform private.refuse(409, 'history_is_kept', 'History is append-only.');
  return null;
end;
$$;
create trigger keep_history before update or delete on private.place_versions for each row execute function private.keep_history();
create trigger keep_history before update or delete on private.version_operations for each row execute function private.keep_history();
create trigger keep_history_whole before truncate on private.place_versions for each statement execute function private.keep_history();
create trigger keep_history_whole before truncate on private.version_operations for each statement execute function private.keep_history();

create function private.new_salt()
returns bytea
language sql
volatile
set search_path = ''
as $$
  select uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
$$;

create function private.commitment(salt bytea, content text)
returns bytea
language sql
immutable
set search_path = ''
as $$
  select sha256(salt || convert_to(coalesce(content, ''), 'UTF8'));
$$;

-- jsonb's own text is canonical: keys sorted, one spelling of white space; numbers keep their scale, which check_value fixed.
create function private.operation_content(old jsonb, new jsonb)
returns text
language sql
immutable
set search_path = ''
as $$
  select jsonb_build_object('old', old, 'new', new)::text;
$$;

create function private.version_hash(v private.place_versions)
returns bytea
language sql
stable
set search_path = ''
as $$
  select sha256(coalesce(v.previous_hash, ''::bytea) || convert_to(concat_ws('|',
    v.place_id, v.version, v.kind, to_char(v.decided_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    coalesce((
      select string_agg(o.fact || ':' || encode(o.commitment, 'hex'), ',' order by o.ordinal)
      from private.version_operations as o where o.place_id = v.place_id and o.version = v.version), ''),
    encode(v.author_commitment, 'hex'), encode(v.note_commitment, 'hex')), 'UTF8'));
$$;

-- History as a reader may know it: only facts she may see, values that were not redacted; a creation lists names alone, because the later
-- versions say what the values were. A place whose precision is hidden doesn't show where it had been either.
create function private.history_of(place private.places, hidden text[])
returns jsonb
language sql
stable
security definer -- called inside views, where functions run under the reader's rights
set search_path = ''
as $$
  select coalesce(jsonb_agg(entry order by version), '[]')
  from (
    select v.version, jsonb_build_object(
      'version', v.version, 'kind', v.kind, 'on', to_char(v.decided_at at time zone coalesce(private.setting('time') ->> 'zone', 'Europe/Paris'), 'YYYY-MM-DD'),
      'by_role', v.by_role, 'by_organisation', v.by_organisation, 'source', v.source_slug, 'reason', v.reason
    ) || case when v.kind = 'created' then jsonb_build_object('facts', coalesce(jsonb_agg(o.fact order by o.ordinal) filter (where o.shown), '[]'))
      else jsonb_build_object('operations', coalesce(jsonb_agg(
        jsonb_build_object('fact', o.fact, 'old', o.old, 'new', o.new) || case when o.salt is null then '{"redacted": true}'::jsonb else '{}' end
        order by o.ordinal) filter (where o.shown), '[]')) end as entry
    from private.place_versions as v
    left join lateral (
      select vo.*, vo.fact <> all (hidden) and left(vo.fact, 42) <> all (hidden)
        and (vo.fact <> 'position' or coalesce(place.facts ->> 'precision', 'exact') = 'exact' or 'address' <> all (hidden)) as shown
      from private.version_operations as vo where vo.place_id = v.place_id and vo.version = v.version
    ) as o on true
    where v.place_id = place.id
    group by v.place_id, v.version
  ) as entries;
$$;

-- What anonymous reads of the parts that live in other tables, kept on the row.
create function private.refresh_public(target uuid)
returns void
language sql
volatile
set search_path = ''
as $$
  update private.places as p
  set public_offers = private.offers_of(p.id, p.closed_facts, p.assurances),
      public_history = private.history_of(p, p.closed_facts)
  where p.id = target;
$$;
