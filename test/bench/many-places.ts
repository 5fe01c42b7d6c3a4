/** The id that `manyPlaces` gives the nth, from 1 on, and its name. */
export const nthPlace = (n: number) => ({
	id: `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
	name: `Maison de quartier ${n}`
});

/**
 * A script that writes so many open places past the door and its triggers, which a hundred thousand proposals would take an hour to pass:
 * reading them is what is measured.
 */
export const manyPlaces = (count: number) => `
set statement_timeout to 0;
alter table private.places disable trigger user;
insert into private.places (id, version, facts, assurances, slug, kind, category_slug, theme_slug, openness, position, public_position, public_history)
select ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1,
  jsonb_build_object('name', 'Maison de quartier ' || n, 'summary', 'Accueil, ateliers et conseils pour les familles du quartier', 'kind', 'service',
    'category', c.slug, 'openness', 'open', 'precision', 'exact', 'address', n % 200 || ' rue Paul Bellamy', 'postcode', '44000', 'city', 'Nantes',
    'opening_hours', 'Mo-Fr 09:00-12:30,14:00-18:00; PH off', 'phone', '+33240000000', 'website', 'https://exemple.fr/' || n, 'licence', 'etalab-2.0',
    'audience', '["children", "families"]'::jsonb, 'position', jsonb_build_object('lon', p.lon, 'lat', p.lat),
    'description', case when n % 2 = 0 then repeat('Un lieu pour apprendre et se rencontrer. ', 8) end),
  jsonb_build_object('position', a.assurance, 'opening_hours', a.assurance, 'phone', a.assurance), 'maison-' || n, 'service', c.slug, c.theme_slug, 'open',
  p.point, p.point, jsonb_build_array(jsonb_build_object('version', 1, 'kind', 'created', 'on', '2026-03-01', 'by_role', 'coordinator', 'by_organisation', null,
    'source', null, 'reason', null, 'facts', '["address", "category", "name", "opening_hours", "phone", "position"]'::jsonb))
from generate_series(1, ${count}) as n
cross join lateral (select slug, theme_slug from private.categories order by slug limit 1 offset n % (select count(*) from private.categories)) as c
cross join lateral (select -1.65 + n % 400 * 0.0005 as lon, 47.15 + n / 400 * 0.0005 as lat) as l
cross join lateral (select l.lon, l.lat, extensions.st_setsrid(extensions.st_point(l.lon, l.lat), 4326) as point) as p
cross join (select '{"on": "2026-03-01", "method": "phone", "by_role": "agent", "by_organisation": null}'::jsonb as assurance) as a;
alter table private.places enable trigger user;
analyze private.places;
reset statement_timeout;
`;
