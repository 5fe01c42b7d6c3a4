-- A visitor whose name was redacted is not written to any more, and her old form, sent again, brings neither her name nor her address back.
alter table private.visitor_contacts add column forgotten boolean not null default false;
comment on column private.visitor_contacts.forgotten is 'Her name was redacted: neither it nor her address is taken again; her links go on showing what became of what she sent.';

create or replace function private.redact_author(target uuid)
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
  update private.visitor_contacts set email = null, forgotten = true where contributor_id = target;
  update private.place_versions set author_id = null, author_salt = null where author_id = target;
end;
$$;

create or replace function private.enter_visitor(body jsonb)
returns private.visitor_contacts
language plpgsql
volatile
set search_path = ''
as $$
declare
  contact private.visitor_contacts;
  known private.visitor_contacts;
  visitor private.contributors;
begin
  contact.link_hash := private.as_hash(body -> 'link_hash', 'link_hash');
  contact.code_hash := private.as_hash(body -> 'code_hash', 'code_hash');
  contact.email := private.read_visitor_email(body);
  contact.locale := coalesce(private.read_choice(body, 'locale', '{fr,en}'), 'fr');
  visitor.display_name := case when coalesce(body -> 'name', 'null') <> 'null' then private.check_text('name', body -> 'name', 80, false) end;
  -- Two posts of one form at once: the second finds the first one's visitor.
  perform pg_advisory_xact_lock(hashtextextended('visitor ' || (body ->> 'link_hash'), 0));
  select * into known from private.visitor_contacts as c where c.link_hash = contact.link_hash;
  if known.forgotten then
    return known;
  elsif found then
    update private.visitor_contacts as c set email = coalesce(c.email, contact.email) where c.link_hash = contact.link_hash returning * into known;
    -- Her photos go before the form that names her.
    update private.contributors as c set display_name = visitor.display_name where c.id = known.contributor_id and c.display_name is null and visitor.display_name is not null;
    return known;
  elsif exists (select from private.visitor_contacts as c where c.code_hash = contact.code_hash) then
    perform private.refuse(409, 'visitor_code_taken', 'This code belongs to another link: open the form again.', 'code_hash');
  end if;
  insert into private.contributors (kind, display_name, created_at) values ('visitor', visitor.display_name, private.clock()) returning * into visitor;
  insert into private.visitor_contacts (contributor_id, email, link_hash, code_hash, locale)
  values (visitor.id, contact.email, contact.link_hash, contact.code_hash, contact.locale) returning * into contact;
  return contact;
end;
$$;

comment on function public.act_on_report is 'What the signed-in author of a report does with it: answer a question, or withdraw it.';
