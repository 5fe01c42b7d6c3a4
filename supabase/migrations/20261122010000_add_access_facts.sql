-- How one gets in and is understood: the same questions of every place, whatever its category, so that nobody has to think of them.
-- A category may word them its own way; it cannot do without.
create function private.access_facts()
returns jsonb
language sql
immutable
parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'entrance_steps', '{"type": "integer", "minimum": 0, "maximum": 50, "label": {"fr": "Marches à l’entrée", "en": "Steps at the entrance"}}'::jsonb,
    'guidance', '{"type": "boolean", "label": {"fr": "Guidage au sol ou balise sonore", "en": "Tactile paving or audio beacon"}}'::jsonb,
    'hearing_loop', '{"type": "boolean", "label": {"fr": "Boucle magnétique", "en": "Hearing loop"}}'::jsonb,
    'sign_language', '{"type": "boolean", "label": {"fr": "Accueil en langue des signes", "en": "Welcome in sign language"}}'::jsonb
  );
$$;

create function private.ask_about_access()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.extra_facts := private.access_facts() || new.extra_facts;
  return new;
end;
$$;
revoke execute on function private.access_facts(), private.ask_about_access() from public;

create trigger ask_about_access before insert or update on private.categories for each row execute function private.ask_about_access();

-- What was just within the limit stays within it.
alter table private.categories drop constraint categories_extra_facts_check;
alter table private.categories add constraint categories_extra_facts_check
  check (jsonb_typeof(extra_facts) = 'object' and length(extra_facts::text) <= 12000);

-- Towns that run already: a snapshot is read anew after a migration, hence no entry in `changes`.
update private.categories set extra_facts = extra_facts;
