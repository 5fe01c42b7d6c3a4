-- The loader's page, leaner than `places_page`, which stays for applications of before. Facts come as the object they are kept in, and the page as a
-- text: asking a reader's view for forty columns of a thousand rows, and a server that parses a value only to write it again, were half of a load.
-- private.iso and private.is_public are written out: a function with a search path of its own is never inlined, and costs more than what it computes.
-- Everyone gets what anonymous may have, whoever asks: hence the owner's rights.
create function public.published_places(after uuid default null, n int default 1000)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(json_agg(page)::text, '[]')
  from (
    select p.id, p.slug, p.kind, p.theme_slug as theme, p.category_slug as category, p.area_slug as area, p.source_slug as source,
      extensions.st_x(p.public_position) as lon, extensions.st_y(p.public_position) as lat, p.version, to_char(p.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as created_at,
      to_char(p.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as updated_at, p.facts - (p.closed_facts || '{openness,kind,category,position,extra,photos,fact_openness}') as facts,
      case when p.facts ? 'photos' and 'photos' <> all (p.closed_facts) then p.public_photos else '[]' end as photos,
      case when p.extra = '{}' or p.closed_facts = '{}' then p.extra
        else p.extra - (select coalesce(array_agg(substr(k, 7)), '{}') from unnest(p.closed_facts) as k where k like 'extra.%') end as extra,
      p.public_offers as offers, p.assurances - p.closed_facts as assurances, p.public_history as history
    from private.places as p
    where p.id > coalesce(after, '00000000-0000-0000-0000-000000000000') and p.status = 'active' and p.openness = 'open' and not p.withheld
    order by p.id
    limit least(greatest(n, 1), 1000)
  ) as page;
$$;
comment on function public.published_places is 'Up to 1000 places that everyone may read, with an id > after, ascending, as the text of a JSON array: what the published snapshot loads.';
revoke execute on function public.published_places from public;
grant execute on function public.published_places to anon, authenticated, service_role;
