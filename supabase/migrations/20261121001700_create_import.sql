-- Rows of a named source become proposals: accepted in the name of a coordinator, or waiting. Called by the command line with the service key.

-- The source, made at its first import. Its own contributor is the author when nobody lends a name.
create function private.ensure_source(source jsonb)
returns private.sources
language plpgsql
volatile
set search_path = ''
as $$
declare
  s private.sources;
  key text := private.read_slug(source);
  author uuid;
begin
  select * into s from private.sources where slug = key for update;
  if s.slug is null then
    insert into private.contributors (kind) values ('source') returning id into author;
    insert into private.sources (slug, name, licence, url, contributor_id)
    values (key, coalesce(private.tidy(source ->> 'name'), key), coalesce(private.check_fact('licence', source -> 'licence') #>> '{}', private.setting('licence') ->> 'id'),
      private.check_fact('website', source -> 'url') #>> '{}', author)
    returning * into s;
  end if;
  return s;
end;
$$;

-- A stable client_id for one state of one row, so that the same row sent twice is one proposal.
create function private.row_client_id(source text, source_id text, content jsonb)
returns text
language sql
immutable
set search_path = ''
as $$
  select encode(substr(sha256(convert_to(source || '|' || source_id || '|' || content::text, 'UTF8')), 1, 16), 'hex')::uuid::text;
$$;

-- Values in stored form; what cannot be stored fails the row, naming the fact.
create function private.stored_facts(facts jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  result jsonb := '{}';
  key text;
  value jsonb;
begin
  for key, value in select * from jsonb_each(facts) loop
    value := private.check_value(key, value, facts ->> 'category');
    if value is not null then
      result := result || jsonb_build_object(key, value);
    end if;
  end loop;
  return result;
end;
$$;

create function private.import_row(s private.sources, who uuid, item jsonb)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  key text := private.tidy(item ->> 'source_id');
  known private.identities;
  facts jsonb;
  operations jsonb;
  body jsonb;
  answer jsonb;
  outcomes text[];
begin
  if key is null or length(key) > 200 or jsonb_typeof(item -> 'facts') is distinct from 'object' then
    perform private.refuse(400, 'invalid_row', 'A row has a source_id and facts.');
  end if;
  -- What a source gives stays under the source's licence: licences don't mix.
  facts := private.stored_facts(jsonb_build_object('licence', s.licence) || (item -> 'facts'));
  select * into known from private.identities where source_slug = s.slug and source_id = key for update;
  -- What was redacted here is not kept again, whatever the source says.
  select facts || coalesce(jsonb_object_agg(e.key, e.value), '{}') into facts from jsonb_each(known.seen) as e where e.value = '{"redacted": true}';
  if known.source_id is null then
    select jsonb_agg(jsonb_build_object('fact', e.key, 'old', null, 'new', e.value) order by e.key) into operations from jsonb_each(facts) as e;
    body := jsonb_build_object('kind', 'create', 'operations', coalesce(operations, '[]'));
  else
    -- Only what the source changed since it was last read, with what it had said then as the value seen.
    select jsonb_agg(jsonb_build_object('fact', k, 'old', known.seen -> k, 'new', facts -> k) order by k) into operations
    from (select jsonb_object_keys(facts) as k union select jsonb_object_keys(known.seen)) as keys
    where not private.same_value(known.seen -> k, facts -> k) and known.seen -> k is distinct from '{"redacted": true}';
    if operations is null then
      return jsonb_build_object('outcome', 'unchanged', 'place_id', known.place_id);
    end if;
    if not exists (select from private.places where id = known.place_id) then
      return jsonb_build_object('outcome', 'pending', 'place_id', known.place_id);
    end if;
    body := jsonb_build_object('kind', 'update', 'place_id', known.place_id, 'operations', operations);
  end if;
  body := body || jsonb_build_object('client_id', private.row_client_id(s.slug, key, jsonb_build_array(coalesce(known.seen, '{}'), facts)), 'method', 'source')
    || case when coalesce(item -> 'seen_on', 'null') <> 'null' then jsonb_build_object('seen_on', item -> 'seen_on') else '{}' end;
  answer := private.submit(coalesce(who, s.contributor_id), body, s.slug);
  insert into private.identities (source_slug, source_id, place_id, seen) values (s.slug, key, (answer ->> 'place_id')::uuid, facts)
  on conflict (source_slug, source_id) do update set seen = excluded.seen, seen_at = now();
  select array_agg(o ->> 'outcome') into outcomes from jsonb_array_elements(answer -> 'operations') as o;
  return jsonb_build_object('place_id', answer -> 'place_id', 'outcome', case
    when 'conflict' = any (outcomes) then 'conflict'
    when 'pending' = any (outcomes) then 'pending'
    when body ->> 'kind' = 'create' then 'created'
    when 'accepted' = any (outcomes) then 'updated'
    else 'unchanged' end);
end;
$$;

-- The organisation that answers for a file's places, made if it isn't there: an empty territory has none yet.
create function private.ensure_organisation(organisation jsonb)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  key text := private.read_slug(organisation);
begin
  if not exists (select from private.organisations where slug = key) then
    insert into private.organisations (slug, name, kind)
    values (key, private.check_text('organisation', organisation -> 'name', 160, false),
      coalesce(private.read_choice(organisation, 'kind', '{public_service,association,collective,company}'), 'public_service'));
    perform private.record_save(null, 'organisation', key, false);
  end if;
end;
$$;

create function public.import_batch(batch jsonb)
returns jsonb
language plpgsql
volatile
security definer -- for the service key only
set search_path = ''
as $$
declare
  s private.sources;
  who uuid;
  item jsonb;
  answer jsonb;
  answers jsonb := '[]';
  code text;
  hint text;
begin
  if jsonb_typeof(batch -> 'rows') is distinct from 'array' or jsonb_array_length(batch -> 'rows') > 200 then
    perform private.refuse(400, 'invalid_batch', 'rows is a list of at most 200.');
  end if;
  if coalesce(batch -> 'as', 'null') <> 'null' then
    select c.id into who from private.contributors as c join auth.users as u on u.id = c.user_id
    where lower(u.email) = lower(batch ->> 'as') and exists (select from private.grants as g where g.contributor_id = c.id and g.role = 'coordinator');
    if who is null then
      perform private.refuse(404, 'unknown_coordinator', 'There is no coordinator with this address.', 'as');
    end if;
  end if;
  s := private.ensure_source(batch -> 'source');
  if coalesce(batch -> 'organisation', 'null') <> 'null' then
    perform private.ensure_organisation(batch -> 'organisation');
  end if;
  for item in select jsonb_array_elements(batch -> 'rows') loop
    begin
      answer := private.import_row(s, who, item);
    exception when others then
      if sqlstate in ('40001', '40P01', '57014') then
        raise;
      end if;
      get stacked diagnostics code = pg_exception_detail, hint = pg_exception_hint;
      answer := jsonb_build_object('outcome', 'refused', 'code', case when sqlstate like 'PT4__' then code else 'internal' end, 'fact', nullif(hint, ''),
        'message', case when sqlstate like 'PT4__' then sqlerrm else 'This row could not be taken.' end);
    end;
    answers := answers || (jsonb_build_object('source_id', item -> 'source_id') || answer);
  end loop;
  if coalesce(batch -> 'dry_run', 'false') = 'true' then
    -- Everything was really tried; taking it back is the transaction's work, the answer travels in the refusal.
    raise exception using errcode = 'PT409', message = 'dry run', detail = 'dry_run', hint = answers::text;
  end if;
  return answers;
end;
$$;

-- Areas of a file, in the order given (parents first). For the service key: an empty territory has no coordinator yet.
create function public.import_areas(areas jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  item jsonb;
  answers jsonb := '[]';
  outcome text;
  code text;
begin
  if jsonb_typeof(areas) is distinct from 'array' or jsonb_array_length(areas) > 200 then
    perform private.refuse(400, 'invalid_batch', 'areas is a list of at most 200.');
  end if;
  for item in select jsonb_array_elements(areas) loop
    begin
      perform private.read_slug(item);
      outcome := private.put_area(item);
      if outcome <> 'unchanged' then
        perform private.record_save(null, 'area', item ->> 'slug', outcome = 'updated');
      end if;
      answers := answers || jsonb_build_object('slug', item -> 'slug', 'outcome', outcome);
    exception when others then
      get stacked diagnostics code = pg_exception_detail;
      answers := answers || jsonb_build_object('slug', item -> 'slug', 'outcome', 'refused', 'message', sqlerrm, 'code', case when sqlstate like 'PT4__' then code else 'invalid_area' end);
    end;
  end loop;
  return answers;
end;
$$;

grant execute on function public.import_batch(jsonb), public.import_areas(jsonb) to service_role;
