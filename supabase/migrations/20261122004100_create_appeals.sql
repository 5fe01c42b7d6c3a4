-- A decision can be contested once, by whoever proposed, within six months; somebody else than its decider hears it.
create table private.appeals (
  id uuid primary key default gen_random_uuid(),
  decision_id uuid not null unique references private.decisions on delete restrict,
  text text not null check (length(text) between 1 and 2000),
  state text not null default 'open' check (state in ('open', 'upheld', 'reversed')),
  -- Why, in the hearer's words: always given.
  message text check (length(message) <= 2000),
  hearer_id uuid references private.contributors on delete restrict,
  created_at timestamptz not null default private.clock(),
  decided_at timestamptz,
  constraint appeals_are_heard_with_reasons check (state = 'open' or hearer_id is not null and message is not null and decided_at is not null)
);
create index appeals_waiting on private.appeals (created_at) where state = 'open';
alter table private.appeals enable row level security;

-- Whom the town names to hear appeals besides the colleagues of the decider; not public, because it names a person.
insert into private.settings (key, value, public) values ('appeals', '{"contributor_id": null}', false);

create function private.check_hearer(value jsonb)
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if value - 'contributor_id' <> '{}' or coalesce(value -> 'contributor_id', 'null') <> 'null' and not exists (
    select from private.grants as g join private.contributors as c on c.id = g.contributor_id
    where c.id = private.as_uuid(value -> 'contributor_id', 'value') and c.user_id is not null and g.role in ('moderator', 'coordinator')) then
    perform private.refuse(400, 'invalid_setting', 'appeals is {contributor_id}, of a moderator or a coordinator.', 'value');
  end if;
end;
$$;

-- Colleagues of the decider in that area and theme; whom the settings name, wherever it lies. Never the author; the decider herself only when she is
-- named and nobody else could: a town of one person still owes an answer.
create function private.may_hear(who uuid, d private.decisions)
returns boolean
language plpgsql
stable
security definer -- called inside a view, where functions run under the reader's rights
set search_path = ''
as $$
declare
  p private.proposals;
  place private.places;
  named boolean := coalesce(private.setting('appeals') ->> 'contributor_id' = who::text, false);
begin
  select * into p from private.proposals where id = d.proposal_id;
  select * into place from private.places where id = p.place_id;
  if who is null or p.author_id = who then
    return false;
  elsif d.decider_id = who then
    return named and not exists (select from private.deciders_of(p, place) as c where c.id <> who);
  end if;
  return named or private.hat_for(who, 'decide', case when place.id is null then p.area_slug else place.area_slug end, coalesce(place.theme_slug, p.theme_slug), null) is not null;
end;
$$;

-- The operations that were refused by the decision, not at the door: what an appeal is about.
create function private.contested_facts(target uuid)
returns text[]
language sql
stable
security definer -- called inside a view, where functions run under the reader's rights
set search_path = ''
as $$
  select coalesce(array_agg(o.fact order by o.ordinal), '{}')
  from private.operations as o join private.proposals as p on p.id = o.proposal_id
  where o.proposal_id = target and o.outcome = 'refused'
    and not coalesce(p.answer -> 'operations', '[]') @> jsonb_build_array(jsonb_build_object('fact', o.fact, 'outcome', 'refused'));
$$;

-- Until when it can be contested; null when there is nothing to contest: a rule, a question, a full acceptance, something taken back.
create function private.contestable_until(d private.decisions)
returns timestamptz
language sql
stable
security definer -- called inside a view, where functions run under the reader's rights
set search_path = ''
as $$
  select case when not d.by_rule and d.undone_at is null
    and (d.outcome = 'refuse' or d.outcome = 'accept' and cardinality(private.contested_facts(d.proposal_id)) > 0)
    then d.decided_at + interval '6 months' end;
$$;

create function private.contest(who uuid, appeal jsonb)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  d private.decisions;
  p private.proposals;
  present private.appeals;
  words text;
begin
  if jsonb_typeof(appeal) is distinct from 'object' then
    perform private.refuse(400, 'invalid_appeal', 'An appeal is {decision_id, text}.');
  end if;
  words := case when coalesce(appeal -> 'text', 'null') <> 'null' then private.check_text('text', appeal -> 'text', 2000, true) end;
  select * into d from private.decisions where id = private.as_uuid(appeal -> 'decision_id', 'decision_id') for update;
  select * into p from private.proposals where id = d.proposal_id;
  if d.id is null or p.author_id is distinct from who then
    perform private.refuse(404, 'unknown_decision', 'There is no such decision.');
  elsif words is null then
    perform private.refuse(400, 'missing_message', 'Say why you disagree.', 'text');
  end if;
  select * into present from private.appeals where decision_id = d.id;
  if present.id is not null and present.text is distinct from words then
    perform private.refuse(409, 'already_contested', 'This decision has been contested once: it is not contested again.');
  elsif present.id is null then
    if private.contestable_until(d) is null then
      perform private.refuse(409, 'not_contestable', 'There is nothing to contest here.');
    elsif private.contestable_until(d) < private.clock() then
      perform private.refuse(410, 'too_late', 'A decision is contested within six months.');
    end if;
    insert into private.appeals (decision_id, text) values (d.id, words) returning * into present;
    perform private.notify(who, 'appeal_received', present.id, jsonb_build_object('place_name', private.name_of_item(p)));
  end if;
  return jsonb_build_object('appeal_id', present.id, 'state', present.state, 'created_at', private.iso(present.created_at));
end;
$$;

-- What a proposal is called where it is told about.
create function private.name_of_item(p private.proposals)
returns text
language sql
stable
security definer -- called inside a view, where functions run under the reader's rights
set search_path = ''
as $$
  select coalesce((select facts ->> 'name' from private.places where id = p.place_id),
    (select o.new #>> '{}' from private.operations as o where o.proposal_id = p.id and o.fact = 'name'));
$$;

create function public.contest_decision(appeal jsonb)
returns jsonb
language sql
volatile
security definer
set search_path = ''
as $$
  select private.contest(private.require_contributor(), appeal);
$$;
comment on function public.contest_decision is 'The author of a proposal contests the decision on it, {decision_id, text}, once and within six months.';

-- For somebody without an account: the web form knows by her private link who she is, and asks with the service key.
create function public.contest_decision_for(contributor_id uuid, appeal jsonb)
returns jsonb
language sql
volatile
security definer
set search_path = ''
as $$
  select private.contest($1, $2);
$$;
comment on function public.contest_decision_for is 'As contest_decision, for a visitor: the service key only.';

-- While it is heard: whom the settings name decides on the contested proposal as a moderator would, and nothing else.
create function private.hears_appeal_on(who uuid, target uuid)
returns boolean
language sql
stable
set search_path = ''
as $$
  select current_setting('alentour.hearing', true) = target::text and exists (
    select from private.decisions as d join private.appeals as a on a.decision_id = d.id
    where d.proposal_id = target and a.state = 'open' and private.may_hear(who, d));
$$;

-- Does what the decision refused: as its author had proposed it, as a new decision. What became of the rest meanwhile stands.
create function private.reverse(who uuid, p private.proposals, d private.decisions, words text)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  place private.places;
  wanted text[] := private.contested_facts(p.id);
  answer jsonb;
begin
  select * into place from private.places where id = p.place_id for update;
  if p.kind = 'create' and place.id is not null then
    -- The place was made without these: they are a change of it now.
    answer := private.submit(who, jsonb_build_object('client_id', md5('appeal ' || d.id)::uuid, 'kind', 'update', 'place_id', p.place_id, 'operations', (
      select jsonb_agg(jsonb_build_object('fact', o.fact, 'old', private.current_value(place, o.fact), 'new', o.new) order by o.ordinal)
      from private.operations as o where o.proposal_id = p.id and o.fact = any (wanted))));
    if answer ->> 'state' <> 'accepted' then
      perform private.refuse(403, 'not_in_scope', 'This is not in your area and themes.');
    end if;
    return answer;
  end if;
  update private.operations set outcome = 'pending' where proposal_id = p.id and fact = any (wanted);
  update private.proposals set state = 'open', decided_at = null where id = p.id;
  perform set_config('alentour.hearing', p.id::text, true);
  answer := private.decide(who, p.id, jsonb_build_object('outcome', 'accept', 'message', words));
  perform set_config('alentour.hearing', '', true);
  return answer;
end;
$$;

-- {outcome: upheld | reversed, message}. Reversed, what had been refused is done in the same transaction.
create function public.decide_appeal(appeal_id uuid, decision jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  a private.appeals;
  d private.decisions;
  p private.proposals;
  outcome text;
  words text;
  done jsonb := '{}';
begin
  select * into a from private.appeals where id = appeal_id for update;
  select * into d from private.decisions where id = a.decision_id;
  select * into p from private.proposals where id = d.proposal_id for update;
  if a.id is null then
    perform private.refuse(404, 'unknown_appeal', 'There is no such appeal.');
  elsif p.author_id = who then
    perform private.refuse(403, 'own_proposal', 'Someone else decides on what you proposed.');
  elsif not private.may_hear(who, d) then
    perform private.refuse(403, case when d.decider_id = who then 'own_decision' else 'not_in_scope' end, 'Someone else hears this appeal.');
  elsif a.state <> 'open' then
    perform private.refuse(409, 'already_decided', 'This appeal has been decided already.');
  elsif d.undone_at is not null then
    perform private.refuse(409, 'already_undone', 'The decision has been undone: the proposal waits again.');
  elsif jsonb_typeof(decision) is distinct from 'object' then
    perform private.refuse(400, 'invalid_decision', 'A decision is an object.');
  end if;
  outcome := private.read_choice(decision, 'outcome', '{upheld,reversed}');
  words := case when coalesce(decision -> 'message', 'null') <> 'null' then private.check_text('message', decision -> 'message', 2000, true) end;
  if outcome is null then
    perform private.refuse(400, 'invalid_decision', 'outcome is upheld or reversed.', 'outcome');
  elsif words is null then
    perform private.refuse(400, 'missing_message', 'Say why.', 'message');
  end if;
  if outcome = 'reversed' then
    done := private.reverse(who, p, d, words);
  end if;
  update private.appeals set state = outcome, message = words, hearer_id = who, decided_at = private.clock() where id = a.id;
  perform private.notify(p.author_id, 'appeal_decided', a.id, jsonb_build_object('place_name', private.name_of_item(p), 'outcome', outcome, 'message', words));
  return jsonb_build_object('appeal_id', a.id, 'state', outcome, 'decision_id', done -> 'decision_id', 'version', done -> 'version');
end;
$$;
comment on function public.decide_appeal is 'Upholds a contested decision or does what it refused, with reasons. Somebody else than its decider, in scope.';

-- What an author may contest and what became of it, by proposal.
create view public.my_decisions with (security_barrier) as
  select d.id, d.proposal_id, private.iso(private.contestable_until(d)) as contestable_until,
    a.text as appeal, private.iso(a.created_at) as appealed_at, a.message as answer, private.iso(a.decided_at) as answered_at,
    -- Undone meanwhile, there is nothing left to hear: the proposal waits again.
    case when a.state = 'open' and d.undone_at is not null then 'moot' else a.state end as appeal_state
  from private.proposals as p
  join private.decisions as d on d.proposal_id = p.id
  left join private.appeals as a on a.decision_id = d.id
  where p.author_id = (select private.contributor_id()) and (a.id is not null or private.contestable_until(d) > now());

-- What waits to be heard by the caller; in her scope also what she may not hear, marked, so that a town sees that nobody can.
create view public.appeals_queue with (security_barrier) as
  select a.id, a.decision_id, a.text, private.iso(a.created_at) as created_at, p.id as proposal_id, p.kind, p.place_id, private.name_of_item(p) as place_name,
    coalesce(place.area_slug, p.area_slug) as area, coalesce(place.theme_slug, p.theme_slug) as theme,
    coalesce(place.category_slug, (select o.new #>> '{}' from private.operations as o where o.proposal_id = p.id and o.fact = 'category')) as category,
    p.author_role, author.display_name as author_name, p.note, p.reason, p.into_place_id,
    d.outcome, d.reason_code, d.message, private.iso(d.decided_at) as decided_at, decider.display_name as decider_name,
    private.operations_of(p, place, true) as operations, private.contested_facts(p.id) as contested, place.facts -> 'position' as position_before,
    (select o.new from private.operations as o where o.proposal_id = p.id and o.fact = 'position') as position_after,
    p.author_id = me.id as mine, private.may_hear(me.id, d) as hearable
  from (select private.contributor_id() as id) as me
  join private.appeals as a on a.state = 'open'
  join private.decisions as d on d.id = a.decision_id and d.undone_at is null
  join private.proposals as p on p.id = d.proposal_id
  join private.contributors as author on author.id = p.author_id
  left join private.contributors as decider on decider.id = d.decider_id
  left join private.places as place on place.id = p.place_id
  where me.id is not null and (private.may_hear(me.id, d)
    or private.hat_for(me.id, 'decide', case when place.id is null then p.area_slug else place.area_slug end, coalesce(place.theme_slug, p.theme_slug), null) is not null);

create trigger keep_closed instead of insert or update or delete on public.my_decisions for each row execute function private.keep_closed();
create trigger keep_closed instead of insert or update or delete on public.appeals_queue for each row execute function private.keep_closed();
grant select on public.my_decisions, public.appeals_queue to authenticated;
grant execute on function public.contest_decision(jsonb), public.decide_appeal(uuid, jsonb) to authenticated;
grant execute on function public.contest_decision_for(uuid, jsonb) to service_role;
grant execute on function private.may_hear(uuid, private.decisions), private.contested_facts(uuid), private.contestable_until(private.decisions),
  private.name_of_item(private.proposals) to authenticated;
