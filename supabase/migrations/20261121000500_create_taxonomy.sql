-- Themes (rubriques) and categories. Slugs are the keys: they appear in URLs, files and facts, so they never change; labels do.
create table private.themes (
  slug text primary key check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 60),
  label jsonb not null check (label ? 'fr' and label ? 'en' and length(label::text) <= 400),
  -- A name of the palette: its hue in each colour scheme is the interface's affair.
  colour text not null check (
    colour in ('coral', 'amber', 'olive', 'green', 'teal', 'cyan', 'blue', 'indigo', 'violet', 'plum', 'pink', 'brown')
  ),
  pictogram text not null check (pictogram ~ '^(maki|temaki):[a-z0-9_-]{1,60}$'),
  sort int not null default 0
);
alter table private.themes enable row level security;

create table private.categories (
  slug text primary key check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 60),
  theme_slug text not null references private.themes on delete restrict,
  label jsonb not null check (label ? 'fr' and label ? 'en' and length(label::text) <= 400),
  pictogram text not null check (pictogram ~ '^(maki|temaki):[a-z0-9_-]{1,60}$'),
  default_kind text not null default 'service' check (default_kind in ('service', 'initiative')),
  -- Its own facts: key → subset of JSON Schema, checked by private.check_extra.
  extra_facts jsonb not null default '{}' check (jsonb_typeof(extra_facts) = 'object' and length(extra_facts::text) <= 10000),
  -- How fast a fact goes stale here, where that differs from the fact's own class.
  half_lives jsonb not null default '{}' check (jsonb_typeof(half_lives) = 'object'),
  -- Facts that decide the freshness of the whole place, besides position, opening hours and phone.
  key_facts text[] not null default '{}',
  fact_openness jsonb not null default '{}' check (jsonb_typeof(fact_openness) = 'object'),
  osm_tag text check (osm_tag ~ '^[a-z_:]+=[^=]+$' and length(osm_tag) <= 100),
  schema_type text check (schema_type ~ '^[A-Za-z]+$' and length(schema_type) <= 60),
  synonyms jsonb not null default '{}' check (jsonb_typeof(synonyms) = 'object' and length(synonyms::text) <= 4000),
  sort int not null default 0
);
create index categories_by_theme on private.categories (theme_slug);
alter table private.categories enable row level security;

-- Territories, nested by parent. `path` is the area and its ancestors, so that "within this scope" is one array operator.
create table private.areas (
  slug text primary key check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 100),
  name text not null check (length(name) between 1 and 120),
  level text not null check (level in ('commune', 'quartier', 'micro_quartier')),
  parent_slug text references private.areas on delete restrict,
  code text check (length(code) <= 20),
  geometry extensions.geometry(MultiPolygon, 4326) not null check (extensions.st_isvalid(geometry)),
  path text[] not null
);
create index areas_by_geometry on private.areas using gist (geometry);
create index areas_by_parent on private.areas (parent_slug);
alter table private.areas enable row level security;
comment on column private.areas.path is 'Itself and its ancestors, the widest first. Kept by save_area.';

-- The deepest polygon that covers a point; null when none does.
create function private.area_at(point extensions.geometry)
returns text
language sql
stable
set search_path = ''
as $$
  select slug from private.areas
  where extensions.st_covers(geometry, point)
  order by cardinality(path) desc, slug
  limit 1;
$$;

-- Distance in metres to the territory, and the name of its nearest area; null without any area yet (an empty territory takes places anywhere).
create function private.nearest_area(point extensions.geometry)
returns table (name text, metres double precision)
language sql
stable
set search_path = ''
as $$
  select a.name, extensions.st_distance(a.geometry::extensions.geography, point::extensions.geography)
  from (
    select areas.name, areas.geometry from private.areas
    order by areas.geometry operator(extensions.<->) point limit 4
  ) as a
  order by 2 limit 1;
$$;

create table private.organisations (
  slug text primary key check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 100),
  name text not null check (length(name) between 1 and 160),
  kind text not null check (kind in ('public_service', 'association', 'collective', 'company')),
  summary text check (length(summary) <= 500),
  website text check (website ~* '^https?://[^\s"<>\\]+$' and length(website) <= 500),
  -- Numbers of public registers, never required; save_organisation checks them (private.check_number).
  siret text check (siret ~ '^[0-9]{14}$'),
  rna text check (rna ~ '^W[0-9A-Z]{3}[0-9]{6}$'),
  -- The register of associations of Alsace and Moselle has had several spellings.
  amalia text check (length(amalia) between 3 and 40)
);
alter table private.organisations enable row level security;
comment on table private.organisations is 'Public services, associations, collectives, companies. Nothing here names a person.';

create table private.datasets (
  slug text primary key check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 60 and slug not in ('changes', 'sources')),
  title jsonb not null check (title ? 'fr' and title ? 'en' and length(title::text) <= 600),
  description jsonb not null check (description ? 'fr' and description ? 'en' and length(description::text) <= 6000),
  licence text not null check (length(licence) <= 60),
  sort int not null default 0
);
alter table private.datasets enable row level security;

insert into private.datasets (slug, title, description, licence) values (
  'places',
  '{"fr": "Lieux et initiatives", "en": "Places and initiatives"}',
  '{"fr": "Tous les lieux publics de la carte : services de proximité et initiatives citoyennes, avec qui a vérifié quoi et quand.", "en": "Every public place of the map: local services and citizen initiatives, with who checked what and when."}',
  'etalab-2.0'
);
