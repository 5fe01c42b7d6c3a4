-- Who acts. Everything refers to a contributor, and only a contributor refers to an account: deleting the account detaches, it destroys nothing.
create table private.contributors (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('account', 'visitor', 'source', 'system')),
  user_id uuid unique references auth.users on delete set null,
  -- Shown to moderators only; redactable.
  display_name text check (length(display_name) between 1 and 80),
  -- A moderator's holidays: what was handed to her is everybody's until she is back, this day included.
  absent_until date,
  created_at timestamptz not null default now()
);
alter table private.contributors enable row level security;

create table private.memberships (
  contributor_id uuid not null references private.contributors on delete cascade,
  organisation_slug text not null references private.organisations on delete restrict,
  role text not null default 'member' check (role in ('member', 'manager')),
  created_at timestamptz not null default now(),
  -- « Toujours vous ? »: when she last said so, and when she was last asked (null once she has answered).
  confirmed_at timestamptz not null default now(),
  asked_at timestamptz,
  primary key (contributor_id, organisation_slug)
);
create index memberships_by_organisation on private.memberships (organisation_slug);
alter table private.memberships enable row level security;

-- A right held by a person or, for `publisher`, by all members of an organisation. Scope: null = all, empty = none.
create table private.grants (
  id uuid primary key default gen_random_uuid(),
  contributor_id uuid references private.contributors on delete cascade,
  organisation_slug text references private.organisations on delete restrict,
  role text not null check (role in ('agent', 'moderator', 'coordinator', 'publisher')),
  areas text[] check (cardinality(areas) <= 200),
  themes text[] check (cardinality(themes) <= 200),
  created_at timestamptz not null default now(),
  constraint grants_have_one_holder check (num_nonnulls(contributor_id, organisation_slug) = 1),
  constraint grants_to_organisations_publish check ((organisation_slug is not null) = (role = 'publisher'))
);
create index grants_by_contributor on private.grants (contributor_id);
create index grants_by_organisation on private.grants (organisation_slug);
alter table private.grants enable row level security;

-- Arrays have no foreign keys: a right must not quietly widen or vanish because an area or a theme went away.
create function private.keep_granted_scope()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if tg_table_name = 'areas' and exists (select from private.grants where old.slug = any (areas))
    or tg_table_name = 'themes' and exists (select from private.grants where old.slug = any (themes)) then
    perform private.refuse(409, 'granted_scope', format('"%s" is part of somebody''s rights: change these first.', old.slug));
  end if;
  return old;
end;
$$;
create trigger keep_granted_scope before delete on private.areas for each row execute function private.keep_granted_scope();
create trigger keep_granted_scope before delete on private.themes for each row execute function private.keep_granted_scope();

-- What each hat may do: four permissions, never inferred from one another. `steward` and `resident` are hats that come from a membership and
-- from having an account; the others from grants. Seeds and tests read this table, functions ask private.hat_for.
create table private.role_permissions (
  role text not null,
  permission text not null check (permission in ('propose', 'verify', 'publish', 'decide')),
  rank int not null,
  primary key (role, permission)
);
alter table private.role_permissions enable row level security;
insert into private.role_permissions (role, permission, rank) values
  ('resident', 'propose', 9), ('resident', 'verify', 9),
  ('steward', 'propose', 4), ('steward', 'verify', 4), ('steward', 'publish', 4),
  ('agent', 'propose', 3), ('agent', 'verify', 3), ('agent', 'publish', 3),
  ('moderator', 'propose', 2), ('moderator', 'verify', 2), ('moderator', 'publish', 2), ('moderator', 'decide', 2),
  ('coordinator', 'propose', 1), ('coordinator', 'verify', 1), ('coordinator', 'publish', 1), ('coordinator', 'decide', 1);

-- How each hat may vouch for a fact.
create table private.role_methods (
  role text not null,
  method text not null check (method in ('on_site', 'phone', 'steward', 'source', 'resident')),
  primary key (role, method)
);
alter table private.role_methods enable row level security;
insert into private.role_methods (role, method) values
  ('resident', 'resident'),
  ('steward', 'steward'), ('steward', 'resident'),
  ('agent', 'on_site'), ('agent', 'phone'), ('agent', 'resident'),
  ('moderator', 'on_site'), ('moderator', 'phone'), ('moderator', 'resident'),
  ('coordinator', 'on_site'), ('coordinator', 'phone'), ('coordinator', 'resident'),
  ('source', 'source');

-- The account behind the token, if its session still exists: a token outlives its sign-out, a session doesn't.
create function private.session_user_id()
returns uuid
language sql
stable
security definer -- auth.sessions is closed to the API's roles
set search_path = ''
as $$
  select sessions.user_id
  from auth.sessions
  where auth.uid() is not null
    and sessions.id = nullif(auth.jwt() ->> 'session_id', '')::uuid
    and sessions.user_id = auth.uid();
$$;

create function private.contributor_id()
returns uuid
language sql
stable
security definer
set search_path = ''
as $$
  select contributors.id from private.contributors where contributors.user_id = private.session_user_id();
$$;

-- The caller as a contributor, made at her first act. Refuses anyone without a living session.
create function private.require_contributor()
returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  account uuid := private.session_user_id();
  found_id uuid;
begin
  if account is null then
    perform private.refuse(401, 'not_signed_in', 'Sign in first.');
  end if;
  select id into found_id from private.contributors where user_id = account;
  if found_id is null then
    insert into private.contributors (kind, user_id, display_name)
    select 'account', users.id, left(private.tidy(users.raw_user_meta_data ->> 'name'), 80) from auth.users where users.id = account
    on conflict (user_id) do nothing;
    select id into found_id from private.contributors where user_id = account;
  end if;
  return found_id;
end;
$$;

create function private.in_scope(area text, theme text, areas text[], themes text[])
returns boolean
language sql
stable
set search_path = ''
as $$
  select (areas is null or exists (select from private.areas as a where a.slug = area and a.path && areas))
    and (themes is null or theme = any (themes));
$$;
comment on function private.in_scope is 'Null = all, empty = none; an area includes its descendants; "outside" (null) is in no list.';

-- Under which hat somebody may do something to a thing in this area and theme that this organisation answers for; null = not at all.
-- The strongest hat wins, because it is the one that the public reads.
create function private.hat_for(who uuid, permission text, area text, theme text, steward text)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select p.role
  from private.role_permissions as p
  where p.permission = $2
    and (
      -- Everyone is at least a resident, or a visitor when she has no account.
      p.role in ('resident', 'visitor') and (p.role = 'visitor') = exists (select from private.contributors as c where c.id = who and c.kind = 'visitor')
      or p.role = 'steward' and steward is not null and exists (
        select from private.memberships as m where m.contributor_id = who and m.organisation_slug = steward
      )
      or exists (
        select from private.grants as g
        where g.contributor_id = who and g.role = p.role and private.in_scope(area, theme, g.areas, g.themes)
      )
    )
  order by p.rank
  limit 1;
$$;

-- A member's new place waits, unless her organisation was given the right to publish there.
create function private.organisation_may_publish(who uuid, area text, theme text, steward text)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from private.grants as g
    join private.memberships as m on m.organisation_slug = g.organisation_slug
    where m.contributor_id = who and g.organisation_slug = steward and g.role = 'publisher'
      and private.in_scope(area, theme, g.areas, g.themes)
  );
$$;

-- The organisation named beside a hat: the steward's own, else the one the person belongs to (the first by name when there are several).
create function private.organisation_behind(who uuid, hat text, steward text)
returns text
language sql
stable
set search_path = ''
as $$
  select case
    when hat = 'steward' then steward
    when hat in ('agent', 'moderator', 'coordinator') then (
      select m.organisation_slug from private.memberships as m where m.contributor_id = who order by 1 limit 1
    )
  end;
$$;

-- What the caller may read: 0 open, 1 shared (partners); the third rank, private, depends on the place.
create function private.reader_rank()
returns int
language sql
stable
security definer
set search_path = ''
as $$
  select case when exists (
    select from private.memberships as m where m.contributor_id = private.contributor_id()
    union all
    select from private.grants as g where g.contributor_id = private.contributor_id()
  ) then 1 else 0 end;
$$;
