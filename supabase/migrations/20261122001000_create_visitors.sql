-- Contributing without an account. A visitor is a contributor of her own, made with her first contribution and found again by her private link; she
-- proposes, and that is all: she neither publishes nor vouches for anything. The web forms call these functions with the service key, after they have
-- judged whether a person is likely to be behind the post (`proven`); what nobody vouched for goes to a lane of its own.
insert into private.role_permissions (role, permission, rank) values ('visitor', 'propose', 10);

-- Limits of a rolling day: past the first, proven posts go to the lane of the others; past the second, posts without proof are asked to come back; past
-- the third, posts without proof are mailed no confirmation.
insert into private.settings (key, value, public) values
  ('visitors', '{"proven_per_day": 1000, "unproven_per_day": 500, "mails_per_day": 200}', false),
  -- Who mends a broken bench: the town's own tool, or an address. Empty: such reports come to the moderators.
  ('damage_tool', '{"name": "", "url": "", "email": "", "phone": ""}', true);

create function private.visitor_limit(name text, otherwise int)
returns int
language sql
stable
set search_path = ''
as $$
  select case when private.setting('visitors') ->> name ~ '^[0-9]{1,6}$' then (private.setting('visitors') ->> name)::int else otherwise end;
$$;

-- Links that were mailed to a visitor, beside the one she noted down: opening one shows that the mailbox is hers. Each mail carries its own, so that none
-- has to be kept in clear.
create table private.visitor_links (
  hash bytea primary key check (octet_length(hash) = 32),
  contributor_id uuid not null references private.visitor_contacts on delete cascade,
  created_at timestamptz not null default private.clock()
);
create index visitor_links_by_contributor on private.visitor_links (contributor_id);
alter table private.visitor_links enable row level security;

-- One mailbox is written to a few times a day, whoever types its address.
create index visitor_contacts_by_email on private.visitor_contacts (email, created_at);

-- The SHA-256 of a secret that stays with the visitor, as 64 hexadecimal digits.
create function private.as_hash(value jsonb, field text)
returns bytea
language plpgsql
immutable
set search_path = ''
as $$
begin
  if jsonb_typeof(value) is distinct from 'string' or value #>> '{}' !~ '^[0-9a-f]{64}$' then
    perform private.refuse(400, 'invalid_id', format('%s is not a SHA-256 in hexadecimal digits.', field), field);
  end if;
  return decode(value #>> '{}', 'hex');
end;
$$;

create function private.read_visitor_email(body jsonb)
returns text
language plpgsql
immutable
set search_path = ''
as $$
declare
  address text;
begin
  if coalesce(body -> 'email', 'null') = 'null' then
    return null;
  end if;
  address := lower(private.check_text('email', body -> 'email', 254, false));
  if address is not null and address !~ '^[^[:space:]@<>,;"]+@[^[:space:]@<>,;"]+\.[^[:space:]@<>,;".]+$' then
    perform private.bad_value('email', 'an e-mail address is expected');
  end if;
  return address;
end;
$$;

-- The visitor behind {link_hash, code_hash, email?, name?, locale?}: she who holds this link already, or a new one.
create function private.enter_visitor(body jsonb)
returns private.visitor_contacts
language plpgsql
volatile
set search_path = ''
as $$
declare
  contact private.visitor_contacts;
  visitor private.contributors;
begin
  contact.link_hash := private.as_hash(body -> 'link_hash', 'link_hash');
  contact.code_hash := private.as_hash(body -> 'code_hash', 'code_hash');
  contact.email := private.read_visitor_email(body);
  contact.locale := coalesce(private.read_choice(body, 'locale', '{fr,en}'), 'fr');
  visitor.display_name := case when coalesce(body -> 'name', 'null') <> 'null' then private.check_text('name', body -> 'name', 80, false) end;
  -- Two posts of one form at once: the second finds the first one's visitor.
  perform pg_advisory_xact_lock(hashtextextended('visitor ' || (body ->> 'link_hash'), 0));
  perform from private.visitor_contacts as c where c.link_hash = contact.link_hash;
  if found then
    update private.visitor_contacts as c set email = coalesce(c.email, contact.email) where c.link_hash = contact.link_hash returning * into contact;
    -- Her photos go before the form that names her.
    update private.contributors as c set display_name = visitor.display_name where c.id = contact.contributor_id and c.display_name is null and visitor.display_name is not null;
    return contact;
  elsif exists (select from private.visitor_contacts as c where c.code_hash = contact.code_hash) then
    perform private.refuse(409, 'visitor_code_taken', 'This code belongs to another link: open the form again.', 'code_hash');
  end if;
  insert into private.contributors (kind, display_name, created_at) values ('visitor', visitor.display_name, private.clock()) returning * into visitor;
  insert into private.visitor_contacts (contributor_id, email, link_hash, code_hash, locale)
  values (visitor.id, contact.email, contact.link_hash, contact.code_hash, contact.locale) returning * into contact;
  return contact;
end;
$$;

-- How many things one link may hold: a proof of work pays for one form, not for a thousand.
create function private.require_room(visitor uuid)
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if (select count(*) from private.proposals where author_id = visitor) + (select count(*) from private.reports where author_id = visitor) >= 5 then
    perform private.refuse(429, 'visitor_link_full', 'This link holds enough: open a new form.');
  end if;
end;
$$;

-- Which lane an item that waits goes to, judged before it is counted.
create function private.lane_of(proven boolean)
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  since timestamptz := private.clock() - interval '24 hours';
  unproven bigint := (select count(*) from private.unproven_items where created_at > since);
begin
  -- Who has sent no more than a photo, or was invited, takes nobody's room.
  if proven and (select count(*) from private.visitor_contacts as c where c.created_at > since
    and (exists (select from private.proposals as p where p.author_id = c.contributor_id) or exists (select from private.reports as r where r.author_id = c.contributor_id))
  ) - unproven <= private.visitor_limit('proven_per_day', 1000) then
    return 'queue';
  elsif not proven and unproven >= private.visitor_limit('unproven_per_day', 500) then
    perform private.refuse(429, 'visitors_full', 'Too many things came without proof today: switch JavaScript on, sign in, or come back tomorrow.');
  end if;
  return 'unproven';
end;
$$;

-- A receipt by mail, if there is an address: at most three a day to one mailbox, none to one that wants no such mail, and few altogether for what is not proven.
create function private.mail_receipt(contact private.visitor_contacts, topic text, item uuid, lane text, data jsonb)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
declare
  since timestamptz := private.clock() - interval '24 hours';
begin
  if contact.email is null then
    return false;
  end if;
  -- Two forms with one address at once: the second counts the first one's mail.
  perform pg_advisory_xact_lock(hashtextextended('receipts to ' || contact.email, 0));
  if (select count(*) from private.outbox as o join private.visitor_contacts as c on c.contributor_id = o.recipient_id
      where c.email = contact.email and o.topic like '%\_received' and o.created_at > since) >= 3
    or exists (select from private.notification_settings as s join private.visitor_contacts as c on c.contributor_id = s.contributor_id
      where c.email = contact.email and private.topic_family(mail_receipt.topic) = any (s.muted))
    or lane = 'unproven' and private.visitor_limit('mails_per_day', 200) < (
      select count(*) from private.unproven_items as u join private.visitor_contacts as c using (contributor_id) where u.created_at > since and c.email is not null) then
    return false;
  end if;
  perform private.notify(contact.contributor_id, topic, item, data || jsonb_build_object('unproven', lane = 'unproven'));
  return true;
end;
$$;

-- {link_hash, code_hash, email?, locale?, proven, proposal}: a proposal of somebody without an account. The same client_id again gets the first answer.
create function public.submit_visitor_contribution(contribution jsonb)
returns jsonb
language plpgsql
volatile
security definer -- only the service key may call it, and it acts as a visitor, who may propose and nothing else
set search_path = ''
as $$
declare
  contact private.visitor_contacts;
  receipt jsonb;
  client uuid;
  lane text := 'queue';
  mailed boolean;
  first_time boolean;
begin
  if jsonb_typeof(contribution) is distinct from 'object' or jsonb_typeof(contribution -> 'proposal') is distinct from 'object' then
    perform private.refuse(400, 'invalid_proposal', 'A contribution is an object with a proposal.');
  end if;
  contact := private.enter_visitor(contribution);
  client := private.as_uuid(contribution -> 'proposal' -> 'client_id', 'client_id');
  first_time := not exists (select from private.proposals where author_id = contact.contributor_id and client_id = client);
  if first_time then
    perform private.require_room(contact.contributor_id);
  end if;
  receipt := private.submit(contact.contributor_id, contribution -> 'proposal');
  mailed := contact.email is not null;
  if first_time then
    if receipt ->> 'state' = 'open' then
      lane := private.lane_of(coalesce(contribution -> 'proven', 'false') = 'true' or contact.confirmed_at is not null);
    end if;
    if lane = 'unproven' then
      insert into private.unproven_items (item_id, contributor_id) values ((receipt ->> 'proposal_id')::uuid, contact.contributor_id);
    end if;
    mailed := private.mail_receipt(contact, 'contribution_received', (receipt ->> 'proposal_id')::uuid, lane,
      jsonb_build_object('place_id', receipt -> 'place_id', 'kind', contribution -> 'proposal' -> 'kind'));
  elsif exists (select from private.unproven_items where item_id = (receipt ->> 'proposal_id')::uuid) then
    lane := 'unproven';
  end if;
  return receipt || (select jsonb_build_object('received_at', private.iso(p.created_at), 'lane', lane, 'mailed', mailed)
    from private.proposals as p where p.id = (receipt ->> 'proposal_id')::uuid);
end;
$$;
comment on function public.submit_visitor_contribution is 'A proposal without an account, from the web forms. Answers as submit_proposal does, and says in which lane it waits.';

-- The visitor behind {link_hash} or {code_hash}; a mailed link opens the same door.
create function private.find_visitor(key jsonb)
returns private.visitor_contacts
language plpgsql
stable
set search_path = ''
as $$
declare
  contact private.visitor_contacts;
  secret bytea := case when key ? 'code_hash' then private.as_hash(key -> 'code_hash', 'code_hash') else private.as_hash(key -> 'link_hash', 'link_hash') end;
begin
  select * into contact from private.visitor_contacts as c
  where case when key ? 'code_hash' then c.code_hash = secret
    else c.link_hash = secret or c.contributor_id = (select l.contributor_id from private.visitor_links as l where l.hash = secret) end;
  if contact.contributor_id is null then
    perform private.refuse(404, 'unknown_link', 'There is nothing under this link or code.');
  end if;
  return contact;
end;
$$;

-- A link for one mail to a visitor; only its hash stays. For the job that writes the mail, in the transaction that leases it.
create function private.mint_visitor_link(visitor uuid)
returns text
language plpgsql
volatile
set search_path = ''
as $$
declare
  -- Two random uuids: 244 bits.
  token text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
begin
  if not exists (select from private.visitor_contacts where contributor_id = visitor) then
    return null;
  end if;
  insert into private.visitor_links (hash, contributor_id) values (sha256(convert_to(token, 'UTF8')), visitor);
  return token;
end;
$$;

-- After twelve months nobody can be written to any more, and links are dead; what was contributed stays, without a name. For a job, once a day.
create function private.purge_visitor_contacts()
returns int
language plpgsql
volatile
set search_path = ''
as $$
declare
  purged int;
begin
  with gone as (
    delete from private.visitor_contacts where created_at < private.clock() - interval '12 months' returning contributor_id
  ), nameless as (
    update private.contributors as c set display_name = null from gone where c.id = gone.contributor_id and c.kind = 'visitor'
  )
  select count(*)::int into purged from gone;
  return purged;
end;
$$;
comment on function private.purge_visitor_contacts is 'Forgets addresses, names and links of visitors after twelve months; says how many.';

revoke execute on function public.submit_visitor_contribution(jsonb) from public, anon, authenticated;
grant execute on function public.submit_visitor_contribution(jsonb) to service_role;
