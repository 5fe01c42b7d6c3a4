-- What a portal and a harvester have to be told of a dataset besides its name: what of the map it holds, whether it is there yet, how often it
-- changes, whom to write to. None of it is about a person: a contact is a mailbox that a service or an association gives for this.
alter table private.datasets
  -- What it is narrowed to; null = not narrowed. What a dataset rests on is not taken away under it.
  add column theme_slug text references private.themes on delete restrict,
  add column area_slug text references private.areas on delete restrict,
  add column organisation_slug text references private.organisations on delete restrict,
  -- Also what cannot be had is said, with why not or when: else it is asked for again and again.
  add column state text not null default 'open' check (state in ('open', 'planned', 'closed')),
  add column reason jsonb check (reason ? 'fr' and reason ? 'en' and length(reason::text) <= 2000),
  -- Whether portal and catalogue show it; one that is not listed is still reached by its address.
  add column listed boolean not null default false,
  -- Codes of http://publications.europa.eu/resource/authority/frequency
  add column frequency text not null default 'UNKNOWN'
    check (frequency in ('UPDATE_CONT', 'DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'ANNUAL', 'IRREG', 'UNKNOWN')),
  add column keywords text[] not null default '{}' check (cardinality(keywords) <= 20 and length(array_to_string(keywords, '')) <= 1200),
  add column contact jsonb check (jsonb_typeof(contact) = 'object' and contact ? 'name' and length(contact::text) <= 1000),
  -- The page of a portal on which it is published already, so that it is not published there twice.
  add column published_at text check (published_at ~ '^https://[^\s"<>\\]+$' and length(published_at) <= 500),
  -- Harvesters know a dataset by this for ever, whatever becomes of its slug's address or the site's name.
  add column identifier text not null default gen_random_uuid()::text unique check (length(identifier) between 1 and 100),
  add constraint closed_says_why check (state = 'open' or reason is not null),
  -- Promised to be everything under the territory's licence.
  add constraint places_is_everything
    check (slug <> 'places' or (state = 'open' and theme_slug is null and area_slug is null and organisation_slug is null));

-- Each reference that is restricted is looked up from the other side.
create index datasets_by_theme on private.datasets (theme_slug);
create index datasets_by_area on private.datasets (area_slug);
create index datasets_by_organisation on private.datasets (organisation_slug);

update private.datasets set listed = true, frequency = 'UPDATE_CONT',
  keywords = '{services publics,initiatives citoyennes,équipements,horaires,accessibilité}'
where slug = 'places';

create or replace view public.datasets with (security_barrier) as
  select slug, title, description, licence, sort, theme_slug as theme, area_slug as area, organisation_slug as organisation, state, reason, listed,
    frequency, keywords, contact, published_at, identifier
  from private.datasets;

-- {name, email?, url?}, or null: then the territory's own.
create function private.read_contact(body jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  contact jsonb := body -> 'contact';
  named text;
begin
  if contact = 'null' then
    return null;
  elsif jsonb_typeof(contact) is distinct from 'object' or contact - array['name', 'email', 'url'] <> '{}' or coalesce(jsonb_typeof(contact -> 'name'), '') <> 'string' then
    perform private.refuse(400, 'invalid_contact', 'contact is {name, email?, url?}.', 'contact');
  end if;
  named := private.check_text('contact', contact -> 'name', 160, false);
  if named is null then
    perform private.refuse(400, 'invalid_contact', 'A contact has a name.', 'contact');
  end if;
  return jsonb_strip_nulls(jsonb_build_object('name', named, 'email', private.check_fact('email', contact -> 'email'), 'url', private.check_fact('website', contact -> 'url')));
end;
$$;

create function private.read_keywords(body jsonb)
returns text[]
language plpgsql
immutable
set search_path = ''
as $$
declare
  words jsonb := body -> 'keywords';
begin
  if jsonb_typeof(words) is distinct from 'array' or jsonb_array_length(words) > 20
    or exists (select from jsonb_array_elements(words) as w where jsonb_typeof(w) <> 'string') then
    perform private.refuse(400, 'invalid_keywords', 'keywords are twenty short texts at most.', 'keywords');
  end if;
  -- In the order in which they were written, each once.
  return (select coalesce(array_agg(word order by first), '{}') from (
    select private.check_text('keywords', w, 60, false) as word, min(n) as first from jsonb_array_elements(words) with ordinality as e (w, n) group by 1
  ) as t where word is not null);
end;
$$;

-- A slug of something that exists, or null; what is not named stays.
create function private.read_selected(body jsonb, field text, present text, known text[])
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  if not body ? field then
    return present;
  elsif body -> field = 'null' then
    return null;
  elsif jsonb_typeof(body -> field) <> 'string' or not body ->> field = any (known) then
    perform private.refuse(400, 'unknown_' || field, format('There is no such %s.', field), field);
  end if;
  return body ->> field;
end;
$$;

-- What only the coordination decides: what is in it, under which licence, whether and where it shows.
create function private.read_dataset_scope(dataset jsonb, present private.datasets)
returns private.datasets
language plpgsql
stable
set search_path = ''
as $$
declare
  d private.datasets := present;
begin
  d.theme_slug := private.read_selected(dataset, 'theme', present.theme_slug, (select coalesce(array_agg(slug), '{}') from private.themes));
  d.area_slug := private.read_selected(dataset, 'area', present.area_slug, (select coalesce(array_agg(slug), '{}') from private.areas));
  d.organisation_slug := private.read_selected(dataset, 'organisation', present.organisation_slug, (select coalesce(array_agg(slug), '{}') from private.organisations));
  d.licence := coalesce(private.read_choice(dataset, 'licence', (select options from private.facts where name = 'licence')), present.licence);
  d.state := coalesce(private.read_choice(dataset, 'state', '{open,planned,closed}'), present.state, 'open');
  d.reason := case when dataset -> 'reason' = 'null' then null when dataset ? 'reason' then private.read_label(dataset, 'reason', 600) else present.reason end;
  d.sort := case when dataset ? 'sort' then private.as_int(dataset, 'sort') else coalesce(present.sort, 0) end;
  if coalesce(jsonb_typeof(dataset -> 'listed'), 'boolean') <> 'boolean' then
    perform private.refuse(400, 'invalid_dataset', 'listed is true or false.', 'listed');
  end if;
  d.listed := coalesce((dataset ->> 'listed')::boolean, present.listed, false);
  d.published_at := case when not dataset ? 'published_at' then present.published_at else private.check_fact('website', dataset -> 'published_at') #>> '{}' end;
  if d.licence is null then
    perform private.refuse(400, 'invalid_licence', 'A dataset has a licence, one of those that a place can have.', 'licence');
  elsif d.state <> 'open' and d.reason is null then
    perform private.refuse(400, 'dataset_needs_reason', 'Say why it is not open, or when it will be.', 'reason');
  elsif d.published_at !~ '^https://' then
    perform private.refuse(400, 'invalid_link', 'An address that begins with https:// is expected.', 'published_at');
  end if;
  return d;
end;
$$;

-- What those who keep its data may say of it too.
create function private.read_dataset_words(dataset jsonb, d private.datasets)
returns private.datasets
language plpgsql
stable
set search_path = ''
as $$
begin
  d.title := private.read_label(dataset, 'title', 200);
  d.description := private.read_label(dataset, 'description', 2000);
  d.frequency := coalesce(private.read_choice(dataset, 'frequency', '{UPDATE_CONT,DAILY,WEEKLY,MONTHLY,QUARTERLY,ANNUAL,IRREG,UNKNOWN}'), d.frequency, 'UNKNOWN');
  d.keywords := case when dataset ? 'keywords' then private.read_keywords(dataset) else coalesce(d.keywords, '{}') end;
  d.contact := case when dataset ? 'contact' then private.read_contact(dataset) else d.contact end;
  return d;
end;
$$;

-- Coordinators of the whole make and change datasets; a member of the organisation whose data it is says what it is, whom to ask and how often it
-- changes. Fields that are not named stay. `identifier` is taken once, when the dataset is made.
create or replace function public.save_dataset(dataset jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  whole boolean := exists (select from private.grants where contributor_id = who and role = 'coordinator' and areas is null and themes is null);
  key text := private.read_slug(dataset);
  d private.datasets;
  existed boolean;
  broken text;
begin
  select * into d from private.datasets where slug = key for update;
  existed := d.slug is not null;
  if not whole and not exists (select from private.memberships where contributor_id = who and organisation_slug = d.organisation_slug) then
    perform private.refuse(403, 'coordinators_only', 'Only a coordinator of the whole territory, or a member of the organisation whose data it is, may do this.');
  end if;
  if whole then
    d := private.read_dataset_scope(dataset, d);
  end if;
  d := private.read_dataset_words(dataset, d);
  insert into private.datasets (slug, title, description, licence, sort, theme_slug, area_slug, organisation_slug, state, reason, listed, frequency, keywords, contact, published_at, identifier)
  values (key, d.title, d.description, d.licence, d.sort, d.theme_slug, d.area_slug, d.organisation_slug, d.state, d.reason, d.listed, d.frequency, d.keywords, d.contact, d.published_at,
    coalesce(d.identifier, private.as_uuid(dataset -> 'identifier', 'identifier')::text, gen_random_uuid()::text))
  on conflict (slug) do update set title = excluded.title, description = excluded.description, licence = excluded.licence, sort = excluded.sort,
    theme_slug = excluded.theme_slug, area_slug = excluded.area_slug, organisation_slug = excluded.organisation_slug, state = excluded.state, reason = excluded.reason,
    listed = excluded.listed, frequency = excluded.frequency, keywords = excluded.keywords, contact = excluded.contact, published_at = excluded.published_at;
  return private.record_save(who, 'dataset', key, existed);
exception when check_violation or unique_violation then
  get stacked diagnostics broken = constraint_name;
  perform private.refuse_row('dataset', broken);
end;
$$;
comment on function public.save_dataset is 'A dataset of the catalogue: {slug, title, description} and what else is to change. The whole coordination, or a member of its organisation for its words.';
