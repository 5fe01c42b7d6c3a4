-- Deciding, undoing, and what an author may still do with what waits.

-- A proposal that waits, locked; refuses what is not there, not hers to know, or decided meanwhile.
create function private.lock_waiting(target uuid)
returns private.proposals
language plpgsql
volatile
set search_path = ''
as $$
declare
  p private.proposals;
begin
  select * into p from private.proposals where id = target for update;
  if p.id is null or p.kind = 'confirm' then
    perform private.refuse(404, 'unknown_proposal', 'There is no such proposal.');
  end if;
  return p;
end;
$$;

-- May she decide on it: in scope where the place is and where it would be, and never on her own.
create function private.require_decider(who uuid, p private.proposals, place private.places, area_after text, theme_after text)
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  hat text := private.hat_for(who, 'decide', coalesce(place.area_slug, p.area_slug), coalesce(place.theme_slug, p.theme_slug), null);
begin
  if place.id is null then
    hat := private.hat_for(who, 'decide', p.area_slug, p.theme_slug, null);
  end if;
  if private.hears_appeal_on(who, p.id) then
    hat := coalesce(hat, 'moderator');
  elsif hat is null or private.hat_for(who, 'decide', area_after, theme_after, null) is null then
    perform private.refuse(403, 'not_in_scope', 'This is not in your area and themes.');
  end if;
  if who in (p.author_id, p.entrusted_to) then
    perform private.refuse(403, 'own_proposal', 'Someone else decides on what you proposed.');
  end if;
  return hat;
end;
$$;

-- Facts of an effect that only coordinators may change: a moderator's acceptance isn't enough for these.
create function private.require_administration(who uuid, fact text, hat text)
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if hat <> 'coordinator' and (select published_by from private.facts where name = fact) = 'coordinator' then
    perform private.refuse(403, 'coordinators_only', format('Only a coordinator decides on %s.', fact), fact);
  end if;
end;
$$;

-- The shape of a decision.
create function private.read_decision(body jsonb)
returns private.decisions
language plpgsql
immutable
set search_path = ''
as $$
declare
  d private.decisions;
begin
  if jsonb_typeof(body) is distinct from 'object' then
    perform private.refuse(400, 'invalid_decision', 'A decision is an object.');
  end if;
  d.outcome := private.read_choice(body, 'outcome', '{accept,refuse,ask}');
  d.reason_code := private.read_choice(body, 'reason_code', '{out_of_scope,not_verifiable,duplicate,personal_data,advertising,offensive,illegal,wrong_place,already_done,other}');
  d.message := case when coalesce(body -> 'message', 'null') <> 'null' then private.check_text('message', body -> 'message', 2000, true) end;
  if d.outcome is null then
    perform private.refuse(400, 'invalid_decision', 'outcome is accept, refuse or ask.', 'outcome');
  elsif coalesce(jsonb_typeof(body -> 'facts'), 'null') not in ('null', 'array') or coalesce(jsonb_typeof(body -> 'edits'), 'null') not in ('null', 'object') then
    perform private.refuse(400, 'invalid_decision', 'facts is a list, edits an object.');
  elsif d.outcome = 'refuse' and d.reason_code is null then
    perform private.refuse(400, 'missing_reason', 'A refusal has a reason.', 'reason_code');
  elsif d.outcome = 'ask' and d.message is null then
    perform private.refuse(400, 'missing_message', 'Say what you would like to know.', 'message');
  end if;
  return d;
end;
$$;

-- What an acceptance would do: [{fact, old, new}] of the accepted facts as they stand now, edits applied.
create function private.accepted_effects(p private.proposals, place private.places, chosen text[], edits jsonb, category_after text)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  o private.operations;
  current jsonb;
  wanted jsonb;
  effects jsonb := '[]';
begin
  for o in select * from private.operations where proposal_id = p.id and outcome in ('pending', 'conflict') and fact = any (chosen) order by ordinal loop
    current := case when place.id is not null then private.current_value(place, o.fact) end;
    perform private.require_offer(place, o.fact) where place.id is not null;
    if edits ? o.fact then
      wanted := private.check_value(o.fact, edits -> o.fact, category_after);
    elsif o.add is not null or o.remove is not null then
      wanted := private.changed_list(o.fact, current, jsonb_build_object('add', o.add, 'remove', o.remove));
    else
      -- Checked again: a category's schema, an organisation or the hours grammar may have changed since.
      wanted := private.check_value(o.fact, o.new, category_after);
    end if;
    if wanted is null and (o.fact in ('name', 'kind', 'category', 'position') or private.is_required(o.fact, category_after)) then
      perform private.bad_value(o.fact, 'a place cannot be without it');
    end if;
    if not private.same_value(current, wanted) then
      effects := effects || jsonb_build_object('fact', o.fact, 'old', current, 'new', wanted);
    end if;
  end loop;
  return effects;
end;
$$;

-- Who wrote it and who has taken it over hear what becomes of it, each once and unless they did it themselves; who speaks for a source hears nothing.
create function private.tell_authors(p private.proposals, topic text, data jsonb, actor uuid)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  perform private.notify(reader, topic, p.id, data)
  from (select unnest(array[p.author_id, p.entrusted_to]) as reader group by 1) as readers
  where reader <> actor and p.source_slug is null;
end;
$$;

create function private.decide(who uuid, target uuid, body jsonb)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  p private.proposals := private.lock_waiting(target);
  d private.decisions;
  place private.places;
  survivor private.places;
  waiting text[];
  chosen text[];
  edits jsonb;
  effects jsonb := '[]';
  facts jsonb;
  category_after text;
  area_after text;
  theme_after text;
  hat text;
  act private.act;
  item jsonb;
begin
  perform from private.places where id in (p.place_id, p.into_place_id) order by id for update;
  select * into place from private.places where id = p.place_id;
  hat := private.require_decider(who, p, place, coalesce(place.area_slug, p.area_slug), coalesce(place.theme_slug, p.theme_slug));
  d := private.read_decision(body);
  if p.state not in ('open', 'asked') then
    perform private.refuse(409, 'already_decided', 'This proposal has been decided or withdrawn meanwhile.');
  end if;
  if coalesce(body -> 'base_version', 'null') <> 'null' and place.id is not null and body ->> 'base_version' <> place.version::text then
    perform private.refuse(409, 'changed_meanwhile', 'The place has changed since you looked.');
  end if;
  select coalesce(array_agg(fact order by ordinal), '{}') into waiting
  from private.operations where proposal_id = p.id and outcome in ('pending', 'conflict');
  edits := coalesce(nullif(body -> 'edits', 'null'), '{}');
  chosen := case when coalesce(body -> 'facts', 'null') = 'null' then waiting
    else (select coalesce(array_agg(f), '{}') from jsonb_array_elements_text(body -> 'facts') as f) end;
  if not chosen <@ waiting then
    perform private.refuse(400, 'unknown_fact', 'The decision names a fact that does not wait.', (select min(f) from unnest(chosen) as f where f <> all (waiting)));
  elsif exists (select from jsonb_object_keys(edits) as k where k <> all (chosen)) then
    perform private.refuse(400, 'unknown_fact', 'An edit names a fact that is not accepted.', (select min(k) from jsonb_object_keys(edits) as k where k <> all (chosen)));
  elsif d.outcome = 'accept' and cardinality(waiting) > 0 and cardinality(chosen) = 0 then
    perform private.refuse(400, 'invalid_decision', 'Nothing is accepted: refuse it, with a reason.');
  elsif d.outcome = 'accept' and cardinality(chosen) < cardinality(waiting) and d.reason_code is null then
    perform private.refuse(400, 'missing_reason', 'Say why the other facts are refused.', 'reason_code');
  end if;
  d.id := gen_random_uuid();
  d.proposal_id := p.id;
  d.place_id := p.place_id;
  d.decider_id := who;
  d.by_rule := false;
  d.effects := '[]';
  d.decided_at := private.clock();
  act := row(p.author_id, p.author_role, p.author_organisation, p.source_slug, p.id, d.id, p.note, p.method, p.seen_on, p.reason, p.into_place_id);
  insert into private.decisions select d.*;

  if d.outcome = 'ask' then
    update private.proposals set state = 'asked' where id = p.id returning state into p.state;
    perform private.tell_authors(p, 'proposal_asked', jsonb_build_object('decision_id', d.id, 'state', p.state), who);
    return jsonb_build_object('decision_id', d.id, 'state', p.state, 'version', place.version);
  elsif d.outcome = 'refuse' then
    update private.operations set outcome = 'refused' where proposal_id = p.id and outcome in ('pending', 'conflict');
  else
    if p.kind in ('create', 'update') then
      category_after := coalesce(edits ->> 'category', (
        select o.new #>> '{}' from private.operations as o where o.proposal_id = p.id and o.fact = 'category' and o.fact = any (chosen)), place.category_slug);
      if p.kind = 'create' and (category_after is null or not chosen @> '{name,position,category}') then
        perform private.refuse(400, 'missing_fact', 'A new place needs its name, its category and its position.',
          (select min(f) from unnest(array['name', 'position', 'category']) as f where f <> all (chosen)));
      end if;
      perform private.check_fact('category', to_jsonb(category_after));
      effects := private.accepted_effects(p, place, chosen, edits, category_after);
      area_after := coalesce((
        select private.area_at(private.point_of(e -> 'new')) from jsonb_array_elements(effects) as e where e ->> 'fact' = 'position'
      ), case when exists (select from jsonb_array_elements(effects) as e where e ->> 'fact' = 'position') then null else place.area_slug end);
      theme_after := private.theme_of(category_after);
      for item in select jsonb_array_elements(effects) loop
        perform private.require_administration(who, item ->> 'fact', hat) where p.kind = 'update';
        perform private.require_in_territory(item -> 'new') where item ->> 'fact' = 'position';
      end loop;
      perform private.require_decider(who, p, place, area_after, theme_after);
    end if;
    if p.kind = 'create' then
      if place.id is not null then
        perform private.refuse(409, 'place_exists', 'There is a place with this id already.', 'place_id');
      end if;
      select jsonb_object_agg(e ->> 'fact', e -> 'new') into facts from jsonb_array_elements(effects) as e;
      facts := jsonb_build_object('kind', (select default_kind from private.categories where slug = category_after),
        'precision', 'exact', 'openness', 'open', 'licence', private.setting('licence') ->> 'id') || facts;
      d.version := private.create_place(p.place_id, facts, act);
    elsif p.kind = 'update' then
      if place.status <> 'active' then
        perform private.refuse(409, 'not_active', 'This place has ended: refuse this, or reopen it first.');
      end if;
      if jsonb_array_length(effects) > 0 then
        d.version := private.apply_version(place.id, 'updated', effects, act);
      end if;
    else
      if (p.kind = 'reopen') = (place.status = 'active') then
        perform private.refuse(409, case p.kind when 'reopen' then 'not_ended' else 'not_active' end, 'This has happened already.');
      end if;
      if p.kind = 'merge' then
        select * into survivor from private.places where id = p.into_place_id;
        if survivor.status <> 'active' then
          perform private.refuse(409, 'not_active', 'The place to merge into has ended.', 'into_place_id');
        end if;
        perform private.require_decider(who, p, place, survivor.area_slug, survivor.theme_slug);
      end if;
      d.version := private.apply_version(place.id, case p.kind when 'end' then 'ended' when 'merge' then 'merged' else 'reopened' end, '[]', act);
    end if;
    d.effects := effects;
    update private.decisions set version = d.version, effects = d.effects where id = d.id;
    update private.operations set outcome = case when fact = any (chosen) then 'accepted' else 'refused' end
    where proposal_id = p.id and outcome in ('pending', 'conflict');
  end if;
  p.state := case
    when p.kind not in ('create', 'update') then case d.outcome when 'accept' then 'accepted' else 'refused' end
    else private.state_of((select array_agg(outcome) from private.operations where proposal_id = p.id)) end;
  update private.proposals set state = p.state, decided_at = private.clock(), claimed_by = null, claimed_until = null where id = p.id;
  perform private.tell_authors(p, 'proposal_decided', jsonb_build_object('decision_id', d.id, 'state', p.state), who);
  perform private.refresh_figures();
  return jsonb_build_object('decision_id', d.id, 'state', p.state, 'version', coalesce(d.version, place.version));
end;
$$;

create function public.decide_proposal(proposal_id uuid, decision jsonb)
returns jsonb
language sql
volatile
security definer
set search_path = ''
as $$
  select private.decide(private.require_contributor(), proposal_id, decision);
$$;
comment on function public.decide_proposal is 'Accepts (all or some facts, edited if need be), refuses with a reason, or asks. Moderators and coordinators in scope, never the author.';

-- Undoing: the inverse version, if what it did still stands. What had been decided waits again; what a rule had accepted is refused, because
-- the person who undoes it has just decided.
create function public.undo_decision(decision_id uuid)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  d private.decisions;
  p private.proposals;
  place private.places;
  e jsonb;
  inverse jsonb := '[]';
  act private.act;
  hat text;
  last_kind text;
begin
  select * into d from private.decisions where id = undo_decision.decision_id for update;
  if d.id is null then
    perform private.refuse(404, 'unknown_decision', 'There is no such decision.');
  end if;
  select * into p from private.proposals where id = d.proposal_id for update;
  perform from private.places where id in (p.place_id, p.into_place_id) order by id for update;
  select * into place from private.places where id = p.place_id;
  hat := private.hat_for(who, 'decide', case when place.id is null then p.area_slug else place.area_slug end, coalesce(place.theme_slug, p.theme_slug), null);
  if hat is null then
    perform private.refuse(403, 'not_in_scope', 'This is not in your area and themes.');
  elsif d.undone_at is not null then
    perform private.refuse(409, 'already_undone', 'This decision has been undone already.');
  elsif d.outcome = 'ask' or not d.by_rule and exists (select from private.decisions as later where later.proposal_id = p.id and later.decided_at > d.decided_at and later.undone_at is null) then
    perform private.refuse(409, 'changed_meanwhile', 'Something came between: this decision can no longer be undone by itself.');
  end if;
  act := row(who, hat, private.organisation_behind(who, hat, null), null, p.id, d.id, null, 'resident', null, 'undone', null);
  if d.version is not null then
    select kind into last_kind from private.place_versions where place_id = place.id and version = d.version;
    if last_kind = 'updated' then
      if place.status <> 'active' then
        perform private.refuse(409, 'changed_meanwhile', 'This place has ended meanwhile.');
      end if;
      for e in select jsonb_array_elements(d.effects) loop
        if e ? 'redacted' or not private.same_value(private.current_value(place, e ->> 'fact'), nullif(e -> 'new', 'null')) then
          perform private.refuse(409, 'changed_meanwhile', format('%s has changed since.', e ->> 'fact'), e ->> 'fact');
        end if;
        -- Undoing is changing: what only a coordinator may change, only a coordinator changes back.
        perform private.require_administration(who, e ->> 'fact', hat);
        inverse := inverse || jsonb_build_object('fact', e ->> 'fact', 'old', e -> 'new', 'new', e -> 'old');
      end loop;
    elsif place.version <> d.version then
      perform private.refuse(409, 'changed_meanwhile', 'Something came between: this decision can no longer be undone by itself.');
    end if;
    if last_kind = 'updated' and exists (select from jsonb_array_elements(inverse) as i where i ->> 'fact' in ('position', 'category')
      and private.hat_for(who, 'decide', coalesce((select private.area_at(private.point_of(x -> 'new')) from jsonb_array_elements(inverse) as x where x ->> 'fact' = 'position'), place.area_slug),
        coalesce((select private.theme_of(x ->> 'new') from jsonb_array_elements(inverse) as x where x ->> 'fact' = 'category'), place.theme_slug), null) is null) then
      perform private.refuse(403, 'not_in_scope', 'This would lead out of your area and themes.');
    end if;
    place.version := private.apply_version(place.id,
      case last_kind when 'updated' then 'updated' when 'reopened' then 'ended' when 'created' then 'ended' else 'reopened' end, inverse, act, false);
    update private.assurances set void = true where proposal_id = p.id and assurances.fact in (select f from jsonb_array_elements(inverse) as i, unnest(private.assured_paths(i ->> 'fact', coalesce(nullif(i -> 'old', 'null'), nullif(i -> 'new', 'null')))) as f);
    -- The value that returns is vouched for as it was before: by whoever had vouched for it last.
    update private.assurances as a set void = false
    where a.place_id = place.id and a.proposal_id <> p.id and a.fact in (select i ->> 'fact' from jsonb_array_elements(inverse) as i)
      and a.id = (select max(b.id) from private.assurances as b where b.place_id = a.place_id and b.fact = a.fact and b.proposal_id <> p.id
        and b.id < (select min(c.id) from private.assurances as c where c.place_id = a.place_id and c.fact = a.fact and c.proposal_id = p.id));
    perform private.rebuild_assurances(place.id, (select coalesce(array_agg(i ->> 'fact'), '{}') from jsonb_array_elements(inverse) as i));
    perform private.refresh_public(place.id);
  end if;
  update private.decisions set undone_at = private.clock(), undone_by = who where id = d.id;
  if d.by_rule or last_kind = 'created' then
    update private.operations set outcome = 'refused' where proposal_id = p.id and outcome = 'accepted' and fact in (select x ->> 'fact' from jsonb_array_elements(d.effects) as x);
    update private.proposals set state = case when state = 'accepted' then 'refused' else state end where id = p.id returning state into p.state;
  else
    update private.operations as o set outcome = 'pending'
    where o.proposal_id = p.id and (o.outcome = 'refused' or o.outcome = 'accepted' and not exists (
      select from private.decisions as r where r.proposal_id = p.id and r.by_rule and r.effects @> jsonb_build_array(jsonb_build_object('fact', o.fact))));
    update private.proposals set state = 'open', decided_at = null where id = p.id returning state into p.state;
  end if;
  -- Nobody hears of a decision that was taken back before she heard of it.
  if not private.untell(d.id) or d.by_rule then
    perform private.tell_authors(p, 'decision_undone', jsonb_build_object('decision_id', d.id, 'state', p.state), who);
  end if;
  return jsonb_build_object('decision_id', d.id, 'state', p.state, 'version', place.version);
end;
$$;
comment on function public.undo_decision is 'Writes the inverse version, if what the decision did still stands.';

-- Five minutes for one person: the second sees that it is taken.
create function public.claim_item(item_id uuid)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  p private.proposals;
  place private.places;
begin
  if exists (select from private.reports where id = item_id) then
    return private.claim_report(who, item_id);
  end if;
  p := private.lock_waiting(item_id);
  select * into place from private.places where id = p.place_id;
  perform private.require_decider(who, p, place, coalesce(place.area_slug, p.area_slug), coalesce(place.theme_slug, p.theme_slug));
  if p.state not in ('open', 'asked') then
    perform private.refuse(409, 'already_decided', 'This proposal has been decided or withdrawn meanwhile.');
  elsif p.claimed_by <> who and p.claimed_until > private.clock() then
    perform private.refuse(409, 'claimed', 'Someone else is looking at this one.');
  end if;
  update private.proposals set claimed_by = who, claimed_until = private.clock() + interval '5 minutes' where id = p.id returning * into p;
  return jsonb_build_object('claimed_until', private.iso(p.claimed_until));
end;
$$;

create function private.require_author(who uuid, p private.proposals)
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if p.author_id <> who and p.entrusted_to is distinct from who then
    perform private.refuse(404, 'unknown_proposal', 'There is no such proposal.');
  elsif p.state not in ('open', 'asked') then
    perform private.refuse(409, 'already_decided', 'This proposal has been decided or withdrawn meanwhile.');
  end if;
end;
$$;

create function private.withdraw(who uuid, target uuid)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  p private.proposals := private.lock_waiting(target);
begin
  perform private.require_author(who, p);
  update private.operations as o set outcome = 'refused' where o.proposal_id = p.id and outcome in ('pending', 'conflict');
  update private.proposals set state = 'withdrawn', decided_at = private.clock() where id = p.id;
  return jsonb_build_object('proposal_id', p.id, 'state', 'withdrawn');
end;
$$;

create function public.withdraw_proposal(proposal_id uuid)
returns jsonb
language sql
volatile
security definer
set search_path = ''
as $$
  select private.withdraw(private.require_contributor(), proposal_id);
$$;

-- Answers a question or completes what waits: {note?, operations?} where each operation names a waiting fact and gives its new value.
create function private.amend(who uuid, target uuid, amendment jsonb)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  p private.proposals := private.lock_waiting(target);
  place private.places;
  op jsonb;
  category text;
begin
  perform private.require_author(who, p);
  if jsonb_typeof(amendment) is distinct from 'object' then
    perform private.refuse(400, 'invalid_proposal', 'An amendment is an object.');
  end if;
  select * into place from private.places where id = p.place_id;
  select coalesce((select o.new #>> '{}' from private.operations as o where o.proposal_id = p.id and o.fact = 'category'), place.category_slug) into category;
  for op in select jsonb_array_elements(private.read_operations(amendment)) loop
    if not exists (select from private.operations as o where o.proposal_id = p.id and o.fact = op ->> 'fact' and o.outcome in ('pending', 'conflict')) then
      perform private.refuse(400, 'unknown_fact', 'This fact does not wait in this proposal.', op ->> 'fact');
    elsif not op ? 'new' then
      perform private.refuse(400, 'invalid_operations', 'Give the new value.', op ->> 'fact');
    elsif op ->> 'fact' = 'category' and p.kind = 'create' then
      perform private.refuse(400, 'invalid_operations', 'Withdraw it and propose it again under the other category.', 'category');
    end if;
    op := op || jsonb_build_object('new', private.check_value(op ->> 'fact', op -> 'new', category));
    perform private.require_in_territory(op -> 'new') where op ->> 'fact' = 'position' and op -> 'new' <> 'null';
    if op -> 'new' = 'null' and op ->> 'fact' in ('name', 'kind', 'category', 'position') then
      perform private.bad_value(op ->> 'fact', 'a place cannot be without it');
    end if;
    perform private.claim_photos(p, jsonb_build_array(op));
    update private.operations as o set new = nullif(op -> 'new', 'null'), add = null, remove = null where o.proposal_id = p.id and o.fact = op ->> 'fact';
  end loop;
  update private.proposals set state = 'open',
    area_slug = case when kind = 'create' then private.area_at(private.point_of((select o.new from private.operations as o where o.proposal_id = p.id and o.fact = 'position'))) else area_slug end,
    note = case when coalesce(amendment -> 'note', 'null') <> 'null' then private.check_text('note', amendment -> 'note', 2000, true) else note end
  where id = p.id;
  return jsonb_build_object('proposal_id', p.id, 'state', 'open');
end;
$$;

create function public.amend_proposal(proposal_id uuid, amendment jsonb)
returns jsonb
language sql
volatile
security definer
set search_path = ''
as $$
  select private.amend(private.require_contributor(), proposal_id, amendment);
$$;

-- Hides a place or a fact at once, or releases it. Kept as its own record: nothing was decided about the truth.
create function public.withhold(withholding jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  target uuid := private.as_uuid(withholding -> 'place_id', 'place_id');
  hidden_fact text := withholding ->> 'fact';
  release boolean := coalesce(withholding -> 'release', 'false') = 'true';
  place private.places;
  was_public boolean;
  reason text;
begin
  if coalesce(withholding -> 'photo_id', 'null') <> 'null' then
    return private.withhold_photo(who, withholding);
  end if;
  select * into place from private.places where id = target for update;
  if place.id is null or private.hat_for(who, 'decide', place.area_slug, place.theme_slug, null) is null then
    perform private.refuse(case when place.id is null then 404 else 403 end, case when place.id is null then 'unknown_place' else 'not_in_scope' end,
      'There is no such place in your area and themes.', 'place_id');
  end if;
  reason := private.read_choice(withholding, 'reason_code', '{out_of_scope,not_verifiable,duplicate,personal_data,advertising,offensive,illegal,wrong_place,already_done,other}');
  if not release and reason is null then
    perform private.refuse(400, 'missing_reason', 'Say why it is withheld.', 'reason_code');
  elsif hidden_fact is not null and (hidden_fact in ('name', 'kind', 'category', 'position', 'openness')
    or not exists (select from private.facts where name = hidden_fact) and hidden_fact !~ '^(extra\.[a-z0-9_]{1,40}|offer:[0-9a-f-]{36})$') then
    perform private.refuse(400, 'unknown_fact', 'This cannot be withheld by itself: withhold the place.', left(hidden_fact, 60));
  end if;
  was_public := private.is_public(place);
  if release then
    update private.withholdings set released_at = private.clock() where place_id = target and fact is not distinct from hidden_fact and released_at is null;
  else
    insert into private.withholdings (place_id, fact, reason_code, message, by_contributor)
    values (target, hidden_fact, reason, case when coalesce(withholding -> 'message', 'null') <> 'null' then private.check_text('message', withholding -> 'message', 2000, true) end, who);
  end if;
  update private.places set
    withheld = exists (select from private.withholdings as w where w.place_id = target and w.fact is null and w.released_at is null),
    withheld_facts = (select coalesce(array_agg(distinct w.fact), '{}') from private.withholdings as w where w.place_id = target and w.fact is not null and w.released_at is null)
  where id = target returning * into place;
  perform private.refresh_public(target);
  select * into place from private.places where id = target;
  if hidden_fact is null then
    perform private.announce_place(place, was_public, 'updated', '{}', null);
  elsif private.is_public(place) then
    perform private.announce('place', place.id::text, place.version, 'updated', array[hidden_fact]);
  end if;
  insert into private.audit (contributor_id, action, subject, detail)
  values (who, case when release then 'release' else 'withhold' end, target::text, jsonb_build_object('fact', hidden_fact, 'reason_code', reason));
  return jsonb_build_object('place_id', target, 'withheld', place.withheld, 'withheld_facts', place.withheld_facts);
end;
$$;

grant execute on function public.decide_proposal(uuid, jsonb), public.undo_decision(uuid), public.claim_item(uuid),
  public.withdraw_proposal(uuid), public.amend_proposal(uuid, jsonb), public.withhold(jsonb) to authenticated;
