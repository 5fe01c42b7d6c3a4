-- Taking a value, a note or a name out of everything that keeps it. The chain keeps the commitment and still verifies.

-- {subject: 'value', place_id, fact, value, reason} | {subject: 'note', proposal_id, reason} | {subject: 'author', contributor_id, reason}
-- | {subject: 'report', report_id, reason} | {subject: 'photo', photo_id, erase?, reason}: its words, with `erase` the picture and its copies too.
create function public.redact(redaction jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_whole_coordinator();
  subject text := private.read_choice(redaction, 'subject', '{value,author,note,report,photo}');
  reason text := private.check_text('reason', coalesce(redaction -> 'reason', 'null'), 200, false);
  place uuid := private.as_uuid(redaction -> 'place_id', 'place_id');
begin
  if subject is null or reason is null then
    perform private.refuse(400, 'missing_reason', 'A redaction says what and why.', 'reason');
  end if;
  case subject
    when 'value' then perform private.redact_value(who, redaction, reason);
    when 'note' then perform private.redact_note(private.as_uuid(redaction -> 'proposal_id', 'proposal_id'));
    when 'report' then place := private.redact_report(private.as_uuid(redaction -> 'report_id', 'report_id'));
    when 'photo' then place := private.redact_photo(who, private.as_uuid(redaction -> 'photo_id', 'photo_id'), coalesce(redaction -> 'erase', 'false') = 'true');
    else perform private.redact_author(private.as_uuid(redaction -> 'contributor_id', 'contributor_id'));
  end case;
  insert into private.redactions (by_contributor, subject, place_id, fact, reason)
  values (who, subject, place, redaction ->> 'fact', reason);
  return jsonb_build_object('redacted', subject);
end;
$$;

-- Whether `content`, recorded for one fact path, tells a value of another: the same value, a list that shares an entry with it, an offer given
-- whole that holds it, or a fact of an offer that went with it.
create function private.tells(recorded text, content jsonb, path text, value jsonb)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select coalesce(case
    when recorded = path and jsonb_typeof(content) = 'array' and jsonb_typeof(value) = 'array' then
      exists (select from jsonb_array_elements(content) as e (item) where tells.value @> jsonb_build_array(e.item))
    when recorded = path then private.same_value(content, value)
    when left(recorded, 42) <> left(path, 42) or path not like 'offer:%' then false
    when length(recorded) = 42 then private.same_value(content -> substr(path, 44), value)
    when length(path) = 42 then private.same_value(value -> substr(recorded, 44), content)
    else false
  end, false);
$$;

-- Empties a stored answer of a value it repeats.
create function private.without_value(answer jsonb, redacted_fact text, value jsonb)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select case when answer ? 'operations' then jsonb_set(answer, '{operations}', coalesce((
    select jsonb_agg(case when private.tells(o.op ->> 'fact', o.op -> 'current', redacted_fact, without_value.value)
      then o.op || '{"current": null, "redacted": true}' else o.op end)
    from jsonb_array_elements(answer -> 'operations') as o (op)), '[]')) else answer end;
$$;

create function private.redact_value(who uuid, redaction jsonb, reason text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  target uuid := private.as_uuid(redaction -> 'place_id', 'place_id');
  path text := redaction ->> 'fact';
  gone jsonb := redaction -> 'value';
  place private.places;
  found_any boolean := false;
  present boolean;
  v record;
begin
  -- In the order in which a decision takes them.
  perform from private.proposals where place_id = target order by id for update;
  select * into place from private.places where id = target for update;
  if place.id is null then
    perform private.refuse(404, 'unknown_place', 'There is no such place.', 'place_id');
  elsif path ~ '^offer:' and path !~ '^offer:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.[a-z_]{1,40})?$' then
    perform private.refuse(400, 'unknown_fact', 'An offer is named offer:<uuid>.', left(path, 60));
  elsif coalesce(gone, 'null') = 'null' or path is null then
    perform private.refuse(400, 'invalid_value', 'Give the fact and the value to take out.', 'value');
  elsif path in ('kind', 'category', 'position') then
    perform private.refuse(400, 'invalid_value', 'This fact holds nothing personal by itself: change it instead.', path);
  end if;
  -- Present it is no longer: a version of its own, so that the place's number moves and its readers look again. A name says '—' instead, since
  -- neither a place nor an offer can be without one.
  present := private.same_value(private.current_value(place, path), gone);
  if present then
    found_any := true;
    perform private.apply_version(target, 'redacted', jsonb_build_array(jsonb_build_object('fact', path, 'old', gone,
      'new', case when path in ('name', left(path, 42) || '.name') then to_jsonb('—'::text) end)), row(who, 'coordinator', null, null, null, null, null, 'resident', null, null, null), false);
  end if;
  for v in update private.version_operations set old = null, new = null, salt = null
    where place_id = target and salt is not null and (private.tells(fact, old, path, gone) or private.tells(fact, new, path, gone)) returning version loop
    found_any := true;
  end loop;
  update private.operations as o set
    old = case when private.tells(o.fact, o.old, path, gone) then null else o.old end,
    new = case when private.tells(o.fact, o.new, path, gone) then null else o.new end,
    add = case when private.tells(o.fact, o.add, path, gone) then null else o.add end,
    remove = case when private.tells(o.fact, o.remove, path, gone) then null else o.remove end
  from private.proposals as p where p.id = o.proposal_id and p.place_id = target
    and (private.tells(o.fact, o.old, path, gone) or private.tells(o.fact, o.new, path, gone)
      or private.tells(o.fact, o.add, path, gone) or private.tells(o.fact, o.remove, path, gone));
  found_any := found_any or found;
  -- What waited with this value waits no longer.
  update private.operations as o set outcome = 'refused'
  from private.proposals as p where p.id = o.proposal_id and p.place_id = target and o.fact in (path, left(path, 42)) and o.new is null and o.add is null and o.remove is null
    and o.outcome in ('pending', 'conflict') and o.old is null;
  update private.decisions as d set effects = (
    select coalesce(jsonb_agg(case when private.tells(e ->> 'fact', e -> 'old', path, gone) or private.tells(e ->> 'fact', e -> 'new', path, gone)
      then jsonb_build_object('fact', e -> 'fact', 'redacted', true) else e end), '[]') from jsonb_array_elements(d.effects) as e)
  where d.place_id = target and d.effects <> '[]';
  update private.proposals as p set answer = private.without_value(p.answer, path, gone) where p.place_id = target and p.answer is not null;
  -- A source that said it will say it again: from now on nothing is taken from it for this fact (import_row reads this mark).
  update private.identities set seen = (
    select jsonb_object_agg(e.key, case when private.tells(e.key, e.value, path, gone) then '{"redacted": true}' else e.value end) from jsonb_each(seen) as e)
  where place_id = target and seen <> '{}';
  -- What was told about it called it by its name.
  if path = 'name' then
    update private.outbox as o set data = o.data || '{"place_name": "—"}'
    where o.data ->> 'place_name' = gone #>> '{}' and o.subject_id in (
      select p.id from private.proposals as p where p.place_id = target
      union all select a.id from private.appeals as a join private.decisions as d on d.id = a.decision_id where d.place_id = target);
  end if;
  if not found_any then
    perform private.refuse(404, 'unknown_value', 'This value is not in the history of this place.', 'value');
  end if;
  perform private.refresh_public(target);
  select * into place from private.places where id = target;
  if private.is_public(place) and not present then
    perform private.announce('place', target::text, place.version, 'redacted', private.open_facts(place, array[path]));
  end if;
end;
$$;

create function private.redact_note(target uuid)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  update private.proposals set note = null, handed_message = null where id = target;
  if not found then
    perform private.refuse(404, 'unknown_proposal', 'There is no such proposal.', 'proposal_id');
  end if;
  update private.place_versions set note = null, note_salt = null where proposal_id = target;
  -- What was answered to it may repeat it.
  update private.decisions set message = null where proposal_id = target;
  -- An appeal is never without words.
  update private.appeals as a set text = '—', message = case when a.message is not null then '—' end
  from private.decisions as d where d.id = a.decision_id and d.proposal_id = target;
  update private.outbox as o set data = o.data || '{"message": "—"}'
  where o.data ? 'message' and (o.subject_id = target
    or o.subject_id in (select a.id from private.appeals as a join private.decisions as d on d.id = a.decision_id where d.proposal_id = target));
end;
$$;

-- What somebody wrote to say that something is wrong, and what she was answered. Answers its place.
create function private.redact_report(target uuid)
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
declare
  place uuid;
begin
  update private.reports set text = null, url = null where id = target returning place_id into place;
  if place is null then
    perform private.refuse(404, 'unknown_report', 'There is no such report.', 'report_id');
  end if;
  update private.report_decisions set message = null where report_id = target;
  update private.outbox set data = data || '{"message": "—"}' where subject_id = target and data ? 'message';
  return place;
end;
$$;

-- The person leaves every record; the role and the organisation stay, since they answer for the fact.
create function private.redact_author(target uuid)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  update private.contributors set display_name = null where id = target and kind in ('account', 'visitor');
  if not found then
    perform private.refuse(404, 'unknown_holder', 'There is no such person.', 'contributor_id');
  end if;
  update private.place_versions set author_id = null, author_salt = null where author_id = target;
end;
$$;

-- Recomputes the chain of up to `n` places after `after`, in id order. Empty `breaks` and null `next` mean: all verified.
create function public.verify_chain(after uuid default null, n int default 500)
returns jsonb
language plpgsql
stable
security definer -- reads the whole history; for the service key only
set search_path = ''
as $$
declare
  place private.places;
  v private.place_versions;
  previous bytea;
  expected int;
  broken jsonb := '[]';
  last uuid;
  counted int := 0;
begin
  for place in select * from private.places where after is null or id > after order by id limit least(n, 2000) loop
    last := place.id;
    counted := counted + 1;
    previous := null;
    expected := 1;
    for v in select * from private.place_versions where place_id = place.id order by version loop
      if v.version <> expected or v.previous_hash is distinct from previous or v.hash is distinct from private.version_hash(v)
        or v.author_salt is not null and v.author_commitment <> private.commitment(v.author_salt, v.author_id::text)
        or v.note_salt is not null and v.note_commitment <> private.commitment(v.note_salt, v.note)
        or exists (select from private.version_operations as o where o.place_id = v.place_id and o.version = v.version and o.salt is not null
          and o.commitment <> private.commitment(o.salt, private.operation_content(o.old, o.new))) then
        broken := broken || jsonb_build_object('place_id', place.id, 'version', v.version);
        exit;
      end if;
      previous := v.hash;
      expected := expected + 1;
    end loop;
    -- What stands now is what the last version of each fact says; an offer's parts change after it was given whole.
    if not broken @> jsonb_build_array(jsonb_build_object('place_id', place.id)) and exists (
      select from (
        select distinct on (o.fact) o.* from private.version_operations as o where o.place_id = place.id order by o.fact, o.version desc, o.ordinal desc
      ) as said
      where said.salt is not null and said.fact not like 'offer:%' and not private.same_value(said.new, private.current_value(place, said.fact))
    ) then
      broken := broken || jsonb_build_object('place_id', place.id, 'version', place.version);
    end if;
    if place.version <> expected - 1 and not broken @> jsonb_build_array(jsonb_build_object('place_id', place.id)) or place.hash is distinct from previous and not broken @> jsonb_build_array(jsonb_build_object('place_id', place.id)) then
      broken := broken || jsonb_build_object('place_id', place.id, 'version', expected);
    end if;
  end loop;
  return jsonb_build_object('checked', counted, 'breaks', broken, 'next', case when counted = least(n, 2000) then last end);
end;
$$;

grant execute on function public.redact(jsonb) to authenticated;
grant execute on function public.verify_chain(uuid, int) to service_role;
