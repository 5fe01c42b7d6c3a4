-- A form for a new dataset found its address free, and somebody else took it before it was sent: what she had just written was replaced without a word. Who
-- means a new dataset says so now, and is told. Without `is_new` the function does what it did: adds or changes.
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
comment on function public.save_dataset is 'A dataset of the catalogue: {slug, title, description, is_new?} and what else is to change; with is_new a slug that is taken is refused (409). The whole coordination, or a member of its organisation for its words.';
