-- Invitations: what is offered goes to the account that accepts it, whatever its address, once, within fourteen days. An e-mail address is
-- never a permission.
create table private.invitations (
  id uuid primary key default gen_random_uuid(),
  -- A form that is sent twice invites once.
  client_id uuid,
  role text check (role in ('agent', 'moderator', 'coordinator')),
  areas text[],
  themes text[],
  organisation_slug text references private.organisations on delete cascade,
  membership_role text check (membership_role in ('member', 'manager')),
  invited_by uuid references private.contributors on delete set null,
  -- Whom the mail goes to: a visitor made for this invitation alone, who keeps the address (visitor_contacts) and goes with it as soon as the
  -- invitation ends.
  invitee_id uuid references private.contributors on delete set null,
  mailed_at timestamptz,
  created_at timestamptz not null default private.clock(),
  expires_at timestamptz not null default private.clock() + interval '14 days',
  accepted_at timestamptz,
  accepted_by uuid references private.contributors on delete set null,
  revoked_at timestamptz,
  constraint invitations_offer_something check (role is not null or organisation_slug is not null),
  constraint invitations_once_per_client_id unique (invited_by, client_id)
);
-- The pending ones of an organisation, and those that an address is kept for.
create index invitations_by_organisation on private.invitations (organisation_slug) where accepted_at is null and revoked_at is null;
create index invitations_with_address on private.invitations (expires_at) where invitee_id is not null;
alter table private.invitations enable row level security;

-- The links of an invitation: random, only their hashes kept. Several, because a link cannot be shown again: the one in the mail, the one that was
-- copied and the one of a second mail open the same invitation.
create table private.invitation_links (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  invitation_id uuid not null references private.invitations on delete cascade,
  created_at timestamptz not null default private.clock()
);
create index invitation_links_by_invitation on private.invitation_links (invitation_id, created_at desc);
alter table private.invitation_links enable row level security;

-- Whether somebody may offer what this invitation offers. Asked when it is made and when it is accepted: who lost a right meanwhile doesn't
-- give it away. A member invites members, a manager managers too. Null is the service, for the first coordinator.
create function private.may_invite(who uuid, i private.invitations)
returns boolean
language sql
stable
set search_path = ''
as $$
  select who is null or (
    (i.role is null or private.may_grant(who, i.areas, i.themes))
    and (i.organisation_slug is null or private.coordinates_organisation(who, i.organisation_slug) or exists (
      select from private.memberships as m where m.contributor_id = who and m.organisation_slug = i.organisation_slug
        and (m.role = 'manager' or i.membership_role = 'member')))
  );
$$;

create function private.invitation_waits(i private.invitations)
returns boolean
language sql
volatile
set search_path = ''
as $$
  select i.id is not null and i.accepted_at is null and i.revoked_at is null and i.expires_at > private.clock();
$$;

-- A new link of an invitation; the three hundred newest work. More than the attempts of a mail that
-- waits two days for its server, each of which makes one: none of them ends the link that was copied.
create function private.new_link(invitation uuid)
returns text
language plpgsql
volatile
set search_path = ''
as $$
declare
  -- Two random uuids: 244 bits.
  token text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
begin
  insert into private.invitation_links (token_hash, invitation_id) values (sha256(convert_to(token, 'UTF8')), invitation);
  delete from private.invitation_links where token_hash in (
    select token_hash from private.invitation_links where invitation_id = invitation order by created_at desc, token_hash offset 300);
  return token;
end;
$$;

create function private.mail_invitation(i private.invitations)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  perform private.notify(i.invitee_id, 'invitation', i.id, jsonb_strip_nulls(jsonb_build_object('role', i.role, 'membership_role', i.membership_role,
    'organisation', (select name from private.organisations where slug = i.organisation_slug))));
  update private.invitations set mailed_at = private.clock() where id = i.id;
end;
$$;

-- The address goes with the visitor who was made for it, and with her what waits to be mailed.
create function private.forget_invitee(i private.invitations)
returns void
language sql
volatile
set search_path = ''
as $$
  delete from private.contributors where id = i.invitee_id and kind = 'visitor';
$$;

-- Enough of an address for who wrote it to know it again.
create function private.mask_email(email text)
returns text
language sql
immutable
set search_path = ''
as $$
  select left(email, 1) || '…@' || split_part(email, '@', 2);
$$;

create function private.read_email(body jsonb)
returns text
language plpgsql
immutable
set search_path = ''
as $$
declare
  email text := lower(private.tidy(body ->> 'email'));
begin
  if email is not null and (jsonb_typeof(body -> 'email') <> 'string' or length(email) > 254
    or email !~ '^[^\s@<>",;:\\]+@[^\s@<>",;:\\]+\.[^\s@<>",;:.\\]{2,}$') then
    perform private.refuse(400, 'invalid_email', 'This is no e-mail address.', 'email');
  end if;
  return email;
end;
$$;

-- What is offered, as far as it can be read.
create function private.parse_invitation(who uuid, body jsonb)
returns private.invitations
language plpgsql
volatile
set search_path = ''
as $$
declare
  i private.invitations;
begin
  if jsonb_typeof(body) is distinct from 'object' then
    perform private.refuse(400, 'invalid_grant', 'An invitation is an object.');
  end if;
  i.id := gen_random_uuid();
  i.client_id := private.as_uuid(body -> 'client_id', 'client_id');
  i.role := private.read_choice(body, 'role', '{agent,moderator,coordinator}');
  i.areas := private.read_scope(body, 'areas', (select coalesce(array_agg(slug), '{}') from private.areas));
  i.themes := private.read_scope(body, 'themes', (select coalesce(array_agg(slug), '{}') from private.themes));
  i.organisation_slug := body ->> 'organisation';
  i.membership_role := case when i.organisation_slug is not null then coalesce(private.read_choice(body, 'membership_role', '{member,manager}'), 'member') end;
  i.invited_by := who;
  if i.organisation_slug is not null and not exists (select from private.organisations where slug = i.organisation_slug) then
    perform private.refuse(404, 'unknown_holder', 'There is no such organisation.', 'organisation');
  elsif i.role is null and i.organisation_slug is null then
    perform private.refuse(400, 'invalid_grant', 'An invitation offers a role or a membership.');
  elsif not private.may_invite(who, i) then
    perform private.refuse(403, 'coordinators_only', 'Only a coordinator, within her areas and themes, or this organisation''s people may invite to this.');
  end if;
  return i;
end;
$$;

-- One address is not written to twice for the same thing, and nobody sends mail by the hundred.
create function private.require_fresh_address(i private.invitations, address text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  if exists (
    select from private.invitations as other join private.visitor_contacts as contact on contact.contributor_id = other.invitee_id
    where contact.email = address and private.invitation_waits(other)
      and other.organisation_slug is not distinct from i.organisation_slug and other.role is not distinct from i.role
  ) then
    perform private.refuse(409, 'already_invited', 'An invitation waits for this address already: send that one again.', 'email');
  end if;
end;
$$;

create function private.store_invitation(who uuid, invitation jsonb)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  i private.invitations := private.parse_invitation(who, invitation);
  address text := private.read_email(invitation);
  language text := coalesce(private.read_choice(invitation, 'locale', '{fr,en}'), 'fr');
  known private.invitations;
begin
  perform pg_advisory_xact_lock(hashtextextended(coalesce(who::text, 'service'), 4));
  select * into known from private.invitations where invited_by = who and client_id = i.client_id;
  if known.id is not null then
    if not private.invitation_waits(known) then
      perform private.refuse(410, 'invitation_gone', 'This invitation has been used or has expired: make a new one.');
    end if;
    return jsonb_build_object('invitation_id', known.id, 'token', private.new_link(known.id), 'mailed', known.mailed_at is not null);
  elsif who is not null and 50 <= (select count(*) from private.invitations where invited_by = who and created_at > private.clock() - interval '1 day') then
    perform private.refuse(429, 'too_many_invitations', 'Fifty invitations a day are enough: go on tomorrow.');
  end if;
  if address is not null then
    perform private.require_fresh_address(i, address);
    insert into private.contributors (kind) values ('visitor') returning id into i.invitee_id;
    insert into private.visitor_contacts (contributor_id, email, locale) values (i.invitee_id, address, language);
  end if;
  insert into private.invitations (id, client_id, role, areas, themes, organisation_slug, membership_role, invited_by, invitee_id)
  values (i.id, i.client_id, i.role, i.areas, i.themes, i.organisation_slug, i.membership_role, who, i.invitee_id);
  insert into private.audit (contributor_id, action, subject, detail)
  values (who, 'invite', coalesce(i.organisation_slug, i.role), jsonb_build_object('invitation', i.id, 'role', i.role, 'membership_role', i.membership_role));
  if address is not null then
    perform private.mail_invitation(i);
  end if;
  return jsonb_build_object('invitation_id', i.id, 'token', private.new_link(i.id), 'mailed', address is not null);
end;
$$;

-- {role, areas, themes} and/or {organisation, membership_role}, with {email, locale} when it is to be mailed, and a client_id.
create function public.create_invitation(invitation jsonb)
returns jsonb
language sql
volatile
security definer
set search_path = ''
as $$
  select private.store_invitation(case when auth.role() = 'service_role' then null else private.require_contributor() end, invitation);
$$;

-- The invitation of a link, locked; it is gone when it was used, taken back, too old, or when who made it may no longer offer this.
create function private.invitation_of(link text)
returns private.invitations
language plpgsql
volatile
set search_path = ''
as $$
declare
  i private.invitations;
begin
  select found.* into i from private.invitations as found
  where found.id = (select invitation_id from private.invitation_links where token_hash = sha256(convert_to(coalesce(link, ''), 'UTF8')))
  for update;
  return i;
end;
$$;

create function private.require_waiting(i private.invitations)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  if not private.invitation_waits(i) or not private.may_invite(i.invited_by, i) then
    perform private.refuse(410, 'invitation_gone', 'This invitation has been used or has expired: ask for a new one.');
  end if;
end;
$$;

create function private.invitation_words(i private.invitations)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('role', i.role, 'areas', i.areas, 'themes', i.themes, 'organisation', i.organisation_slug,
    'organisation_name', (select name from private.organisations where slug = i.organisation_slug), 'membership_role', i.membership_role,
    'expires_at', private.iso(i.expires_at));
$$;

-- What a link offers, before it is accepted.
create function public.read_invitation(token text)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  i private.invitations := private.invitation_of(token);
begin
  if i.accepted_by is distinct from who or i.accepted_by is null then
    perform private.require_waiting(i);
  end if;
  return private.invitation_words(i) || jsonb_build_object('accepted', i.accepted_at is not null);
end;
$$;

create function public.accept_invitation(token text)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  i private.invitations := private.invitation_of(token);
begin
  -- A second click is not a second use.
  if i.accepted_by = who then
    return jsonb_build_object('role', i.role, 'organisation', i.organisation_slug);
  end if;
  perform private.require_waiting(i);
  update private.invitations set accepted_at = private.clock(), accepted_by = who where id = i.id;
  if i.role is not null and not exists (select from private.grants as g where g.contributor_id = who and g.role = i.role
      and g.areas is not distinct from i.areas and g.themes is not distinct from i.themes) then
    insert into private.grants (contributor_id, role, areas, themes) values (who, i.role, i.areas, i.themes);
  end if;
  if i.organisation_slug is not null then
    insert into private.memberships (contributor_id, organisation_slug, role) values (who, i.organisation_slug, i.membership_role)
    on conflict (contributor_id, organisation_slug) do update set role = 'manager' where excluded.role = 'manager';
  end if;
  perform private.forget_invitee(i);
  insert into private.audit (contributor_id, action, subject, detail) values (who, 'accept_invitation', i.id::text, jsonb_build_object('role', i.role, 'organisation', i.organisation_slug));
  return jsonb_build_object('role', i.role, 'organisation', i.organisation_slug);
end;
$$;

-- An invitation that waits and that is hers to keep: she made it, or might have.
create function private.kept_invitation(who uuid, target uuid)
returns private.invitations
language plpgsql
volatile
set search_path = ''
as $$
declare
  i private.invitations;
begin
  select * into i from private.invitations where id = target for update;
  if i.id is null or i.invited_by is distinct from who and not private.may_invite(who, i) then
    perform private.refuse(404, 'unknown_invitation', 'There is no such invitation.');
  end if;
  return i;
end;
$$;

create function public.revoke_invitation(invitation_id uuid)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  i private.invitations := private.kept_invitation(who, invitation_id);
begin
  if i.accepted_at is not null then
    perform private.refuse(410, 'invitation_gone', 'This invitation has been accepted meanwhile.');
  elsif i.revoked_at is null then
    update private.invitations set revoked_at = private.clock() where id = i.id;
    perform private.forget_invitee(i);
    insert into private.audit (contributor_id, action, subject) values (who, 'revoke_invitation', i.id::text);
  end if;
  return jsonb_build_object('invitation_id', i.id, 'revoked', true);
end;
$$;

-- Fourteen days more and another link; the mail again when there is an address, once an hour at most.
create function public.renew_invitation(invitation_id uuid)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  i private.invitations := private.kept_invitation(who, invitation_id);
  mails boolean;
begin
  perform private.require_waiting(i);
  if not private.may_invite(who, i) then
    perform private.refuse(403, 'coordinators_only', 'She may not invite to this any more.');
  end if;
  mails := i.invitee_id is not null and i.mailed_at < private.clock() - interval '1 hour';
  update private.invitations set expires_at = private.clock() + interval '14 days' where id = i.id;
  if mails then
    perform private.mail_invitation(i);
  end if;
  return jsonb_build_object('invitation_id', i.id, 'token', private.new_link(i.id), 'mailed', mails);
end;
$$;

-- What a mail of the topic `invitation` needs when it leaves; null when the invitation has ended meanwhile and nothing is to be sent. Its link is
-- made here, so that none waits in the queue.
create function public.invitation_letter(invitation_id uuid)
returns jsonb
language plpgsql
volatile
security definer -- only the service key may call it
set search_path = ''
as $$
declare
  i private.invitations;
  contact private.visitor_contacts;
begin
  select * into i from private.invitations where id = invitation_letter.invitation_id for update;
  select * into contact from private.visitor_contacts where contributor_id = i.invitee_id;
  if contact.email is null or not private.invitation_waits(i) or not private.may_invite(i.invited_by, i) then
    return null;
  end if;
  return private.invitation_words(i) || jsonb_build_object('email', contact.email, 'locale', contact.locale, 'token', private.new_link(i.id));
end;
$$;

-- The waiting invitations that somebody may keep, for the pages that list them: of one organisation, or of roles.
create function private.pending_invitations(who uuid, organisation text)
returns jsonb
language sql
volatile
set search_path = ''
as $$
  select coalesce(jsonb_agg(private.invitation_words(i) || jsonb_build_object('id', i.id, 'email', private.mask_email(contact.email),
    'by', inviter.display_name, 'created_at', private.iso(i.created_at), 'mailed_at', private.iso(i.mailed_at)) order by i.created_at desc), '[]')
  from private.invitations as i
  left join private.visitor_contacts as contact on contact.contributor_id = i.invitee_id
  left join private.contributors as inviter on inviter.id = i.invited_by
  where (organisation is null or i.organisation_slug = organisation) and private.invitation_waits(i)
    and (i.invited_by = who or private.may_invite(who, i));
$$;

grant execute on function public.create_invitation(jsonb), public.read_invitation(text), public.accept_invitation(text), public.revoke_invitation(uuid),
  public.renew_invitation(uuid) to authenticated;
grant execute on function public.create_invitation(jsonb), public.invitation_letter(uuid) to service_role;
