-- Following without an account: what a private link or a short code opens, and the lane of what nobody vouched for.

-- The decision on it that its author may contest, or has. Not in SQL: appeals have their own migration, after this one.
create function private.contestable_decision(target uuid)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  answer jsonb;
begin
  select jsonb_build_object('id', d.id, 'proposal_id', d.proposal_id, 'contestable_until', private.iso(private.contestable_until(d)), 'appeal', a.text,
    'appealed_at', private.iso(a.created_at), 'answer', a.message, 'answered_at', private.iso(a.decided_at),
    'appeal_state', case when a.state = 'open' and d.undone_at is not null then 'moot' else a.state end) into answer
  from private.decisions as d left join private.appeals as a on a.decision_id = d.id
  where d.proposal_id = target and (a.id is not null or private.contestable_until(d) > private.clock())
  order by d.decided_at desc limit 1;
  return answer;
end;
$$;

-- What somebody sent, as she may read it: state, reason, message. A place that is no longer hers to see gives no name.
create function private.followed_items(visitor uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(item order by item ->> 'created_at' desc), '[]') from (
    select jsonb_build_object('subject', 'proposal', 'id', p.id, 'kind', p.kind, 'place_id', p.place_id,
      'place_name', coalesce(case when private.rank_on(p.author_id, place) is not null then place.facts ->> 'name' end,
        (select o.new #>> '{}' from private.operations as o where o.proposal_id = p.id and o.fact = 'name')),
      'place_slug', case when place.status = 'active' and private.rank_on(p.author_id, place) is not null then place.slug end,
      'category', coalesce(place.category_slug, (select o.new #>> '{}' from private.operations as o where o.proposal_id = p.id and o.fact = 'category')),
      'state', p.state, 'created_at', private.iso(p.created_at), 'decided_at', private.iso(p.decided_at), 'text', p.note, 'reason_code', d.reason_code, 'message', d.message,
      'unproven', exists (select from private.unproven_items as u where u.item_id = p.id), 'decision', private.contestable_decision(p.id),
      'operations', private.operations_of(p, place, false)) as item
    from private.proposals as p
    left join private.places as place on place.id = p.place_id
    left join lateral (
      select * from private.decisions as d where d.proposal_id = p.id and not d.by_rule and d.undone_at is null order by d.decided_at desc limit 1
    ) as d on true
    where p.author_id = visitor
    union all
    select jsonb_build_object('subject', 'report', 'id', r.id, 'kind', r.kind, 'place_id', r.place_id,
      'place_name', case when private.rank_on(r.author_id, place) is not null then place.facts ->> 'name' end,
      'place_slug', case when place.status = 'active' and private.rank_on(r.author_id, place) is not null then place.slug end, 'category', place.category_slug,
      'state', r.state, 'created_at', private.iso(r.received_at), 'decided_at', private.iso(r.decided_at), 'text', r.text,
      'reason_code', (private.answer_to(r.id)).reason_code, 'message', (private.answer_to(r.id)).message,
      'unproven', exists (select from private.unproven_items as u where u.item_id = r.id), 'decision', null, 'operations', '[]'::jsonb)
    from private.reports as r join private.places as place on place.id = r.place_id
    where r.author_id = visitor
  ) as sent (item);
$$;

-- {link_hash} or {code_hash} → everything behind it. `mailed` says that this very link came by mail and may confirm the mailbox.
create function public.follow_contributions(key jsonb)
returns jsonb
language plpgsql
stable
security definer -- only the service key may call it: the page in between counts wrong tries
set search_path = ''
as $$
declare
  contact private.visitor_contacts;
begin
  if jsonb_typeof(key) is distinct from 'object' then
    perform private.refuse(400, 'invalid_id', 'A key is an object.');
  end if;
  contact := private.find_visitor(key);
  return jsonb_build_object('has_email', contact.email is not null, 'confirmed', contact.confirmed_at is not null,
    'mailed', key ? 'link_hash' and exists (
      select from private.visitor_links where hash = private.as_hash(key -> 'link_hash', 'link_hash') and contributor_id = contact.contributor_id),
    'items', private.followed_items(contact.contributor_id));
end;
$$;

-- One text after another: what was said first stays. The same text twice is one: somebody pressed twice.
create function private.added_note(before text, more text)
returns text
language plpgsql
volatile
set search_path = ''
as $$
begin
  if before = more or right(before, length(more) + 2) = E'\n\n' || more then
    return before;
  elsif length(coalesce(before || E'\n\n', '') || more) > 2000 then
    perform private.bad_value('note', 'at most 2000 characters with what was said before');
  end if;
  return coalesce(before || E'\n\n', '') || more;
end;
$$;

create function private.act_on_report(visitor uuid, target uuid, act text, note text)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  r private.reports;
begin
  select * into r from private.reports where id = target and author_id = visitor for update;
  if r.state not in ('open', 'asked') then
    perform private.refuse(409, 'report_decided', 'This report has been decided or withdrawn meanwhile.');
  end if;
  update private.reports set state = case act when 'withdraw' then 'withdrawn' else 'open' end, decided_at = case act when 'withdraw' then private.clock() end,
    text = case act when 'answer' then private.added_note(text, note) else text end
  where id = r.id returning * into r;
  return jsonb_build_object('item_id', r.id, 'state', r.state);
end;
$$;

-- {act: answer, note} to a question, {act: withdraw}: by who was signed in when she reported.
create function public.act_on_report(report_id uuid, act jsonb)
returns jsonb
language plpgsql
volatile
security definer -- it writes what nobody reads; only the report's author gets past the first check
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  what text;
  said text;
begin
  if jsonb_typeof(act) is distinct from 'object' then
    perform private.refuse(400, 'invalid_act', 'An act is an object.');
  elsif not exists (select from private.reports as r where r.id = report_id and r.author_id = who) then
    perform private.refuse(404, 'unknown_report', 'There is no such report.');
  end if;
  what := private.read_choice(act, 'act', '{withdraw,answer}');
  said := case when coalesce(act -> 'note', 'null') <> 'null' then private.check_text('note', act -> 'note', 2000, true) end;
  if what is null or what = 'answer' and said is null then
    perform private.refuse(400, 'invalid_act', 'Say what to do, and what to answer.', 'note');
  end if;
  return private.act_on_report(who, report_id, what, said);
end;
$$;
-- {act: confirm} by a mailed link; {act: withdraw, item_id}; {act: answer, item_id, note, operations?}: an answer completes what was said;
-- {act: contest, decision_id, note}.
create function public.act_on_contribution(key jsonb, act jsonb)
returns jsonb
language plpgsql
volatile
security definer -- only the service key may call it; it acts on what belongs to the link, and on nothing else
set search_path = ''
as $$
declare
  contact private.visitor_contacts;
  what text;
  target uuid;
  said text;
  done jsonb;
begin
  if jsonb_typeof(key) is distinct from 'object' or jsonb_typeof(act) is distinct from 'object' then
    perform private.refuse(400, 'invalid_act', 'A key and an act are objects.');
  end if;
  contact := private.find_visitor(key);
  what := private.read_choice(act, 'act', '{confirm,withdraw,answer,contest}');
  if what = 'confirm' then
    -- Hers: a code may open one visitor's things and the link come from another's mail.
    if not exists (select from private.visitor_links where hash = private.as_hash(key -> 'link_hash', 'link_hash') and contributor_id = contact.contributor_id) then
      perform private.refuse(403, 'link_not_mailed', 'Only the link that was mailed confirms the mailbox.');
    end if;
    update private.visitor_contacts set confirmed_at = coalesce(confirmed_at, private.clock()) where contributor_id = contact.contributor_id;
    delete from private.unproven_items where contributor_id = contact.contributor_id;
    return jsonb_build_object('state', 'confirmed');
  end if;
  target := private.as_uuid(act -> 'item_id', 'item_id');
  said := case when coalesce(act -> 'note', 'null') <> 'null' then private.check_text('note', act -> 'note', 2000, true) end;
  if what = 'contest' then
    return private.contest(contact.contributor_id, jsonb_build_object('decision_id', act -> 'decision_id', 'text', said));
  end if;
  if what is null or what = 'answer' and said is null then
    perform private.refuse(400, 'invalid_act', 'Say what to do, and what to answer.', 'note');
  elsif exists (select from private.reports where id = target and author_id = contact.contributor_id) then
    return private.act_on_report(contact.contributor_id, target, what, said);
  elsif what = 'withdraw' then
    done := private.withdraw(contact.contributor_id, target);
  else
    select private.amend(contact.contributor_id, target, (act - array['act', 'item_id']) || jsonb_build_object('note', private.added_note(p.note, said))) into done
    from private.proposals as p where p.id = target and p.author_id = contact.contributor_id;
    if done is null then
      perform private.refuse(404, 'unknown_proposal', 'There is no such proposal.');
    end if;
  end if;
  return jsonb_build_object('item_id', target, 'state', done -> 'state');
end;
$$;

-- The lane beside the queue, for moderators in scope: enough of each item to tell a person from a machine.
create view public.unproven_queue with (security_barrier) as
  select u.item_id as id, item.subject, item.kind, item.kind = 'illegal_or_urgent' as urgent, item.place_id, item.place_name, item.area, item.theme, item.text, item.facts,
    private.iso(u.created_at) as created_at
  from (select private.contributor_id() as id) as me
  join private.unproven_items as u on true
  join lateral (
    select 'proposal' as subject, p.kind, p.place_id,
      coalesce(place.facts ->> 'name', (select o.new #>> '{}' from private.operations as o where o.proposal_id = p.id and o.fact = 'name')) as place_name,
      case when place.id is null then p.area_slug else place.area_slug end as area, coalesce(place.theme_slug, p.theme_slug) as theme, p.note as text,
      (select coalesce(jsonb_agg(o.fact order by o.ordinal), '[]') from private.operations as o where o.proposal_id = p.id) as facts
    from private.proposals as p left join private.places as place on place.id = p.place_id where p.id = u.item_id and p.state in ('open', 'asked')
    union all
    select 'report', r.kind, r.place_id, place.facts ->> 'name', place.area_slug, place.theme_slug, r.text, '[]'
    from private.reports as r join private.places as place on place.id = r.place_id where r.id = u.item_id and r.state in ('open', 'asked')
  ) as item on true
  where me.id is not null and private.hat_for(me.id, 'decide', item.area, item.theme, null) is not null;
grant select on public.unproven_queue to authenticated;
create trigger keep_closed instead of insert or update or delete on public.unproven_queue for each row execute function private.keep_closed();

-- {items: [ids], keep: true} puts them into the queue, at their age; {items, keep: false, reason_code} refuses them, each by the rules of a decision.
create function public.sort_unproven(sorting jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  items jsonb := sorting -> 'items';
  reason text := private.read_choice(sorting, 'reason_code', '{out_of_scope,not_verifiable,duplicate,personal_data,advertising,offensive,illegal,wrong_place,already_done,other}');
  decision jsonb := jsonb_build_object('outcome', 'refuse', 'reason_code', coalesce(reason, 'not_verifiable'));
  target uuid;
  sorted int := 0;
begin
  if jsonb_typeof(items) is distinct from 'array' or jsonb_array_length(items) not between 1 and 200 or jsonb_typeof(sorting -> 'keep') is distinct from 'boolean' then
    perform private.refuse(400, 'invalid_sorting', 'items is a list of 1 to 200 ids, keep is true or false.', 'items');
  end if;
  -- In id order, so that two people sorting the same heap wait for each other instead of for ever. Somebody else may have sorted one meanwhile.
  for target in select distinct private.as_uuid(e, 'items') from jsonb_array_elements(items) as e order by 1 loop
    perform from private.unproven_items where item_id = target for update;
    continue when not found;
    if not exists (
      select from private.proposals as p left join private.places as place on place.id = p.place_id
      where p.id = target and private.hat_for(who, 'decide', case when place.id is null then p.area_slug else place.area_slug end, coalesce(place.theme_slug, p.theme_slug), null) is not null
      union all
      select from private.reports as r join private.places as place on place.id = r.place_id
      where r.id = target and private.hat_for(who, 'decide', place.area_slug, place.theme_slug, null) is not null) then
      perform private.refuse(403, 'not_in_scope', 'This is not in your area and themes.');
    end if;
    delete from private.unproven_items where item_id = target;
    if sorting -> 'keep' = 'false' then
      -- Locked before it is judged: one that was withdrawn or decided meanwhile leaves the heap, and the others are sorted.
      perform from private.reports where id = target and state in ('open', 'asked') for update;
      if found then
        perform private.settle_report(who, target, decision);
      else
        perform from private.proposals where id = target and state in ('open', 'asked') for update;
        continue when not found;
        perform private.decide(who, target, decision);
      end if;
    end if;
    sorted := sorted + 1;
  end loop;
  return jsonb_build_object('sorted', sorted);
end;
$$;
comment on function public.sort_unproven is 'Lets items without proof into the queue, or refuses them. Moderators and coordinators in scope.';

revoke execute on function public.follow_contributions(jsonb), public.act_on_contribution(jsonb, jsonb), public.sort_unproven(jsonb),
  public.act_on_report(uuid, jsonb) from public, anon, authenticated;
grant execute on function public.follow_contributions(jsonb), public.act_on_contribution(jsonb, jsonb) to service_role;
grant execute on function public.sort_unproven(jsonb), public.act_on_report(uuid, jsonb) to authenticated;
