-- The one door: a proposal, its operations, the decision on it. What a person confirms without changing anything is a proposal too
-- (kind `confirm`), so that one client_id has one answer whatever was sent.
create table private.sources (
  slug text primary key check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 100),
  name text not null check (length(name) between 1 and 200),
  licence text not null check (length(licence) <= 60),
  url text check (length(url) <= 500),
  contributor_id uuid not null references private.contributors on delete restrict,
  created_at timestamptz not null default private.clock()
);
alter table private.sources enable row level security;

create table private.proposals (
  id uuid primary key default gen_random_uuid(),
  author_id uuid not null references private.contributors on delete restrict,
  client_id uuid not null,
  kind text not null check (kind in ('create', 'update', 'end', 'reopen', 'merge', 'confirm')),
  -- Of a `create` that waits: the id the place will have.
  place_id uuid not null,
  into_place_id uuid references private.places on delete restrict,
  reason text check (reason in ('closed', 'moved', 'duplicate', 'never_existed', 'other')),
  base_version int,
  note text check (length(note) <= 2000),
  method text check (method in ('on_site', 'phone', 'steward', 'source', 'resident')),
  seen_on date,
  author_role text not null,
  author_organisation text,
  source_slug text references private.sources on delete restrict,
  -- How it came to its author, and the campaign (a workshop) it belongs to.
  channel text not null default 'web' check (channel in ('web', 'counter', 'phone', 'meeting', 'paper')),
  campaign_slug text,
  -- Where and on what it is, as proposed: what a queue is filtered by.
  area_slug text,
  theme_slug text,
  state text not null check (state in ('open', 'asked', 'accepted', 'partly_accepted', 'refused', 'withdrawn')),
  -- A colleague who answers for it since its author left their organisation.
  entrusted_to uuid references private.contributors on delete set null,
  claimed_by uuid references private.contributors on delete set null,
  claimed_until timestamptz,
  -- A colleague was asked to decide; the others may still.
  handed_to uuid references private.contributors on delete set null,
  handed_by uuid references private.contributors on delete set null,
  handed_message text check (length(handed_message) <= 500),
  created_at timestamptz not null default private.clock(),
  decided_at timestamptz,
  answer jsonb,
  constraint proposals_once_per_client_id unique (author_id, client_id)
);
create index proposals_by_place on private.proposals (place_id, created_at);
create index proposals_waiting on private.proposals (created_at) where state in ('open', 'asked');
create index proposals_by_author on private.proposals (author_id, created_at desc);
create index proposals_by_keeper on private.proposals (entrusted_to) where entrusted_to is not null;
alter table private.proposals enable row level security;

-- What nobody has vouched for yet: no proof of work, no confirmed mailbox. It waits beside the queue, where a flood fills nothing that matters.
create table private.unproven_items (
  -- A proposal or a report.
  item_id uuid primary key,
  contributor_id uuid not null references private.contributors on delete cascade,
  created_at timestamptz not null default private.clock()
);
create index unproven_items_by_age on private.unproven_items (created_at);
create index unproven_items_by_contributor on private.unproven_items (contributor_id);
alter table private.unproven_items enable row level security;

create table private.operations (
  proposal_id uuid not null references private.proposals on delete restrict,
  ordinal int not null,
  fact text not null check (length(fact) <= 100),
  old jsonb,
  new jsonb,
  -- Lists change by these two, which never conflict.
  add jsonb,
  remove jsonb,
  outcome text not null check (outcome in ('accepted', 'confirmed', 'pending', 'conflict', 'refused')),
  primary key (proposal_id, ordinal)
);
alter table private.operations enable row level security;

create table private.decisions (
  id uuid primary key default gen_random_uuid(),
  proposal_id uuid not null references private.proposals on delete restrict,
  place_id uuid not null,
  decider_id uuid references private.contributors on delete restrict,
  -- Accepted in the same transaction because its author may publish: a rule decided, nobody did.
  by_rule boolean not null default false,
  outcome text not null check (outcome in ('accept', 'refuse', 'ask')),
  reason_code text check (reason_code in ('out_of_scope', 'not_verifiable', 'duplicate', 'personal_data', 'advertising', 'offensive', 'illegal',
    'wrong_place', 'already_done', 'other')),
  message text check (length(message) <= 2000),
  -- What it did to the place: the version it wrote, each fact with its value before and after.
  version int,
  effects jsonb not null default '[]',
  decided_at timestamptz not null default private.clock(),
  undone_at timestamptz,
  undone_by uuid references private.contributors on delete restrict,
  constraint decisions_have_a_decider check (by_rule or decider_id is not null)
);
create index decisions_by_proposal on private.decisions (proposal_id);
create index decisions_by_place on private.decisions (place_id, decided_at desc);
alter table private.decisions enable row level security;

-- (source, its id) ↔ our place, kept for ever. `seen` is what the source last said: the next harvest proposes only what changed there since,
-- with this as the value its author had seen, so that a correction made here meanwhile shows up as a conflict.
create table private.identities (
  source_slug text not null references private.sources on delete restrict,
  source_id text not null check (length(source_id) between 1 and 200),
  place_id uuid not null,
  seen jsonb not null default '{}',
  seen_at timestamptz not null default private.clock(),
  primary key (source_slug, source_id)
);
create index identities_by_place on private.identities (place_id);
alter table private.identities enable row level security;

-- Every vouching, append-only; the current one per fact is repeated on the place.
create table private.assurances (
  id bigint generated always as identity primary key,
  place_id uuid not null references private.places on delete restrict,
  fact text not null check (length(fact) <= 100),
  on_day date not null,
  method text not null check (method in ('on_site', 'phone', 'steward', 'source', 'resident')),
  by_role text not null,
  by_organisation text,
  proposal_id uuid not null references private.proposals on delete restrict,
  -- Of a decision that was undone.
  void boolean not null default false
);
create index assurances_by_place on private.assurances (place_id, fact, on_day desc);
create index assurances_by_proposal on private.assurances (proposal_id);
alter table private.assurances enable row level security;

-- Withholding: at once, before any decision, reversible; not a version, because nothing was decided about the truth.
create table private.withholdings (
  id bigint generated always as identity primary key,
  place_id uuid not null references private.places on delete restrict,
  fact text check (length(fact) <= 100),
  reason_code text not null,
  message text check (length(message) <= 2000),
  by_contributor uuid references private.contributors on delete restrict,
  at timestamptz not null default private.clock(),
  released_at timestamptz
);
create index withholdings_by_place on private.withholdings (place_id) where released_at is null;
alter table private.withholdings enable row level security;
