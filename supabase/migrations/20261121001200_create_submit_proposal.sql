-- submit_proposal and its relatives: the one door in.

-- The shape of a proposal, before anything is looked up. Returns its operations as an array of {fact, old, new, add, remove, is_list}.
create function private.read_operations(body jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  operations jsonb := coalesce(nullif(body -> 'operations', 'null'), '[]');
  op jsonb;
  fact text;
  seen text[] := '{}';
begin
  if jsonb_typeof(operations) <> 'array' or jsonb_array_length(operations) > 200 then
    perform private.refuse(400, 'invalid_operations', 'operations is a list of at most 200.');
  end if;
  for op in select jsonb_array_elements(operations) loop
    fact := op ->> 'fact';
    if jsonb_typeof(op) <> 'object' or jsonb_typeof(op -> 'fact') is distinct from 'string' or length(fact) > 100 then
      perform private.refuse(400, 'invalid_operations', 'Each operation names a fact.');
    end if;
    if fact like 'offer:%' and fact !~ '^offer:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.[a-z_]{1,40})?$' then
      perform private.refuse(400, 'unknown_fact', 'An offer is named offer:<uuid>.', left(fact, 60));
    end if;
    if op - array['fact', 'old', 'new', 'add', 'remove'] <> '{}' then
      perform private.refuse(400, 'invalid_operations', 'An operation has fact, old and new, or fact, add and remove.', fact);
    end if;
    if (op ? 'add' or op ? 'remove') and (op ? 'old' or op ? 'new') or not (op ? 'new' or op ? 'add' or op ? 'remove') then
      perform private.refuse(400, 'invalid_operations', 'An operation has either old and new, or add and remove.', fact);
    end if;
    if (op ? 'add' or op ? 'remove') and not exists (select from private.facts where name = fact and private.is_list(type)) then
      perform private.refuse(400, 'invalid_operations', format('%s is not a list: give old and new.', fact), fact);
    end if;
    if fact = any (seen) then
      perform private.refuse(400, 'invalid_operations', format('%s appears twice.', fact), fact);
    end if;
    seen := seen || fact;
  end loop;
  return operations;
end;
$$;

create function private.read_choice(body jsonb, field text, allowed text[])
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  if body -> field is null or body -> field = 'null' then
    return null;
  end if;
  if jsonb_typeof(body -> field) <> 'string' or not (body ->> field = any (allowed)) then
    perform private.refuse(400, 'invalid_' || field, format('%s is one of %s.', field, array_to_string(allowed, ', ')), field);
  end if;
  return body ->> field;
end;
$$;

-- The day somebody saw what she says: not in the future (a phone's clock may run five minutes fast), not more than a year ago.
create function private.read_seen_on(body jsonb)
returns date
language plpgsql
stable
set search_path = ''
as $$
declare
  seen timestamptz := private.as_instant(body -> 'seen_at', 'seen_at');
begin
  if seen > private.clock() + interval '5 minutes' or seen < private.clock() - interval '366 days' then
    perform private.refuse(400, 'invalid_date', 'seen_at lies within the last year.', 'seen_at');
  end if;
  return (seen at time zone coalesce(private.setting('time') ->> 'zone', 'Europe/Paris'))::date;
end;
$$;

-- Applies {add, remove} to a list; the result is in stored form.
create function private.changed_list(fact text, current jsonb, op jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  added jsonb := coalesce(private.check_fact(fact, nullif(op -> 'add', 'null')), '[]');
  removed jsonb := coalesce(private.check_fact(fact, nullif(op -> 'remove', 'null')), '[]');
  kept jsonb;
begin
  select coalesce(jsonb_agg(e), '[]') into kept from jsonb_array_elements(coalesce(current, '[]')) as e where not removed @> jsonb_build_array(e);
  return private.check_fact(fact, kept || added);
end;
$$;

-- May she propose this fact here at all? Facts of administration are the steward's and the coordinators'.
create function private.may_propose(who uuid, fact text, area text, theme text, steward text)
returns boolean
language sql
stable
set search_path = ''
as $$
  select coalesce((select proposed_by from private.facts where name = fact), 'anyone') = 'anyone'
    or exists (select from private.memberships where contributor_id = who and organisation_slug = steward)
    or private.hat_for(who, 'decide', area, theme, null) is not null;
$$;

-- Is her word enough for this fact? The right is asked before and after, because a move or a new category may lead out of her scope.
create function private.publishing_hat(who uuid, fact text, area text, theme text, steward text, area_after text, theme_after text)
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  hat text := private.hat_for(who, 'publish', area, theme, steward);
  needed text := coalesce((select published_by from private.facts where name = fact), 'scope');
begin
  if hat is null then
    return null;
  end if;
  if needed = 'coordinator' and hat <> 'coordinator' or needed = 'steward' and hat not in ('coordinator', 'steward') then
    return case when needed = 'steward' and exists (
      select from private.memberships where contributor_id = who and organisation_slug = steward) then 'steward' end;
  end if;
  if fact in ('position', 'category') and private.hat_for(who, 'publish', area_after, theme_after, steward) is null then
    return null;
  end if;
  return hat;
end;
$$;

create function private.theme_of(category text)
returns text
language sql
stable
set search_path = ''
as $$
  select theme_slug from private.categories where slug = category;
$$;

create function private.is_required(fact text, category text)
returns boolean
language sql
stable
set search_path = ''
as $$
  select fact like 'extra.%' and exists (
    select from private.categories where slug = category and extra_facts -> substr(fact, 7) @> '{"required": true}');
$$;

-- Records a proposal and its outcomes. The answer is kept with it: the same client_id gets the same words again.
create function private.store_proposal(p private.proposals, operations jsonb)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  insert into private.operations (proposal_id, ordinal, fact, old, new, add, remove, outcome)
  select p.id, o.ordinality, o.value ->> 'fact', nullif(o.value -> 'old', 'null'), nullif(o.value -> 'new', 'null'),
    nullif(o.value -> 'add', 'null'), nullif(o.value -> 'remove', 'null'), o.value ->> 'outcome'
  from jsonb_array_elements(operations) with ordinality as o;
end;
$$;

-- What became of a proposal's operations together.
create function private.state_of(outcomes text[])
returns text
language sql
immutable
set search_path = ''
as $$
  select case
    when outcomes && array['pending', 'conflict'] then 'open'
    when not outcomes && array['accepted', 'confirmed'] and 'refused' = any (outcomes) then 'refused'
    when 'refused' = any (outcomes) then 'partly_accepted'
    else 'accepted'
  end;
$$;

-- A decision that a rule took: its author's word is enough.
create function private.decide_by_rule(p private.proposals)
returns uuid
language sql
volatile
set search_path = ''
as $$
  insert into private.decisions (proposal_id, place_id, by_rule, outcome) values (p.id, p.place_id, true, 'accept') returning id;
$$;

-- Judges each operation on an existing place (locked by the caller) and applies what may be published. Returns the operations with outcomes.
create function private.judge_update(p private.proposals, place private.places, operations jsonb)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  op jsonb;
  fact text;
  sight private.sight := private.sight_of(p.author_id, place);
  seen jsonb;
  current jsonb;
  wanted jsonb;
  before jsonb;
  outcome text;
  hat text;
  area_after text := place.area_slug;
  theme_after text := place.theme_slug;
  category_after text := place.category_slug;
  judged jsonb := '[]';
  accepted jsonb := '[]';
  confirmed text[] := '{}';
  act private.act;
  decision uuid;
begin
  for op in select jsonb_array_elements(operations) loop
    if op ->> 'fact' = 'category' then
      category_after := coalesce(private.check_fact('category', op -> 'new') #>> '{}', category_after);
      theme_after := private.theme_of(category_after);
    elsif op ->> 'fact' = 'position' and private.check_fact('position', op -> 'new') is not null then
      perform private.require_in_territory(private.check_fact('position', op -> 'new'));
      area_after := private.area_at(private.point_of(private.check_fact('position', op -> 'new')));
    end if;
  end loop;
  for op in select jsonb_array_elements(operations) loop
    fact := op ->> 'fact';
    current := private.current_value(place, fact);
    seen := private.seen_value(sight, place, fact);
    if op ? 'new' then
      wanted := private.check_value(fact, op -> 'new', category_after);
      before := nullif(op -> 'old', 'null');
      -- What she had seen is compared in stored form; a value that could not be stored is not what she had seen.
      if before is not null and fact not like 'extra.%' then
        begin
          before := private.check_value(fact, before, category_after);
        exception when sqlstate 'PT400' then null;
        end;
      end if;
      op := op || jsonb_build_object('old', before, 'new', wanted);
    else
      wanted := private.changed_list(fact, current, op);
      before := seen;
    end if;
    perform private.require_offer(place, fact);
    if wanted is null and (fact in ('name', 'kind', 'category', 'position') or private.is_required(fact, category_after)) then
      perform private.bad_value(fact, 'a place cannot be without it');
    end if;
    if fact = 'part_of' and wanted is not null and not exists (
      select from private.places where id = (wanted #>> '{}')::uuid and id <> place.id and status = 'active' and part_of is null) then
      perform private.bad_value(fact, 'there is no such place to be part of');
    end if;
    if not private.sees(sight, fact) or not private.may_propose(p.author_id, fact, place.area_slug, place.theme_slug, place.steward_slug) then
      outcome := 'refused';
    elsif private.same_value(wanted, seen) then
      outcome := 'confirmed';
      confirmed := confirmed || private.assured_paths(fact, wanted);
    -- Only a source may answer for what it can't see now: to anyone else this would tell whether a guessed position is the true one.
    elsif not private.same_value(before, seen) and (p.source_slug is null or not private.same_value(before, current)) then
      outcome := 'conflict';
    else
      hat := case when p.source_slug is null or p.author_role <> 'source' then
        private.publishing_hat(p.author_id, fact, place.area_slug, place.theme_slug, place.steward_slug, area_after, theme_after) end;
      outcome := case when hat is null then 'pending' else 'accepted' end;
      if outcome = 'accepted' then
        accepted := accepted || jsonb_build_object('fact', fact, 'old', current, 'new', wanted);
      end if;
    end if;
    judged := judged || (op || jsonb_build_object('fact', fact, 'outcome', outcome));
  end loop;

  act := row(p.author_id, p.author_role, p.author_organisation, p.source_slug, p.id, null, p.note, p.method, p.seen_on, null, null);
  if jsonb_array_length(accepted) > 0 then
    decision := private.decide_by_rule(p);
    act.decision_id := decision;
    update private.decisions set version = private.apply_version(place.id, 'updated', accepted, act), effects = accepted where id = decision;
  end if;
  if cardinality(confirmed) > 0 and (p.source_slug is null or p.seen_on is not null) then
    perform private.confirm_values(place.id, confirmed, act);
  end if;
  return judged;
end;
$$;

-- Judges a new place. Returns its operations with outcomes; `document` is {fact: value} of the place it would be.
create function private.judge_create(inout p private.proposals, operations jsonb, out judged jsonb, out document jsonb)
language plpgsql
stable
set search_path = ''
as $$
declare
  op jsonb;
  fact text;
  wanted jsonb;
  category text;
  outcome text;
  steward text;
  member boolean;
  administers boolean;
begin
  judged := '[]';
  document := '{}';
  select private.check_fact('category', e -> 'new') #>> '{}' into category from jsonb_array_elements(operations) as e where e ->> 'fact' = 'category';
  select private.check_fact('steward', e -> 'new') #>> '{}' into steward from jsonb_array_elements(operations) as e where e ->> 'fact' = 'steward';
  if category is null then
    perform private.refuse(400, 'missing_fact', 'A new place needs a category.', 'category');
  end if;
  for op in select jsonb_array_elements(operations) loop
    fact := op ->> 'fact';
    if op ? 'new' then
      wanted := private.check_value(fact, op -> 'new', category);
    else
      wanted := private.changed_list(fact, null, op);
    end if;
    if nullif(op -> 'old', 'null') is not null and op -> 'old' not in ('[]', '""') then
      perform private.refuse(400, 'invalid_operations', 'A new place has no old values.', fact);
    end if;
    if length(fact) > 42 and fact like 'offer:%' then
      perform private.refuse(400, 'invalid_operations', 'A new place gives its offers whole.', fact);
    end if;
    if wanted is not null then
      document := document || jsonb_build_object(fact, wanted);
      judged := judged || jsonb_build_object('fact', fact, 'new', wanted, 'outcome', 'pending');
    end if;
  end loop;
  if document -> 'name' is null or document -> 'position' is null then
    fact := case when document -> 'name' is null then 'name' else 'position' end;
    perform private.refuse(400, 'missing_fact', format('A new place needs a %s.', fact), fact);
  end if;
  select 'extra.' || e.key into fact from private.categories as c, jsonb_each(c.extra_facts) as e
  where c.slug = category and e.value @> '{"required": true}' and not document ? ('extra.' || e.key) limit 1;
  if found then
    perform private.refuse(400, 'missing_fact', format('A new place of this category needs %s.', fact), fact);
  end if;
  if document -> 'part_of' is not null and not exists (
    select from private.places where id = (document ->> 'part_of')::uuid and status = 'active' and part_of is null) then
    perform private.bad_value('part_of', 'there is no such place to be part of');
  end if;
  perform private.require_in_territory(document -> 'position');
  p.area_slug := private.area_at(private.point_of(document -> 'position'));
  p.theme_slug := private.theme_of(category);
  document := jsonb_build_object('kind', (select default_kind from private.categories where slug = category),
    'precision', 'exact', 'openness', 'open', 'licence', private.setting('licence') ->> 'id') || document;

  member := exists (select from private.memberships where contributor_id = p.author_id and organisation_slug = steward);
  administers := coalesce(private.hat_for(p.author_id, 'decide', p.area_slug, p.theme_slug, null) = 'coordinator', false);
  select coalesce(jsonb_agg(o || jsonb_build_object('outcome', case
    when spec.proposed_by = 'steward' and not (member or administers or p.source_slug is not null and spec.name in ('steward', 'licence')) then 'refused' else 'pending' end)), '[]')
  into judged
  from jsonb_array_elements(judged) as o left join private.facts as spec on spec.name = o ->> 'fact';
  select document - coalesce(array_agg(o ->> 'fact'), '{}') into document from jsonb_array_elements(judged) as o where o ->> 'outcome' = 'refused';
  if not document ? 'openness' then document := document || '{"openness": "open"}'; end if;
  if not document ? 'licence' then document := document || jsonb_build_object('licence', private.setting('licence') ->> 'id'); end if;
  -- Less open than she may make it: it waits for somebody who may, rather than being more open than she meant.
  if p.author_role <> 'source' and not judged @> any (array['[{"fact": "openness", "outcome": "refused"}]', '[{"fact": "fact_openness", "outcome": "refused"}]']::jsonb[]) and (
    administers
    or private.hat_for(p.author_id, 'publish', p.area_slug, p.theme_slug, null) is not null and not (document ? 'steward' and not member)
    or member and private.organisation_may_publish(p.author_id, p.area_slug, p.theme_slug, steward)) then
    select jsonb_agg(o || case when o ->> 'outcome' = 'pending' then '{"outcome": "accepted"}' else '{}'::jsonb end) into judged
    from jsonb_array_elements(judged) as o;
  end if;
end;
$$;

-- Ending, reopening, merging: one act on the place itself.
create function private.judge_status(p private.proposals, place private.places)
returns text
language plpgsql
volatile
set search_path = ''
as $$
declare
  survivor private.places;
  act private.act;
  decision uuid;
  may boolean := p.author_role <> 'source'
    and private.hat_for(p.author_id, 'publish', place.area_slug, place.theme_slug, place.steward_slug) is not null;
begin
  if p.kind = 'reopen' then
    if place.status = 'active' then
      perform private.refuse(409, 'not_ended', 'This place has not ended.');
    end if;
  elsif place.status <> 'active' then
    perform private.refuse(409, 'not_active', 'This place has ended already.');
  end if;
  if p.kind = 'merge' then
    select * into survivor from private.places where id = p.into_place_id;
    if survivor.id is null or private.rank_on(p.author_id, survivor) is null then
      perform private.refuse(404, 'unknown_place', 'There is no such place to merge into.', 'into_place_id');
    elsif survivor.id = place.id or survivor.status <> 'active' then
      perform private.refuse(409, 'not_active', 'A place merges into another one that is active.', 'into_place_id');
    end if;
    may := may and private.hat_for(p.author_id, 'publish', survivor.area_slug, survivor.theme_slug, survivor.steward_slug) is not null;
  end if;
  if not may then
    return 'pending';
  end if;
  decision := private.decide_by_rule(p);
  act := row(p.author_id, p.author_role, p.author_organisation, p.source_slug, p.id, decision, p.note, p.method, p.seen_on, p.reason, p.into_place_id);
  update private.decisions set version = private.apply_version(place.id,
    case p.kind when 'end' then 'ended' when 'merge' then 'merged' else 'reopened' end, '[]', act) where id = decision;
  return 'accepted';
end;
$$;

-- The values now, as the author may see them, beside the outcomes.
create function private.proposal_answer(p private.proposals, operations jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  place private.places;
  sight private.sight;
begin
  select * into place from private.places where id = p.place_id;
  if place.id is not null then
    sight := private.sight_of(p.author_id, place);
  end if;
  return jsonb_build_object('proposal_id', p.id, 'state', p.state, 'place_id', p.place_id, 'version', place.version,
    'operations', coalesce((
      select jsonb_agg(jsonb_build_object('fact', o ->> 'fact', 'outcome', o ->> 'outcome',
        'current', case when place.id is not null then private.seen_value(sight, place, o ->> 'fact') end))
      from jsonb_array_elements(operations) as o), '[]'));
end;
$$;

-- The heart of the door. `who` acts; `source` is set when an import speaks in her name. Steps are those of database.md.
create function private.submit(who uuid, body jsonb, source text default null)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  p private.proposals;
  place private.places;
  operations jsonb;
  facts jsonb;
  created record;
  act private.act;
  decision uuid;
begin
  if jsonb_typeof(body) is distinct from 'object' then
    perform private.refuse(400, 'invalid_proposal', 'A proposal is an object.');
  end if;
  p.client_id := private.as_uuid(body -> 'client_id', 'client_id');
  if p.client_id is null then
    perform private.refuse(400, 'invalid_id', 'client_id is missing: it makes a second sending harmless.', 'client_id');
  end if;
  -- Two sendings at once: the second waits here, then finds the first one's answer.
  perform pg_advisory_xact_lock(hashtextextended(who::text || p.client_id::text, 0));
  select proposals.answer into p.answer from private.proposals where author_id = who and client_id = p.client_id;
  if found then
    return p.answer;
  end if;

  p.id := gen_random_uuid();
  p.author_id := who;
  p.source_slug := source;
  p.created_at := private.clock();
  p.kind := private.read_choice(body, 'kind', '{create,update,end,reopen,merge}');
  if p.kind is null then
    perform private.refuse(400, 'invalid_kind', 'kind is missing.', 'kind');
  end if;
  p.place_id := private.as_uuid(body -> 'place_id', 'place_id');
  p.into_place_id := private.as_uuid(body -> 'into_place_id', 'into_place_id');
  p.reason := private.read_choice(body, 'reason', '{closed,moved,duplicate,never_existed,other}');
  p.method := private.read_choice(body, 'method', '{on_site,phone,steward,source,resident}');
  p.channel := private.read_channel(who, body);
  p.campaign_slug := private.read_campaign(body);
  p.note := case when coalesce(body -> 'note', 'null') <> 'null' then private.check_text('note', body -> 'note', 2000, true) end;
  p.seen_on := case when source is null then coalesce(private.read_seen_on(body), private.today())
    when body ? 'seen_on' then private.as_day(body ->> 'seen_on', 'seen_on') end;
  if coalesce(body -> 'base_version', 'null') <> 'null' then
    if jsonb_typeof(body -> 'base_version') <> 'number' or (body ->> 'base_version')::numeric not between 0 and 1000000000 then
      perform private.refuse(400, 'invalid_base_version', 'base_version is a number.', 'base_version');
    end if;
    p.base_version := (body ->> 'base_version')::numeric::int;
  end if;
  operations := private.read_operations(body);
  if p.kind in ('create', 'update') and jsonb_array_length(operations) = 0 then
    perform private.refuse(400, 'empty_proposal', 'This proposal changes nothing.');
  elsif p.kind not in ('create', 'update') and jsonb_array_length(operations) > 0 then
    perform private.refuse(400, 'invalid_operations', 'Only a new or an updated place has operations.');
  elsif p.kind = 'end' and p.reason is null then
    perform private.refuse(400, 'missing_reason', 'Say why the place ends.', 'reason');
  elsif p.kind = 'merge' and p.into_place_id is null then
    perform private.refuse(400, 'invalid_id', 'into_place_id is missing.', 'into_place_id');
  elsif p.kind <> 'merge' and p.into_place_id is not null then
    perform private.refuse(400, 'invalid_id', 'Only a merge has an into_place_id.', 'into_place_id');
  end if;
  if source is not null and not exists (select from private.contributors where id = who and kind = 'account') then
    p.author_role := 'source';
  end if;

  if p.kind = 'create' then
    p.place_id := coalesce(p.place_id, gen_random_uuid());
    perform pg_advisory_xact_lock(hashtextextended(p.place_id::text, 1));
    if exists (select from private.places where id = p.place_id)
      or exists (select from private.proposals where place_id = p.place_id and kind = 'create' and state in ('open', 'asked')) then
      perform private.refuse(409, 'place_exists', 'There is a place with this id already.', 'place_id');
    end if;
    p.author_role := coalesce(p.author_role, 'resident');
    created := private.judge_create(p, operations);
    p := created.p;
    operations := created.judged;
    facts := created.document;
    if p.author_role <> 'source' then
      p.author_role := private.hat_for(who, 'propose', p.area_slug, p.theme_slug, facts ->> 'steward');
    end if;
  else
    if p.place_id is null then
      perform private.refuse(400, 'invalid_id', 'place_id is missing.', 'place_id');
    end if;
    -- In id order, so that two merges of the same pair cannot wait for each other.
    perform from private.places where id in (p.place_id, p.into_place_id) order by id for update;
    select * into place from private.places where id = p.place_id;
    if place.id is null or private.rank_on(who, place) is null then
      perform private.refuse(404, 'unknown_place', 'There is no such place.', 'place_id');
    end if;
    if p.into_place_id is not null and not exists (select from private.places where id = p.into_place_id) then
      perform private.refuse(404, 'unknown_place', 'There is no such place to merge into.', 'into_place_id');
    end if;
    p.area_slug := place.area_slug;
    p.theme_slug := place.theme_slug;
    p.author_role := coalesce(p.author_role, private.hat_for(who, 'propose', place.area_slug, place.theme_slug, place.steward_slug));
    if p.kind = 'update' and place.status <> 'active' then
      perform private.refuse(409, 'not_active', 'This place has ended: it can be reopened.');
    end if;
  end if;
  p.author_organisation := private.organisation_behind(who, p.author_role, coalesce(place.steward_slug, facts ->> 'steward'));
  p.method := case when source is not null then 'source' else private.method_for(p.author_role, p.method) end;
  p.state := 'open';
  insert into private.proposals select p.*;
  perform private.claim_photos(p, operations);

  if p.kind = 'create' then
    p.state := private.state_of((select array_agg(o ->> 'outcome') from jsonb_array_elements(operations) as o));
    if p.state <> 'open' then
      decision := private.decide_by_rule(p);
      act := row(who, p.author_role, p.author_organisation, source, p.id, decision, p.note, p.method, p.seen_on, null, null);
      update private.decisions set version = private.create_place(p.place_id, facts, act) where id = decision;
    end if;
  elsif p.kind = 'update' then
    operations := private.judge_update(p, place, operations);
    p.state := private.state_of((select array_agg(o ->> 'outcome') from jsonb_array_elements(operations) as o));
  else
    p.state := case private.judge_status(p, place) when 'accepted' then 'accepted' else 'open' end;
  end if;
  perform private.store_proposal(p, operations);
  p.answer := private.proposal_answer(p, operations);
  perform private.log_answer(who, p.place_id, p.answer) where source is null;
  update private.proposals set state = p.state, answer = p.answer, decided_at = case when p.state <> 'open' then private.clock() end where id = p.id;
  return p.answer;
end;
$$;

create function public.submit_proposal(proposal jsonb)
returns jsonb
language sql
volatile
security definer -- the door: the tables behind are closed to everyone
set search_path = ''
as $$
  select private.submit(private.require_contributor(), proposal);
$$;
comment on function public.submit_proposal is 'Proposes to create, update, end, reopen or merge a place. Answers per operation; the same client_id again gets the first answer.';

-- Vouching for what is there. A value that is no longer the current one is a conflict, said and not stored: nothing was proposed.
create function private.confirm(who uuid, body jsonb)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  p private.proposals;
  place private.places;
  item jsonb;
  fact text;
  sight private.sight;
  wanted jsonb;
  outcome text;
  operations jsonb := '[]';
  confirmed text[] := '{}';
begin
  if jsonb_typeof(body) is distinct from 'object' then
    perform private.refuse(400, 'invalid_proposal', 'A confirmation is an object.');
  end if;
  p.client_id := private.as_uuid(body -> 'client_id', 'client_id');
  p.place_id := private.as_uuid(body -> 'place_id', 'place_id');
  if p.client_id is null or p.place_id is null then
    perform private.refuse(400, 'invalid_id', 'client_id and place_id are needed.', 'client_id');
  end if;
  perform pg_advisory_xact_lock(hashtextextended(who::text || p.client_id::text, 0));
  select proposals.answer into p.answer from private.proposals where author_id = who and client_id = p.client_id;
  if found then
    return p.answer;
  end if;
  if jsonb_typeof(body -> 'facts') is distinct from 'array' or jsonb_array_length(body -> 'facts') not between 1 and 200 then
    perform private.refuse(400, 'invalid_operations', 'facts is a list of {fact, value}.', 'facts');
  end if;
  select * into place from private.places where id = p.place_id for update;
  if place.id is null or private.rank_on(who, place) is null then
    perform private.refuse(404, 'unknown_place', 'There is no such place.', 'place_id');
  elsif place.status <> 'active' then
    perform private.refuse(409, 'not_active', 'This place has ended.');
  end if;
  p.id := gen_random_uuid();
  p.author_id := who;
  p.kind := 'confirm';
  p.channel := 'web';
  p.created_at := private.clock();
  p.seen_on := coalesce(private.read_seen_on(body), private.today());
  p.area_slug := place.area_slug;
  p.theme_slug := place.theme_slug;
  p.author_role := private.hat_for(who, 'verify', place.area_slug, place.theme_slug, place.steward_slug);
  p.author_organisation := private.organisation_behind(who, p.author_role, place.steward_slug);
  p.method := coalesce(private.read_choice(body, 'method', '{on_site,phone,steward,source,resident}'), private.method_for(p.author_role, null));
  sight := private.sight_of(who, place);
  for item in select jsonb_array_elements(body -> 'facts') loop
    if jsonb_typeof(item) <> 'object' or jsonb_typeof(item -> 'fact') is distinct from 'string' or length(item ->> 'fact') > 100 then
      perform private.refuse(400, 'invalid_operations', 'facts is a list of {fact, value}.', 'facts');
    end if;
    fact := item ->> 'fact';
    wanted := private.check_value(fact, item -> 'value', place.category_slug);
    outcome := case
      when not private.sees(sight, fact) or not exists (select from private.role_methods as m where m.role = p.author_role and m.method = p.method) then 'refused'
      when wanted is not null and private.same_value(wanted, private.seen_value(sight, place, fact)) then 'confirmed'
      else 'conflict' end;
    if outcome = 'confirmed' then
      confirmed := confirmed || private.assured_paths(fact, wanted);
    end if;
    operations := operations || jsonb_build_object('fact', fact, 'old', wanted, 'new', wanted, 'outcome', outcome);
  end loop;
  p.state := case when cardinality(confirmed) > 0 then 'accepted' else 'refused' end;
  p.decided_at := private.clock();
  insert into private.proposals select p.*;
  if cardinality(confirmed) > 0 then
    perform private.confirm_values(place.id, confirmed,
      row(who, p.author_role, p.author_organisation, null, p.id, null, null, p.method, p.seen_on, null, null));
  end if;
  perform private.store_proposal(p, operations);
  p.answer := private.proposal_answer(p, operations);
  perform private.log_answer(who, p.place_id, p.answer);
  update private.proposals set answer = p.answer where id = p.id;
  return p.answer;
end;
$$;

create function public.confirm_facts(confirmation jsonb)
returns jsonb
language sql
volatile
security definer
set search_path = ''
as $$
  select private.confirm(private.require_contributor(), confirmation);
$$;
comment on function public.confirm_facts is 'Vouches for facts that are still true. Per fact: confirmed, conflict or refused.';

-- Many at once, each in a savepoint of its own: one bad entry doesn't take its neighbours along.
create function public.submit_batch(entries jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  entry jsonb;
  answer jsonb;
  answers jsonb := '[]';
  code text;
  hint text;
begin
  if jsonb_typeof(entries) is distinct from 'array' or jsonb_array_length(entries) > 200 then
    perform private.refuse(400, 'invalid_batch', 'A batch is a list of at most 200 entries.');
  end if;
  -- Everything that an entry will lock, in one order: two batches that meet cannot wait for each other.
  perform pg_advisory_xact_lock(hashtextextended(key, space)) from (
    select distinct space, case space when 0 then who::text else '' end || lower(e ->> field) as key
    from jsonb_array_elements(entries) as e, (values (0, 'client_id'), (1, 'place_id')) as locks (space, field)
    where jsonb_typeof(e -> field) = 'string' and (space = 0 or e ->> 'kind' = 'create') order by 1, 2
  ) as locks;
  perform from private.places where id in (
    select (e ->> k)::uuid from jsonb_array_elements(entries) as e, unnest(array['place_id', 'into_place_id']) as k
    where jsonb_typeof(e -> k) = 'string' and e ->> k ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
  ) order by id for update;
  for entry in select jsonb_array_elements(entries) loop
    begin
      answer := case when entry ? 'facts' then private.confirm(who, entry) else private.submit(who, entry) end;
    exception when others then
      if sqlstate in ('40001', '40P01', '57014') then
        raise;
      end if;
      get stacked diagnostics code = pg_exception_detail, hint = pg_exception_hint;
      answer := jsonb_build_object('client_id', case when jsonb_typeof(entry) = 'object' then entry -> 'client_id' end, 'error', case
        when sqlstate like 'PT4__' then jsonb_build_object('status', substr(sqlstate, 3)::int, 'code', code, 'message', sqlerrm, 'fact', nullif(hint, ''))
        else jsonb_build_object('status', 500, 'code', 'internal', 'message', 'This entry could not be taken.') end);
    end;
    answers := answers || jsonb_build_array(answer);
  end loop;
  return answers;
end;
$$;
comment on function public.submit_batch is 'Proposals and confirmations, one savepoint and one answer each.';

grant execute on function public.submit_proposal(jsonb), public.confirm_facts(jsonb), public.submit_batch(jsonb) to authenticated;
