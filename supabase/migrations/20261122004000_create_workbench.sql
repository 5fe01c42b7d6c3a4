-- What a moderator's desk adds to deciding: what helps with one item, handing it on, being away, several at once, two places made one.
insert into private.settings (key, value) values
  -- How many working days somebody should wait for an answer at most; shown beside what waits longer.
  ('moderation', '{"target_days": 5}');

-- A waiting proposal and its place, for somebody who may decide on it (an author's own is not hers to work on).
create function private.require_item(who uuid, p private.proposals)
returns private.places
language plpgsql
stable
set search_path = ''
as $$
declare
  place private.places;
begin
  select * into place from private.places where id = p.place_id;
  perform private.require_decider(who, p, place, coalesce(place.area_slug, p.area_slug), coalesce(place.theme_slug, p.theme_slug));
  if p.state not in ('open', 'asked') then
    perform private.refuse(409, 'already_decided', 'This proposal has been decided or withdrawn meanwhile.');
  end if;
  return place;
end;
$$;

-- Who else may decide on it: every account with a right in that area and theme, but its author.
create function private.deciders_of(p private.proposals, place private.places)
returns setof private.contributors
language sql
stable
set search_path = ''
as $$
  select c.* from private.contributors as c
  where c.user_id is not null and c.id <> p.author_id
    and exists (select from private.grants as g where g.contributor_id = c.id and g.role in ('moderator', 'coordinator'))
    and private.hat_for(c.id, 'decide', case when place.id is null then p.area_slug else place.area_slug end, coalesce(place.theme_slug, p.theme_slug), null) is not null;
$$;

-- What helps to decide on one item and would be too dear in a list: of the author's earlier proposals only how many became what.
create function public.moderation_item(item_id uuid)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  who uuid := private.contributor_id();
  p private.proposals;
  place private.places;
begin
  select * into p from private.proposals where id = item_id and state in ('open', 'asked') and kind <> 'confirm';
  select * into place from private.places where id = p.place_id;
  if who is null then
    perform private.refuse(401, 'not_signed_in', 'Sign in first.');
  elsif p.id is null or private.hat_for(who, 'decide', case when place.id is null then p.area_slug else place.area_slug end, coalesce(place.theme_slug, p.theme_slug), null) is null then
    perform private.refuse(404, 'unknown_proposal', 'There is no such proposal.');
  end if;
  return jsonb_build_object(
    'record', (select coalesce(jsonb_object_agg(state, n), '{}') from (
      select earlier.state, count(*) as n from private.proposals as earlier
      where earlier.author_id = p.author_id and earlier.id <> p.id and earlier.kind <> 'confirm' and p.author_id <> who group by earlier.state) as states),
    'others', (select coalesce(jsonb_agg(o order by o ->> 'created_at'), '[]') from (
      select jsonb_build_object('id', other.id, 'kind', other.kind, 'author_role', other.author_role, 'created_at', private.iso(other.created_at),
        'facts', (select coalesce(jsonb_agg(op.fact order by op.ordinal), '[]') from private.operations as op where op.proposal_id = other.id)) as o
      from private.proposals as other
      where other.place_id = p.place_id and other.id <> p.id and other.state in ('open', 'asked') order by other.created_at limit 20) as found),
    'questions', (select coalesce(jsonb_agg(jsonb_build_object('at', private.iso(d.decided_at), 'message', d.message) order by d.decided_at), '[]')
      from private.decisions as d where d.proposal_id = p.id and d.outcome = 'ask'),
    'colleagues', (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', c.display_name,
        'away_until', case when c.absent_until >= private.today() then c.absent_until end) order by c.display_name, c.id), '[]')
      from private.deciders_of(p, place) as c where c.id <> who));
end;
$$;
comment on function public.moderation_item is 'What helps a moderator with one item: counts of its author''s earlier proposals, other proposals on the place, questions asked, colleagues.';

-- {to: a colleague, message?} hands it to her; {to: null} gives it back to everybody. The others may still decide: an item is never stuck with anyone.
create function public.hand_item(item_id uuid, handing jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  p private.proposals := private.lock_waiting(item_id);
  place private.places := private.require_item(who, p);
  recipient uuid := case when coalesce(handing -> 'to', 'null') <> 'null' then private.as_uuid(handing -> 'to', 'to') end;
  word text := case when coalesce(handing -> 'message', 'null') <> 'null' then private.check_text('message', handing -> 'message', 500, true) end;
  colleague private.contributors;
begin
  if recipient is not null then
    select * into colleague from private.deciders_of(p, place) where id = recipient;
    if colleague.id is null then
      perform private.refuse(403, 'not_a_colleague', 'She may not decide on this one.', 'to');
    elsif colleague.absent_until >= private.today() then
      perform private.refuse(409, 'colleague_away', 'She is away.', 'to');
    end if;
  end if;
  if p.handed_to is distinct from recipient or p.handed_message is distinct from word then
    update private.proposals set handed_to = recipient, handed_by = who, handed_message = word, claimed_by = null, claimed_until = null where id = p.id;
    if recipient <> who then
      perform private.notify(recipient, 'item_handed', p.id, jsonb_build_object('place_name', coalesce(place.facts ->> 'name',
        (select o.new #>> '{}' from private.operations as o where o.proposal_id = p.id and o.fact = 'name'))));
    end if;
  end if;
  return jsonb_build_object('item_id', p.id, 'handed_to', recipient);
end;
$$;
comment on function public.hand_item is 'Hands a waiting item to a colleague in scope, who is told, or gives it back to the queue.';

-- {until: a day | null}: while she is away, what was handed to her is everybody's.
create function public.save_absence(absence jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  day text := absence ->> 'until';
  until date;
begin
  if not exists (select from private.grants where contributor_id = who and role in ('moderator', 'coordinator')) then
    perform private.refuse(403, 'not_in_scope', 'Only who decides can be away from it.');
  end if;
  if day is not null then
    until := private.as_day(day, 'until');
    if until < private.today() or until > private.today() + 366 then
      perform private.refuse(400, 'invalid_date', 'An absence ends within a year, today at the earliest.', 'until');
    end if;
  end if;
  update private.contributors set absent_until = until where id = who;
  return jsonb_build_object('until', until);
end;
$$;

-- The desk of whoever asks: until when she is away, and, for a coordinator of the whole, who could be named to hear appeals and who is.
create function public.my_desk()
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  who uuid := private.contributor_id();
begin
  if not exists (select from private.grants where contributor_id = who and role in ('moderator', 'coordinator')) then
    perform private.refuse(403, 'not_in_scope', 'Only who decides has a desk.');
  end if;
  return jsonb_build_object('away_until', (select absent_until from private.contributors where id = who and absent_until >= private.today()))
    || case when exists (select from private.grants where contributor_id = who and role = 'coordinator' and areas is null and themes is null)
      then jsonb_build_object('hearer', private.setting('appeals') -> 'contributor_id', 'hearers', (
        select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', c.display_name) order by c.display_name, c.id), '[]') from private.contributors as c
        where c.user_id is not null and exists (select from private.grants as g where g.contributor_id = c.id and g.role in ('moderator', 'coordinator'))))
      else '{}' end;
end;
$$;

-- One answer per entry, each in its savepoint. A word for several is never a word about a conflict: that one is looked at by itself.
create function private.decide_each(who uuid, entries jsonb)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  entry jsonb;
  target uuid;
  answer jsonb;
  answers jsonb := '[]';
  code text;
  hint text;
begin
  for entry in select jsonb_array_elements(entries) loop
    begin
      target := private.as_uuid(entry -> 'proposal_id', 'proposal_id');
      perform private.require_item(who, private.lock_waiting(target));
      if entry -> 'decision' ->> 'outcome' = 'accept' and not coalesce(entry -> 'decision' ? 'facts', false)
        and exists (select from private.operations where proposal_id = target and outcome = 'conflict') then
        perform private.refuse(409, 'conflict', 'The place has changed since: look at this one by itself.');
      elsif exists (select from private.proposals where id = target and claimed_by <> who and claimed_until > private.clock()) then
        perform private.refuse(409, 'claimed', 'Someone else is looking at this one.');
      end if;
      answer := private.decide(who, target, entry -> 'decision') || jsonb_build_object('proposal_id', target);
    exception when others then
      if sqlstate in ('40001', '40P01', '57014') then
        raise;
      end if;
      get stacked diagnostics code = pg_exception_detail, hint = pg_exception_hint;
      answer := jsonb_build_object('proposal_id', entry -> 'proposal_id', 'error', case
        when sqlstate like 'PT4__' then jsonb_build_object('status', substr(sqlstate, 3)::int, 'code', code, 'fact', nullif(hint, ''))
        else jsonb_build_object('status', 500, 'code', 'internal') end);
    end;
    answers := answers || jsonb_build_array(answer);
  end loop;
  return answers;
end;
$$;

-- [{proposal_id, decision}]. With `rehearsal` everything is done and taken back: what is shown beforehand is what would happen, down to two
-- proposals that want the same fact.
create function public.decide_batch(entries jsonb, rehearsal boolean default false)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  answers jsonb;
begin
  if jsonb_typeof(entries) is distinct from 'array' or jsonb_array_length(entries) > 100
    or exists (select from jsonb_array_elements(entries) as e where jsonb_typeof(e) <> 'object') then
    perform private.refuse(400, 'invalid_batch', 'A batch is a list of at most 100 entries.');
  end if;
  -- Proposals, then places, each in one order: two batches that meet cannot wait for each other.
  perform from private.proposals where id in (
    select (e ->> 'proposal_id')::uuid from jsonb_array_elements(entries) as e where e ->> 'proposal_id' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
  ) order by id for update;
  perform from private.places where id in (
    select unnest(array[p.place_id, p.into_place_id]) from private.proposals as p, jsonb_array_elements(entries) as e where p.id::text = lower(e ->> 'proposal_id')
  ) order by id for update;
  begin
    answers := private.decide_each(who, entries);
    if rehearsal then
      raise exception 'rehearsed' using errcode = 'ALREH';
    end if;
  exception when sqlstate 'ALREH' then
    null;
  end;
  return answers;
end;
$$;
comment on function public.decide_batch is 'Several decisions, one savepoint and one answer each; a rehearsal says what they would do and does nothing.';

-- A fact of the place that goes, as an operation on the one that stays; null when there is nothing to change. What is closed there doesn't become
-- open here by the way.
create function private.taken_fact(who uuid, gone private.places, kept private.places, fact text)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  taken jsonb;
begin
  if not private.sees(private.sight_of(who, gone), fact) or fact in ('openness', 'fact_openness', 'steward', 'licence') then
    perform private.refuse(400, 'unknown_fact', 'This fact cannot be taken over.', left(fact, 60));
  elsif ((fact = any (gone.closed_facts) or gone.openness <> 'open') and not (fact = any (kept.closed_facts) or kept.openness <> 'open'))
    or ((fact = any (gone.private_facts) or gone.openness = 'private') and not (fact = any (kept.private_facts) or kept.openness = 'private')) then
    perform private.refuse(409, 'less_open', 'This is less open there than it would be here.', fact);
  end if;
  taken := private.current_value(gone, fact);
  if fact like 'offer:%' then
    return case when taken is not null then jsonb_build_object('fact', 'offer:' || gen_random_uuid(), 'old', null, 'new', taken) end;
  end if;
  return case when not private.same_value(taken, private.current_value(kept, fact))
    then jsonb_build_object('fact', fact, 'old', private.current_value(kept, fact), 'new', taken) end;
end;
$$;

-- {client_id, place_id, into_place_id, take?: [facts], versions?: [of the place that goes, of the one that stays], proposal_id?}: the facts she chose
-- go over to the place that stays, and the other one leads there; both or neither. With `proposal_id` it decides on that proposal to merge.
create function public.merge_places(merging jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  client uuid := private.as_uuid(merging -> 'client_id', 'client_id');
  gone private.places;
  kept private.places;
  proposal private.proposals;
  operations jsonb;
  answer jsonb;
begin
  if client is null or coalesce(jsonb_typeof(merging -> 'take'), 'array') <> 'array' or jsonb_array_length(coalesce(merging -> 'take', '[]')) > 100 then
    perform private.refuse(400, 'invalid_merge', 'A merging has a client_id, two places and a list of facts.');
  end if;
  -- The second click waits for the first, and is answered the same.
  perform pg_advisory_xact_lock(hashtextextended(who::text || client::text, 0));
  select p.answer into answer from private.proposals as p where p.author_id = who and p.client_id = client;
  if answer is not null then
    return answer;
  end if;
  if coalesce(merging -> 'proposal_id', 'null') <> 'null' then
    proposal := private.lock_waiting(private.as_uuid(merging -> 'proposal_id', 'proposal_id'));
    if proposal.kind <> 'merge' or proposal.place_id::text is distinct from lower(merging ->> 'place_id')
      or proposal.into_place_id::text is distinct from lower(merging ->> 'into_place_id') then
      perform private.refuse(400, 'invalid_merge', 'That proposal is about something else.', 'proposal_id');
    end if;
  end if;
  perform from private.places where id in (private.as_uuid(merging -> 'place_id', 'place_id'), private.as_uuid(merging -> 'into_place_id', 'into_place_id')) order by id for update;
  select * into gone from private.places where id = private.as_uuid(merging -> 'place_id', 'place_id');
  select * into kept from private.places where id = private.as_uuid(merging -> 'into_place_id', 'into_place_id');
  if gone.id is null or kept.id is null or gone.id = kept.id then
    perform private.refuse(404, 'unknown_place', 'A merging needs two places.', case when gone.id is null then 'place_id' else 'into_place_id' end);
  elsif private.hat_for(who, 'decide', gone.area_slug, gone.theme_slug, null) is null or private.hat_for(who, 'decide', kept.area_slug, kept.theme_slug, null) is null then
    perform private.refuse(403, 'not_in_scope', 'Both places have to lie in your area and themes.');
  elsif coalesce(merging -> 'versions', 'null') <> 'null' and merging -> 'versions' <> jsonb_build_array(gone.version, kept.version) then
    perform private.refuse(409, 'changed_meanwhile', 'One of the places has changed since you looked.');
  end if;
  select jsonb_agg(o) into operations from (
    select private.taken_fact(who, gone, kept, f) as o from jsonb_array_elements_text(coalesce(merging -> 'take', '[]')) as f) as taken where o is not null;
  if operations is not null then
    answer := private.submit(who, jsonb_build_object('client_id', md5(client || ' facts')::uuid, 'kind', 'update', 'place_id', kept.id, 'operations', operations));
    if answer ->> 'state' <> 'accepted' then
      perform private.refuse(403, 'coordinators_only', 'Not all of these facts are yours to change.', (select o ->> 'fact' from jsonb_array_elements(answer -> 'operations') as o where o ->> 'outcome' <> 'accepted' limit 1));
    end if;
  end if;
  if proposal.id is not null then
    return private.decide(who, proposal.id, '{"outcome": "accept"}') || jsonb_build_object('into_place_id', kept.id);
  end if;
  answer := private.submit(who, jsonb_build_object('client_id', client, 'kind', 'merge', 'place_id', gone.id, 'into_place_id', kept.id));
  if answer ->> 'state' <> 'accepted' then
    perform private.refuse(409, 'not_active', 'One of the places has ended.');
  end if;
  return answer;
end;
$$;
comment on function public.merge_places is 'Makes two places one, fact by fact, in one transaction. Moderators and coordinators in whose scope both lie.';

grant execute on function public.moderation_item(uuid), public.hand_item(uuid, jsonb), public.save_absence(jsonb), public.my_desk(),
  public.decide_batch(jsonb, boolean), public.merge_places(jsonb) to authenticated;
