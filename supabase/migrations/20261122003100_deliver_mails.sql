-- From what is to be told to mails that left, for the jobs of the web nodes (service key). private.mails says how the steps are told apart.

-- Where somebody reads her mail, and in which language. A visitor's address counts once she has answered from it; before, only what asks her to.
create function private.mailbox_of(recipient uuid, out email text, out locale text, out confirmed boolean)
language sql
stable
security definer -- auth.users is closed to the API's roles
set search_path = ''
as $$
  select coalesce(u.email, v.email), coalesce(s.locale, v.locale, case when u.raw_user_meta_data ->> 'locale' in ('fr', 'en') then u.raw_user_meta_data ->> 'locale' end, 'fr'),
    coalesce(u.email_confirmed_at, v.confirmed_at) is not null
  from private.contributors as c
  left join auth.users as u on u.id = c.user_id
  left join private.visitor_contacts as v on v.contributor_id = c.id
  left join private.notification_settings as s on s.contributor_id = c.id
  where c.id = recipient;
$$;

-- Whether this topic may go to this person now.
create function private.may_mail(recipient uuid, topic text)
returns boolean
language sql
stable
set search_path = ''
as $$
  select coalesce((
    select box.email is not null and (box.confirmed or topic in ('contribution_received', 'report_received', 'invitation'))
      and not exists (select from private.notification_settings as s where s.contributor_id = recipient and private.topic_family(topic) = any (s.muted))
    from private.mailbox_of(recipient) as box), false);
$$;

-- What a line of the outbox says, completed by the decision it speaks of: reason and message are kept in one place only. The name is the one that its
-- reader may see.
create function private.mail_item(o private.outbox)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('id', o.id, 'topic', o.topic, 'subject_id', o.subject_id, 'at', private.iso(o.created_at), 'data', coalesce((
    select jsonb_build_object('kind', p.kind, 'reason_code', d.reason_code, 'message', d.message, 'decided_on', private.iso(d.decided_at),
      'place_name', coalesce(case when private.rank_on(o.recipient_id, place) is not null then place.facts ->> 'name' end,
        (select x.new #>> '{}' from private.operations as x where x.proposal_id = p.id and x.fact = 'name')),
      'place_id', case when private.rank_on(o.recipient_id, place) is not null then place.id end,
      'accepted', (select coalesce(jsonb_agg(x.fact order by x.ordinal), '[]') from private.operations as x where x.proposal_id = p.id and x.outcome = 'accepted'),
      'refused', (select coalesce(jsonb_agg(x.fact order by x.ordinal), '[]') from private.operations as x where x.proposal_id = p.id and x.outcome = 'refused'))
    from private.decisions as d
    join private.proposals as p on p.id = d.proposal_id
    left join private.places as place on place.id = p.place_id
    where d.id::text = o.data ->> 'decision_id'), (
    select jsonb_build_object('reason_code', d.reason_code, 'message', d.message, 'decided_on', private.iso(d.decided_at),
      'place_name', case when private.rank_on(o.recipient_id, place) is not null then place.facts ->> 'name' end)
    from private.report_decisions as d
    join private.reports as r on r.id = d.report_id
    join private.places as place on place.id = r.place_id
    where d.id::text = o.data ->> 'decision_id'), (
    select jsonb_build_object('place_name', case when private.rank_on(o.recipient_id, place) is not null then place.facts ->> 'name' end)
    from private.places as place
    where o.topic in ('report_received', 'contribution_received') and place.id::text = o.data ->> 'place_id'), '{}') || o.data);
$$;

-- The same with what opens it for somebody without an account: the link of an invitation, or of everything she sent, made now because only hashes are
-- kept. Null when there is nothing to open any more: the invitation was taken back, or has been accepted.
create function private.letter_item(o private.outbox, follow_token text)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  item jsonb := private.mail_item(o);
  letter jsonb;
begin
  if o.topic = 'invitation' then
    letter := public.invitation_letter(o.subject_id);
    if letter is null then
      return null;
    end if;
    return jsonb_set(item, '{data}', (item -> 'data') || jsonb_build_object('link', '/invitations/' || (letter ->> 'token'), 'organisation', letter -> 'organisation_name'));
  elsif follow_token is not null then
    return jsonb_set(item, '{data}', (item -> 'data') || jsonb_build_object('link', '/follow/' || follow_token));
  end if;
  return item;
end;
$$;

-- Puts what waits for one person, of one family, into one mail. It waits until nothing new came for the length of a notification's own wait, at most a
-- minute: a moderator who decides five of her proposals in a row writes to her once.
create function private.compose_mail()
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  now_at timestamptz := private.clock();
  g record;
  mail uuid;
begin
  for g in
    select o.recipient_id, o.family from private.outbox as o
    where o.state = 'waiting' group by 1, 2
    having min(o.not_before) <= now_at and (max(o.not_before) <= now_at or min(o.not_before) <= now_at - interval '1 minute')
    order by min(o.not_before) limit 20
  loop
    -- Another node is writing to her: it takes these along, or the next look does.
    perform from private.contributors where id = g.recipient_id for no key update skip locked;
    continue when not found;
    update private.outbox as o set state = 'kept'
    where o.recipient_id = g.recipient_id and o.family = g.family and o.state = 'waiting' and not private.may_mail(o.recipient_id, o.topic);
    continue when not exists (select from private.outbox as o where o.recipient_id = g.recipient_id and o.family = g.family and o.state = 'waiting' and o.not_before <= now_at);
    select id into mail from private.mails where recipient_id = g.recipient_id and family = g.family and state = 'waiting' and handed_at is null limit 1 for update skip locked;
    if mail is null then
      insert into private.mails (recipient_id, family, due_at) values (g.recipient_id, g.family, now_at) returning id into mail;
    end if;
    update private.outbox as o set state = 'mailed', mail_id = mail
    where o.recipient_id = g.recipient_id and o.family = g.family and o.state = 'waiting' and o.not_before <= now_at;
  end loop;
end;
$$;

-- The next mail to send, leased for a minute, with all that its text needs; null when there is none. Writes nothing then.
create function public.claim_mail(worker uuid)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  m private.mails;
  box record;
  items jsonb;
  follow_token text;
begin
  update private.mails set state = case when handing then 'uncertain' else 'waiting' end, error = 'lease_ended', due_at = private.clock()
  where state = 'sending' and leased_until < private.clock();
  perform private.compose_mail();
  loop
    select * into m from private.mails where state = 'waiting' and due_at <= private.clock() order by due_at for update skip locked limit 1;
    if m.id is null then
      return null;
    end if;
    select * into box from private.mailbox_of(m.recipient_id);
    -- Her account may have gone, or her wish changed, while the mail waited.
    update private.outbox as o set state = 'kept' where o.mail_id = m.id and o.state = 'mailed' and not private.may_mail(o.recipient_id, o.topic);
    follow_token := case when exists (select from private.contributors where id = m.recipient_id and kind = 'visitor')
      and exists (select from private.outbox as o where o.mail_id = m.id and o.state = 'mailed' and o.topic <> 'invitation') then private.mint_visitor_link(m.recipient_id) end;
    select jsonb_agg(letter.item order by letter.at) filter (where letter.item is not null) into items
    from (select private.letter_item(o, follow_token) as item, o.created_at as at from private.outbox as o where o.mail_id = m.id and o.state = 'mailed') as letter;
    if items is null then
      update private.mails set state = 'cancelled' where id = m.id;
    else
      update private.mails set state = 'sending', attempts = m.attempts + 1, handing = false, leased_by = worker, leased_until = private.clock() + interval '1 minute' where id = m.id;
      return jsonb_build_object('id', m.id, 'recipient_id', m.recipient_id, 'family', m.family, 'attempt', m.attempts + 1, 'to', box.email, 'locale', box.locale,
        'visitor', exists (select from private.contributors where id = m.recipient_id and kind = 'visitor'), 'items', items);
    end if;
  end loop;
end;
$$;
comment on function public.claim_mail is 'Leases the next mail to a node; the service key only.';

-- Still at it. With `handing`, the end of the message is about to be given to the server: asked first, so that nothing leaves without a trace.
create function public.keep_mail(mail_id uuid, worker uuid, handing boolean default false)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  update private.mails as m set leased_until = private.clock() + interval '1 minute', handing = m.handing or keep_mail.handing,
    handed_at = case when keep_mail.handing then private.clock() else m.handed_at end
  where m.id = mail_id and m.leased_by = worker and m.state = 'sending';
  return found;
end;
$$;

-- What became of it: {result: sent, message_id} | {result: retry | failed, error, refused}. `refused`: the server said no, so it does not have it. An answer that
-- comes after the lease ended is still the better knowledge.
create function public.settle_mail(mail_id uuid, worker uuid, outcome jsonb)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  result text := outcome ->> 'result';
  m private.mails;
begin
  select * into m from private.mails where id = mail_id and leased_by = worker and state in ('sending', 'uncertain') for update;
  if m.id is null or result is null or result not in ('sent', 'retry', 'failed') then
    return false;
  end if;
  if result = 'retry' and m.give_up_at < private.clock() then
    result := 'failed';
  end if;
  update private.mails set
    state = case result when 'retry' then 'waiting' else result end,
    handing = false,
    handed_at = case when coalesce(outcome -> 'refused', 'false') = 'true' then null else m.handed_at end,
    leased_by = null, leased_until = null,
    sent_at = case result when 'sent' then private.clock() end,
    message_id = left(outcome ->> 'message_id', 300),
    error = left(outcome ->> 'error', 60),
    due_at = private.clock() + least(interval '5 seconds' * power(2, least(m.attempts, 12) - 1), interval '15 minutes')
  where id = m.id;
  if result = 'sent' then
    update private.outbox as o set data = o.data - array['link', 'code'] where o.mail_id = m.id and o.data ?| array['link', 'code'];
  end if;
  return true;
end;
$$;
comment on function public.settle_mail is 'Says what became of a leased mail; the service key only.';

-- One click in a mail: the application has checked the link's signature.
create function public.mute_topics(contributor_id uuid, family text)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  if family is null or family <> all (array['contributions', 'reports', 'organisations', 'work'])
    or not exists (select from private.contributors as c where c.id = mute_topics.contributor_id and c.kind in ('account', 'visitor')) then
    return false;
  end if;
  insert into private.notification_settings as s (contributor_id, muted) values (mute_topics.contributor_id, array[family])
  on conflict on constraint notification_settings_pkey do update
    set muted = (select array_agg(distinct f) from unnest(s.muted || mute_topics.family) as f), updated_at = private.clock();
  return true;
end;
$$;

grant execute on function public.claim_mail(uuid), public.keep_mail(uuid, uuid, boolean), public.settle_mail(uuid, uuid, jsonb), public.mute_topics(uuid, text)
  to service_role;

-- How the work goes, for the coordinator: counts, what is in trouble, when each job ran. No address, no name.
create function public.work_status()
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform private.require_whole_coordinator();
  return jsonb_build_object(
    'mails', (select jsonb_build_object(
        'waiting', count(*) filter (where state in ('waiting', 'sending')), 'sent', count(*) filter (where state = 'sent' and sent_at > private.clock() - interval '30 days'),
        'failed', count(*) filter (where state = 'failed'), 'uncertain', count(*) filter (where state = 'uncertain'),
        'oldest', private.iso(min(created_at) filter (where state in ('waiting', 'sending'))))
      from private.mails),
    'to_tell', (select count(*) from private.outbox where state = 'waiting'),
    'in_trouble', (select coalesce(jsonb_agg(t.mail order by t.at desc), '[]') from (
      select m.created_at as at, jsonb_build_object('id', m.id, 'state', m.state, 'error', m.error, 'attempts', m.attempts, 'at', private.iso(m.created_at),
        'topics', (select coalesce(jsonb_agg(distinct o.topic), '[]') from private.outbox as o where o.mail_id = m.id)) as mail
      from private.mails as m where m.state in ('failed', 'uncertain') order by m.created_at desc limit 20) as t),
    'jobs', (select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'due_at', private.iso(due_at), 'last_done_at', private.iso(last_done_at), 'attempts', attempts, 'error', last_error) order by kind), '[]')
      from private.jobs where routine is null or to_regprocedure(routine) is not null));
end;
$$;

-- By a coordinator's decision, what was set aside is tried again as if it were new. A second click finds it waiting and does nothing.
create function public.resend_mail(mail_id uuid)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_whole_coordinator();
begin
  update private.mails as m set state = 'waiting', attempts = 0, due_at = private.clock(), give_up_at = private.clock() + interval '48 hours', leased_by = null, error = null
  where m.id = mail_id and m.state in ('failed', 'uncertain');
  if found then
    insert into private.audit (contributor_id, action, subject) values (who, 'resend_mail', mail_id::text);
  end if;
  return found;
end;
$$;

grant execute on function public.work_status(), public.resend_mail(uuid) to authenticated;
