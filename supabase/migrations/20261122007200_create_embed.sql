-- Which web sites may show the map in a frame of theirs. Every site, unless a coordinator says otherwise: what a frame shows is open data, it knows
-- nobody, and a small town has no one to ask for a setting.

-- {"sites": […]}: "*" for all, or origins, each of which becomes a word of a content security policy and therefore holds nothing else.
-- src/lib/domain/embed.ts reads them by the same rule.
create function private.is_embed(value jsonb)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select case when jsonb_typeof(value -> 'sites') = 'array' and value - 'sites' = '{}' then
    jsonb_array_length(value -> 'sites') <= 30 and not exists (
      select from jsonb_array_elements(value -> 'sites') as site
      where jsonb_typeof(site) <> 'string' or length(site #>> '{}') > 120
        or site #>> '{}' <> '*' and site #>> '{}' !~ '^https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?$')
  else false end;
$$;

insert into private.settings (key, value, public) values ('embed', '{"sites": ["*"]}', true);

-- save_settings answers 400 invalid_setting to a value that breaks it.
alter table private.settings add constraint settings_embed check (key <> 'embed' or private.is_embed(value));
