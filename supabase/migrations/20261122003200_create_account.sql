-- What belongs to a person: what she was told, how she wants to be told, her data, and leaving.

-- A notification as its own reader sees it on her page: without what opens something, which was for her mailbox.
create function private.told_of(o private.outbox)
returns jsonb
language sql
stable
security definer -- called inside a view, where functions run under the reader's rights
set search_path = ''
as $$
  select (private.mail_item(o) -> 'data') - array['link', 'code'];
$$;

-- Once it is due: before, the decision may still be taken back.
create view public.my_notifications with (security_barrier) as
  select o.id, o.topic, o.subject_id, private.iso(o.created_at) as at, private.told_of(o) as data
  from private.outbox as o
  where o.recipient_id = (select private.contributor_id()) and o.state <> 'cancelled' and o.not_before <= (select private.clock());
comment on view public.my_notifications is 'What the caller was told or is about to be, also when no mail left.';
create trigger keep_closed instead of insert or update or delete on public.my_notifications for each row execute function private.keep_closed();
grant select on public.my_notifications to authenticated;
grant execute on function private.told_of(private.outbox), private.clock() to authenticated;

create function public.notification_settings()
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
begin
  return jsonb_build_object('locale', (select locale from private.mailbox_of(who)),
    'muted', coalesce((select to_jsonb(muted) from private.notification_settings where contributor_id = who), '[]'));
end;
$$;

-- {locale, muted: [family]}: replaces what was there, so that a second sending changes nothing.
create function public.save_notification_settings(settings jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  wanted text[];
begin
  if jsonb_typeof(settings) is distinct from 'object' or jsonb_typeof(settings -> 'muted') is distinct from 'array'
    or coalesce(settings ->> 'locale', '') not in ('fr', 'en') then
    perform private.refuse(400, 'invalid_notification_settings', 'Settings are {locale, muted}.');
  end if;
  select coalesce(array_agg(distinct f), '{}') into wanted from jsonb_array_elements_text(settings -> 'muted') as f;
  if not wanted <@ array['contributions', 'reports', 'organisations', 'work'] then
    perform private.refuse(400, 'invalid_notification_settings', 'muted names something unknown.', 'muted');
  end if;
  insert into private.notification_settings (contributor_id, locale, muted) values (who, settings ->> 'locale', wanted)
  on conflict (contributor_id) do update set locale = excluded.locale, muted = excluded.muted, updated_at = private.clock();
  return jsonb_build_object('locale', settings ->> 'locale', 'muted', to_jsonb(wanted));
end;
$$;

-- Reports come with a table of their own, if it is there; only what their author wrote and what became of it.
create function private.reports_of(who uuid)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  author text;
  found_rows jsonb;
begin
  select attname into author from pg_catalog.pg_attribute
  where attrelid = to_regclass('private.reports') and attname in ('author_id', 'contributor_id', 'reporter_id') and not attisdropped limit 1;
  if author is null then
    return '[]';
  end if;
  execute format($sql$select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('id', r -> 'id', 'place_id', r -> 'place_id', 'kind', r -> 'kind', 'url', r -> 'url', 'text', r -> 'text',
      'name', r -> 'name', 'state', r -> 'state', 'received_at', coalesce(r -> 'received_at', r -> 'created_at'), 'decided_at', r -> 'decided_at',
      'answers', (select coalesce(jsonb_agg(jsonb_build_object('outcome', d.outcome, 'reason_code', d.reason_code, 'message', d.message, 'decided_at', private.iso(d.decided_at)) order by d.decided_at), '[]')
        from private.report_decisions as d where d.report_id::text = r ->> 'id')))), '[]')
    from (select to_jsonb(t) as r from private.reports as t where t.%I = $1) as mine$sql$, author) into found_rows using who;
  return found_rows;
end;
$$;

-- Everything that we keep about the caller, and nothing about anyone else: no decider, no value that others gave since.
create function public.my_data()
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
begin
  return jsonb_build_object('format', 'alentour-account-1', 'made_at', private.iso(private.clock()),
    'account', (select jsonb_build_object('email', u.email, 'name', c.display_name, 'created_at', private.iso(u.created_at), 'contributor_id', c.id)
      from private.contributors as c join auth.users as u on u.id = c.user_id where c.id = who),
    'settings', public.notification_settings(),
    'roles', (select coalesce(jsonb_agg(jsonb_build_object('role', role, 'areas', areas, 'themes', themes, 'since', private.iso(created_at)) order by created_at), '[]')
      from private.grants where contributor_id = who),
    'memberships', (select coalesce(jsonb_agg(jsonb_build_object('organisation', organisation_slug, 'role', role, 'since', private.iso(created_at)) order by created_at), '[]')
      from private.memberships where contributor_id = who),
    'proposals', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'kind', p.kind, 'place_id', p.place_id, 'into_place_id', p.into_place_id, 'reason', p.reason, 'note', p.note,
        'method', p.method, 'seen_on', p.seen_on, 'state', p.state, 'created_at', private.iso(p.created_at), 'decided_at', private.iso(p.decided_at),
        'operations', (select coalesce(jsonb_agg(jsonb_build_object('fact', o.fact, 'old', o.old, 'new', o.new, 'add', o.add, 'remove', o.remove, 'outcome', o.outcome) order by o.ordinal), '[]')
          from private.operations as o where o.proposal_id = p.id),
        'decisions', (select coalesce(jsonb_agg(jsonb_build_object('outcome', d.outcome, 'by_rule', d.by_rule, 'reason_code', d.reason_code, 'message', d.message,
            'decided_at', private.iso(d.decided_at), 'undone_at', private.iso(d.undone_at)) order by d.decided_at), '[]')
          from private.decisions as d where d.proposal_id = p.id)) order by p.created_at), '[]')
      from private.proposals as p where p.author_id = who),
    'appeals', (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'proposal_id', d.proposal_id, 'text', a.text, 'state', a.state, 'message', a.message,
        'created_at', private.iso(a.created_at), 'decided_at', private.iso(a.decided_at)) order by a.created_at), '[]')
      from private.appeals as a join private.decisions as d on d.id = a.decision_id join private.proposals as p on p.id = d.proposal_id where p.author_id = who),
    'photos', (select coalesce(jsonb_agg(jsonb_build_object('id', ph.id, 'place_id', coalesce(ph.place_id, ph.meant_for), 'proposal_id', ph.proposal_id, 'alt', ph.alt,
        'own_work', ph.own_work, 'licence', ph.licence, 'state', ph.state, 'created_at', private.iso(ph.created_at)) order by ph.created_at), '[]')
      from private.photos as ph where ph.uploader_id = who),
    'campaigns', (select coalesce(jsonb_agg(jsonb_build_object('slug', c.slug, 'title', c.title, 'area', c.area_slug, 'starts_on', c.starts_on, 'ends_on', c.ends_on,
        'created_at', private.iso(c.created_at)) order by c.created_at), '[]')
      from private.campaigns as c where c.created_by = who),
    'reports', private.reports_of(who),
    'notifications', (select coalesce(jsonb_agg(private.mail_item(o) || jsonb_build_object('data', private.told_of(o)) order by o.created_at), '[]')
      from private.outbox as o where o.recipient_id = who and o.state <> 'cancelled'));
end;
$$;
comment on function public.my_data is 'Everything kept about the caller, to take along.';

-- Leaving: the account, its rights, its name and its wishes go; what was contributed stays, without a person. The last coordinator stays until there is
-- another one, for nobody could invite one any more.
create function public.delete_account()
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  account uuid := private.session_user_id();
begin
  -- Two last coordinators who leave at the same moment: the second one waits, then finds herself the last.
  perform pg_advisory_xact_lock(hashtextextended('delete_account', 3));
  if exists (select from private.grants as mine where mine.contributor_id = who and mine.role = 'coordinator' and not exists (
    select from private.grants as other join private.contributors as c on c.id = other.contributor_id
    where other.role = 'coordinator' and c.id <> who and c.user_id is not null
      and (mine.areas is not null or mine.themes is not null or other.areas is null and other.themes is null))) then
    perform private.refuse(409, 'last_coordinator', 'You are the last coordinator: make somebody else one first.');
  end if;
  -- First of all, as the node that writes to her does: neither waits for the other.
  perform from private.contributors where id = who for update;
  update private.proposals set claimed_by = null, claimed_until = null where claimed_by = who and state in ('open', 'asked');
  update private.proposals set handed_to = null where handed_to = who;
  perform private.forget_person(who);
  delete from private.notification_settings where contributor_id = who;
  delete from private.outbox where recipient_id = who;
  delete from private.mails where recipient_id = who;
  update private.contributors set display_name = null, user_id = null where id = who;
  insert into private.audit (contributor_id, action, subject) values (who, 'delete_account', who::text);
  -- Sessions, identities and tokens go with it (on delete cascade, also in the local Supabase's schema).
  delete from auth.users where id = account;
  return jsonb_build_object('deleted', true);
end;
$$;
comment on function public.delete_account is 'Takes the caller''s account away; what she contributed stays, detached from her.';

grant execute on function public.notification_settings(), public.save_notification_settings(jsonb), public.my_data(), public.delete_account() to authenticated;
