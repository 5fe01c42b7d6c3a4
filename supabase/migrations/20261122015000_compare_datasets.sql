-- Two people who described the same dataset at once overwrote each other without a word. Who says what her form showed is refused when that is not
-- what is there any more.

-- A form has what everyone reads of it.
create function private.check_dataset_was(dataset jsonb, key text)
returns void
language plpgsql
stable
set search_path = ''
as $$
declare
  said jsonb := (select to_jsonb(d) from public.datasets as d where d.slug = key);
  changed text;
begin
  if jsonb_typeof(dataset -> 'was') <> 'object' then
    perform private.refuse(400, 'invalid_dataset', 'was is an object of what a form showed.', 'was');
  end if;
  select was.key into changed from jsonb_each(dataset -> 'was') as was
    where was.value is distinct from coalesce(said -> was.key, 'null') order by was.key limit 1;
  if changed is not null then
    perform private.refuse(409, 'dataset_changed', 'Somebody else has changed this dataset meanwhile.', changed);
  end if;
end;
$$;

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
  is_new boolean := coalesce(dataset -> 'is_new', 'false') = 'true';
  d private.datasets;
  existed boolean;
  broken text;
begin
  select * into d from private.datasets where slug = key for update;
  existed := d.slug is not null;
  if not whole and not exists (select from private.memberships where contributor_id = who and organisation_slug = d.organisation_slug) then
    perform private.refuse(403, 'coordinators_only', 'Only a coordinator of the whole territory, or a member of the organisation whose data it is, may do this.');
  end if;
  if existed and dataset ? 'was' then
    perform private.check_dataset_was(dataset, key);
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
    listed = excluded.listed, frequency = excluded.frequency, keywords = excluded.keywords, contact = excluded.contact, published_at = excluded.published_at
  where not is_new;
  -- Also when the other one was committed while this waited for it.
  if not found then
    perform private.refuse(409, 'dataset_exists', 'Somebody else has made a dataset of this name meanwhile.', 'slug');
  end if;
  return private.record_save(who, 'dataset', key, existed);
exception when check_violation or unique_violation then
  get stacked diagnostics broken = constraint_name;
  perform private.refuse_row('dataset', broken);
end;
$$;
comment on function public.save_dataset is 'A dataset of the catalogue: {slug, title, description, is_new?, was?} and what else is to change; with is_new a slug that is taken is refused (409), with was (what a form showed, by field) a dataset that says something else by now. The whole coordination, or a member of its organisation for its words.';
