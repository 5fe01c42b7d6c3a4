-- Photos: the row is the truth about a picture, its bytes lie in a private bucket as {id}-{size}.webp. A picture that somebody sent is `pending` until
-- a place lists it (the fact `photos`); one that leaves that list is hidden at once, and removed thirty days later, copies included, unless what took it
-- off is undone. A changed picture is another photo: what a browser or a cache kept of an id stays true.
create table private.photos (
  id uuid primary key default gen_random_uuid(),
  -- Null until a place lists it. Deferred: a new place lists its photos while its own row is being written.
  place_id uuid references private.places on delete restrict deferrable initially deferred,
  -- The place it was sent for, which may not exist yet, and the proposal that brought it: a moderator's scope is asked of these.
  meant_for uuid,
  proposal_id uuid references private.proposals on delete restrict,
  uploader_id uuid not null references private.contributors on delete restrict,
  state text not null default 'pending' check (state in ('pending', 'published', 'withheld', 'removed')),
  alt text not null default '' check (length(alt) <= 300),
  -- « I took it and give it »: without that it is shown, and stays out of the open data.
  own_work boolean not null default false,
  licence text,
  -- Of the bytes as they were sent: the same picture sent twice is one photo.
  sha256 bytea check (octet_length(sha256) = 32),
  width int check (width between 1 and 4000),
  height int check (height between 1 and 4000),
  -- The photo that this one, with faces or plates masked, stands in for.
  replaces uuid references private.photos on delete restrict,
  created_at timestamptz not null default private.clock(),
  stored_at timestamptz,
  left_at timestamptz,
  removed_at timestamptz,
  purged_at timestamptz,
  constraint photos_given_have_a_licence check (own_work = (licence is not null)),
  constraint photos_shown_are_stored check (state <> 'published' or stored_at is not null and place_id is not null),
  constraint photos_removed_say_when check ((state = 'removed') = (removed_at is not null))
);
create index photos_by_uploader on private.photos (uploader_id, sha256);
create index photos_by_place on private.photos (place_id) where place_id is not null;
create index photos_by_proposal on private.photos (proposal_id) where proposal_id is not null;
-- The sweep that takes copies away.
create index photos_to_purge on private.photos (removed_at) where state = 'removed' and purged_at is null;
create index photos_unlisted on private.photos (created_at) where state in ('pending', 'withheld');
alter table private.photos enable row level security;
comment on table private.photos is 'Pictures sent for places. No file name, no camera, no position is kept of any.';

create function private.photo_ids(list jsonb)
returns uuid[]
language sql
immutable
set search_path = ''
as $$
  select coalesce(array_agg(e::uuid), '{}') from jsonb_array_elements_text(coalesce(list, '[]')) as e;
$$;

-- Photos of a place as everyone reads them, in the order they came.
create function private.photos_of(ids uuid[])
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', id, 'alt', alt, 'licence', licence, 'width', width, 'height', height) order by created_at, id), '[]')
  from private.photos where id = any (ids) and state = 'published';
$$;

-- A place lists photos or drops them: the last gate, whichever door led here.
create function private.list_photos()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  before uuid[] := case tg_op when 'UPDATE' then private.photo_ids(old.facts -> 'photos') else '{}' end;
  listed uuid[] := private.photo_ids(new.facts -> 'photos');
  entering uuid[] := array(select unnest(listed) except select unnest(before));
  entered int;
begin
  if before @> listed and listed @> before then
    return new;
  end if;
  update private.photos set place_id = new.id, left_at = null, state = case state when 'pending' then 'published' else state end
  where id = any (entering) and state <> 'removed' and stored_at is not null and coalesce(place_id, new.id) = new.id;
  get diagnostics entered = row_count;
  if entered < cardinality(entering) then
    perform private.refuse(409, 'photo_gone', 'One of these photos was removed meanwhile.', 'photos');
  end if;
  update private.photos set left_at = private.clock(), state = case state when 'published' then 'pending' else state end
  where id = any (before) and id <> all (listed) and state <> 'removed';
  new.public_photos := private.photos_of(listed);
  return new;
end;
$$;
create trigger list_photos before insert or update of facts on private.places for each row execute function private.list_photos();

-- The photos that a proposal brings: her own that wait, or those that the place has or had. Called by `submit` and `amend_proposal`.
create function private.claim_photos(p private.proposals, operations jsonb)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  op jsonb;
  brought uuid[];
begin
  select e into op from jsonb_array_elements(operations) as e where e ->> 'fact' = 'photos';
  if op is null then
    return;
  end if;
  brought := private.photo_ids(private.check_fact('photos', nullif(coalesce(op -> 'new', op -> 'add'), 'null')));
  if exists (
    select from unnest(brought) as wanted left join private.photos as ph on ph.id = wanted and ph.state <> 'removed' and ph.stored_at is not null
      and (ph.place_id = p.place_id or ph.place_id is null and ph.uploader_id = p.author_id)
    where ph.id is null
  ) then
    perform private.refuse(400, 'unknown_photo', 'One of these photos is not there, or not hers to add here.', 'photos');
  end if;
  update private.photos set proposal_id = p.id, meant_for = p.place_id where id = any (brought) and uploader_id = p.author_id and place_id is null;
end;
$$;

-- Its words are being judged: it is in a proposal that waits, or whose refusal is contested.
create function private.being_judged(ph private.photos)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  -- Asked of the proposals, not of proposal_id: that one names the last that brought it.
  return exists (
    select from private.proposals as p join private.operations as o on o.proposal_id = p.id
    where p.author_id = ph.uploader_id and o.fact = 'photos' and (o.new ? ph.id::text or o.add ? ph.id::text) and (p.state in ('open', 'asked')
      or exists (select from private.decisions as d join private.appeals as a on a.decision_id = d.id where d.proposal_id = p.id and a.state = 'open')));
end;
$$;

-- Notes a picture before its bytes are kept, or says more of one that waits (with its `photo_id`). The same picture for the same place is the same photo.
create function private.register_photo(who uuid, photo jsonb)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  ph private.photos;
  known uuid;
  target uuid;
  digest text;
  given boolean;
  description text;
begin
  if jsonb_typeof(photo) is distinct from 'object' then
    perform private.refuse(400, 'invalid_photo', 'A photo is an object.');
  end if;
  known := private.as_uuid(photo -> 'photo_id', 'photo_id');
  target := private.as_uuid(photo -> 'place_id', 'place_id');
  digest := photo ->> 'sha256';
  if coalesce(photo -> 'own_work', 'null') not in ('null', 'true', 'false') then
    perform private.refuse(400, 'invalid_photo', 'own_work is true or false.', 'photos');
  elsif known is null and (jsonb_typeof(photo -> 'sha256') is distinct from 'string' or digest !~ '^[0-9a-f]{64}$') then
    perform private.refuse(400, 'invalid_photo', 'sha256 is the hash of the bytes, in hexadecimal.', 'photos');
  end if;
  given := (nullif(photo -> 'own_work', 'null'))::boolean;
  description := case when coalesce(photo -> 'alt', 'null') <> 'null' then coalesce(private.check_text('photos', photo -> 'alt', 300, false), '') end;
  if known is null then
    -- The same picture sent twice at once: the second finds the first.
    perform pg_advisory_xact_lock(hashtextextended(who::text || digest, 2));
    select * into ph from private.photos
    where uploader_id = who and sha256 = decode(digest, 'hex') and state <> 'removed' and left_at is null and meant_for is not distinct from target
    order by created_at limit 1 for update;
  else
    select * into ph from private.photos where id = known and uploader_id = who and state <> 'removed' for update;
    if ph.id is null then
      perform private.refuse(404, 'unknown_photo', 'There is no such photo.', 'photos');
    end if;
  end if;
  if ph.id is null then
    if (select count(*) from private.photos where uploader_id = who and state = 'pending' and proposal_id is null) >= 100 then
      perform private.refuse(429, 'too_many_photos', 'Send the photos that wait before adding others.', 'photos');
    end if;
    insert into private.photos (uploader_id, meant_for, sha256) values (who, target, decode(digest, 'hex')) returning * into ph;
  end if;
  -- What a place shows keeps the words and the licence it was accepted with; what a moderator is looking at, those that she has read.
  if ph.state = 'pending' and ph.place_id is null and not private.being_judged(ph) then
    given := coalesce(given, ph.own_work);
    update private.photos set alt = coalesce(description, alt), own_work = given, licence = case when given then private.setting('licence') ->> 'id' end
    where id = ph.id returning * into ph;
  end if;
  return jsonb_build_object('photo_id', ph.id, 'state', ph.state, 'stored', ph.stored_at is not null);
end;
$$;

create function public.register_photo(photo jsonb)
returns jsonb
language sql
volatile
security definer -- in the caller's own name
set search_path = ''
as $$
  select private.register_photo(private.require_contributor(), photo);
$$;
comment on function public.register_photo is 'Notes a picture of the caller: {sha256, place_id?, alt?, own_work?}, or {photo_id, alt?, own_work?} to say more of it.';

-- For the forms that somebody without an account fills in: the server names her contributor.
create function public.register_visitor_photo(visitor jsonb, photo jsonb)
returns jsonb
language plpgsql
volatile
security definer -- for the service key only
set search_path = ''
as $$
declare
  contact private.visitor_contacts;
begin
  if jsonb_typeof(visitor) is distinct from 'object' then
    perform private.refuse(400, 'invalid_photo', 'A visitor is an object.');
  end if;
  -- The same one that her proposal will come from: both are known by the link of their form.
  contact := private.enter_visitor(visitor);
  return private.register_photo(contact.contributor_id, photo);
end;
$$;

-- The server has put the bytes away. Their size is the server's word, not the sender's.
create function public.photo_stored(photo jsonb)
returns jsonb
language plpgsql
volatile
security definer -- for the service key only
set search_path = ''
as $$
declare
  target uuid := private.as_uuid(photo -> 'photo_id', 'photo_id');
begin
  if coalesce(photo ->> 'width', '') !~ '^[1-9][0-9]{0,3}$' or coalesce(photo ->> 'height', '') !~ '^[1-9][0-9]{0,3}$'
    or (photo ->> 'width')::int > 4000 or (photo ->> 'height')::int > 4000 then
    perform private.refuse(400, 'invalid_photo', 'width and height are pixels.', 'photos');
  end if;
  update private.photos set stored_at = coalesce(stored_at, private.clock()), width = (photo ->> 'width')::int, height = (photo ->> 'height')::int
  where id = target and state <> 'removed';
  if not found then
    perform private.refuse(404, 'unknown_photo', 'There is no such photo.', 'photos');
  end if;
  return jsonb_build_object('photo_id', target, 'stored', true);
end;
$$;

-- May she decide on it: where its place is, or where the proposal that brings it would put it.
create function private.decides_on_photo(who uuid, ph private.photos)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
declare
  place private.places;
  p private.proposals;
begin
  select * into p from private.proposals where id = ph.proposal_id;
  select * into place from private.places where id = coalesce(ph.place_id, p.place_id);
  return case
    when place.id is not null then private.hat_for(who, 'decide', place.area_slug, place.theme_slug, null) is not null
    when p.id is not null then private.hat_for(who, 'decide', p.area_slug, p.theme_slug, null) is not null
    else false
  end;
end;
$$;

-- What the caller may see of these photos besides what everyone sees: her own while they wait, those of places that are open to her, and to a
-- moderator in scope all that wait or are withheld. Of a removed one only that it is.
create function public.see_photos(photo_ids jsonb)
returns jsonb
language plpgsql
stable
security definer -- the table is closed; each row is asked for by its own rule
set search_path = ''
as $$
declare
  who uuid := private.contributor_id();
  ph private.photos;
  place private.places;
  decides boolean;
  seen boolean;
  answer jsonb := '[]';
begin
  if who is null then
    perform private.refuse(401, 'not_signed_in', 'Sign in first.');
  elsif jsonb_typeof(photo_ids) is distinct from 'array' or jsonb_array_length(photo_ids) > 200 then
    perform private.refuse(400, 'invalid_photo', 'photo_ids is a list of at most 200.');
  end if;
  for ph in select * from private.photos where id in (select private.as_uuid(e, 'photo_ids') from jsonb_array_elements(photo_ids) as e) order by created_at, id loop
    decides := private.decides_on_photo(who, ph);
    select * into place from private.places where id = ph.place_id;
    seen := decides or ph.uploader_id = who and ph.state in ('pending', 'removed')
      or ph.state = 'published' and private.sees(private.sight_of(who, place), 'photos');
    if seen and ph.state = 'removed' then
      answer := answer || jsonb_build_object('id', ph.id, 'state', 'removed');
    elsif seen and ph.stored_at is not null then
      answer := answer || jsonb_build_object('id', ph.id, 'state', ph.state, 'alt', ph.alt, 'licence', ph.licence, 'width', ph.width, 'height', ph.height,
        'decides', decides and ph.uploader_id <> who);
    end if;
  end loop;
  return answer;
end;
$$;
comment on function public.see_photos is 'Photos that are not everyone''s to see, for their author, their readers and the moderators in scope.';

-- A photo and the right to decide on it, or a refusal.
create function private.photo_to_decide(who uuid, target uuid)
returns private.photos
language plpgsql
volatile
set search_path = ''
as $$
declare
  ph private.photos;
begin
  -- Proposal, place, photo: in the order in which a decision takes them.
  perform from private.proposals where id = (select proposal_id from private.photos where id = target) for update;
  perform from private.places where id = (select place_id from private.photos where id = target) for update;
  select * into ph from private.photos where id = target for update;
  if ph.id is null then
    perform private.refuse(404, 'unknown_photo', 'There is no such photo.', 'photos');
  elsif not private.decides_on_photo(who, ph) then
    perform private.refuse(403, 'not_in_scope', 'This is not in your area and themes.');
  elsif ph.state = 'removed' then
    perform private.refuse(410, 'photo_gone', 'This photo was removed.', 'photos');
  end if;
  return ph;
end;
$$;

-- Hides a photo at once or shows it again; `withhold` comes here when it is given a photo_id.
create function private.withhold_photo(who uuid, withholding jsonb)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  ph private.photos := private.photo_to_decide(who, private.as_uuid(withholding -> 'photo_id', 'photo_id'));
  release boolean := coalesce(withholding -> 'release', 'false') = 'true';
  reason text := private.read_choice(withholding, 'reason_code', '{out_of_scope,not_verifiable,duplicate,personal_data,advertising,offensive,illegal,wrong_place,already_done,other}');
  place private.places;
begin
  if not release and reason is null then
    perform private.refuse(400, 'missing_reason', 'Say why it is withheld.', 'reason_code');
  end if;
  select * into place from private.places where id = ph.place_id;
  update private.photos set state = case when not release then 'withheld' when place.facts -> 'photos' ? ph.id::text then 'published' else 'pending' end
  where id = ph.id returning * into ph;
  if place.facts -> 'photos' ? ph.id::text then
    update private.places set public_photos = private.photos_of(private.photo_ids(facts -> 'photos')) where id = place.id;
    if private.is_public(place) and 'photos' <> all (place.closed_facts) then
      perform private.announce('place', place.id::text, place.version, 'updated', array['photos']);
    end if;
  end if;
  insert into private.audit (contributor_id, action, subject, detail)
  values (who, case when release then 'release_photo' else 'withhold_photo' end, ph.id::text, jsonb_build_object('place_id', ph.place_id, 'reason_code', reason));
  return jsonb_build_object('photo_id', ph.id, 'place_id', ph.place_id, 'state', ph.state);
end;
$$;

-- A moderator masked faces or plates on the server's copy: the masked picture is noted here, its bytes are put away, then it takes the other's place.
create function public.mask_photo(mask jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  ph private.photos;
  masked private.photos;
begin
  if jsonb_typeof(mask) is distinct from 'object' or coalesce(mask ->> 'sha256', '') !~ '^[0-9a-f]{64}$' then
    perform private.refuse(400, 'invalid_photo', 'sha256 is the hash of the masked bytes, in hexadecimal.', 'photos');
  end if;
  ph := private.photo_to_decide(who, private.as_uuid(mask -> 'photo_id', 'photo_id'));
  select * into masked from private.photos where replaces = ph.id and sha256 = decode(mask ->> 'sha256', 'hex') and state = 'pending';
  if masked.id is null then
    insert into private.photos (uploader_id, meant_for, sha256, alt, own_work, licence, replaces)
    values (ph.uploader_id, ph.meant_for, decode(mask ->> 'sha256', 'hex'), ph.alt, ph.own_work, ph.licence, ph.id) returning * into masked;
  end if;
  return jsonb_build_object('photo_id', masked.id, 'state', masked.state, 'stored', masked.stored_at is not null);
end;
$$;

create function public.replace_photo(photo_id uuid)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
  masked private.photos;
  ph private.photos;
  place private.places;
  answer jsonb;
begin
  select * into masked from private.photos where id = replace_photo.photo_id and replaces is not null and stored_at is not null;
  if masked.id is null then
    perform private.refuse(404, 'unknown_photo', 'There is no such photo.', 'photos');
  elsif exists (select from private.photos where id = masked.replaces and state = 'removed') and masked.proposal_id is not null then
    return jsonb_build_object('photo_id', masked.id, 'replaces', masked.replaces); -- asked again
  end if;
  ph := private.photo_to_decide(who, masked.replaces);
  select * into place from private.places where id = ph.place_id;
  update private.photos set place_id = ph.place_id, proposal_id = ph.proposal_id, meant_for = ph.meant_for, created_at = ph.created_at where id = masked.id;
  -- A proposal that waits brings the masked one instead.
  update private.operations as o set
    add = case when o.add ? ph.id::text then o.add - ph.id::text || to_jsonb(masked.id::text) else o.add end,
    new = case when o.new ? ph.id::text then o.new - ph.id::text || to_jsonb(masked.id::text) else o.new end
  where o.proposal_id = ph.proposal_id and o.fact = 'photos' and o.outcome in ('pending', 'conflict');
  if place.facts -> 'photos' ? ph.id::text then
    answer := private.submit(who, jsonb_build_object('client_id', masked.id, 'kind', 'update', 'place_id', place.id, 'operations', jsonb_build_array(
      jsonb_build_object('fact', 'photos', 'add', jsonb_build_array(masked.id), 'remove', jsonb_build_array(ph.id)))));
    if answer ->> 'state' <> 'accepted' then
      perform private.refuse(403, 'not_in_scope', 'This is not in your area and themes.');
    end if;
  end if;
  update private.photos set state = 'removed', removed_at = private.clock() where id = ph.id;
  insert into private.audit (contributor_id, action, subject, detail)
  values (who, 'mask_photo', ph.id::text, jsonb_build_object('place_id', ph.place_id, 'replaced_by', masked.id));
  return jsonb_build_object('photo_id', masked.id, 'replaces', ph.id);
end;
$$;

-- For `redact`: takes out the words of a photo, and of those that masking made of it. Erased, it leaves its place by a version, so that its address says
-- it is gone, and the next sweep takes its copies away. Answers its place.
create function private.redact_photo(who uuid, target uuid, erase boolean)
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
declare
  ph private.photos;
  place private.places;
begin
  -- Proposal, place, photo: in the order in which a decision takes them.
  perform from private.proposals where id = (select proposal_id from private.photos where id = target) for update;
  select * into place from private.places where id = (select place_id from private.photos where id = target) for update;
  select * into ph from private.photos where id = target for update;
  if ph.id is null then
    perform private.refuse(404, 'unknown_photo', 'There is no such photo.', 'photo_id');
  end if;
  update private.photos set alt = '' where id in (ph.id, ph.replaces) or replaces = ph.id;
  update private.places set public_photos = private.photos_of(private.photo_ids(facts -> 'photos')) where id = place.id;
  if erase and place.facts -> 'photos' ? ph.id::text then
    perform private.apply_version(place.id, 'redacted', jsonb_build_array(jsonb_build_object('fact', 'photos', 'old', place.facts -> 'photos',
      'new', nullif((place.facts -> 'photos') - ph.id::text, '[]'))), row(who, 'coordinator', null, null, null, null, null, 'resident', null, null, null), false);
  elsif place.facts -> 'photos' ? ph.id::text and private.is_public(place) and 'photos' <> all (place.closed_facts) then
    perform private.announce('place', place.id::text, place.version, 'updated', array['photos']);
  end if;
  if erase then
    update private.photos set state = 'removed', removed_at = private.clock() where id = ph.id and state <> 'removed';
  end if;
  return place.id;
end;
$$;

-- Ends what left its place thirty days ago (until then that can be undone; everyone is answered 410), what left it withheld fifteen seconds ago,
-- and what was sent thirty days ago and never taken; answers whose copies are to go.
create function public.retire_photos()
returns jsonb
language plpgsql
volatile
security definer -- for the service key only
set search_path = ''
as $$
declare
  due uuid[];
begin
  select coalesce(array_agg(ph.id), '{}') into due from private.photos as ph left join private.proposals as p on p.id = ph.proposal_id
  where ph.state in ('pending', 'withheld') and (p.id is null or p.state not in ('open', 'asked')) and (
    ph.left_at < private.clock() - case ph.state when 'withheld' then interval '15 seconds' else interval '30 days' end
    or ph.place_id is null and coalesce(p.decided_at, ph.created_at) < private.clock() - interval '30 days');
  update private.photos set state = 'removed', removed_at = private.clock() where id = any (due);
  return (select coalesce(jsonb_agg(id order by removed_at), '[]') from (
    select id, removed_at from private.photos where state = 'removed' and purged_at is null order by removed_at limit 200) as gone);
end;
$$;

-- Their copies are gone: what is left is that there was a photo.
create function public.photos_purged(photo_ids jsonb)
returns jsonb
language sql
volatile
security definer -- for the service key only
set search_path = ''
as $$
  with gone as (
    update private.photos set purged_at = private.clock(), alt = '', sha256 = null
    where state = 'removed' and purged_at is null and id in (select private.as_uuid(e, 'photo_ids') from jsonb_array_elements(photo_ids) as e) returning id
  )
  select jsonb_build_object('purged', (select count(*) from gone));
$$;

grant execute on function public.register_photo(jsonb), public.see_photos(jsonb), public.mask_photo(jsonb), public.replace_photo(uuid) to authenticated;
grant execute on function public.register_visitor_photo(jsonb, jsonb), public.photo_stored(jsonb), public.retire_photos(), public.photos_purged(jsonb) to service_role;
