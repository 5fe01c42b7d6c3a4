-- Who answers for an organisation over time: leaving with a hand-over, and the yearly « toujours vous ? ».

-- An organisation keeps a manager: the last one hands over before she goes or steps down.
create function private.require_another_manager(organisation text, target uuid)
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if exists (select from private.memberships where contributor_id = target and organisation_slug = organisation and role = 'manager')
    and not exists (
      select from private.memberships as m join private.contributors as c on c.id = m.contributor_id
      where m.contributor_id <> target and m.organisation_slug = organisation and m.role = 'manager' and c.user_id is not null
    ) then
    perform private.refuse(409, 'last_manager', 'She is the only manager of this organisation: a colleague has to take over first.');
  end if;
end;
$$;

-- What a person leaves to a colleague: her waiting proposals about the organisation's places, and the invitations she had sent. Her name stays on
-- what she wrote; the colleague answers for it.
create function private.hand_over(target uuid, organisation text, heir uuid)
returns int
language plpgsql
volatile
set search_path = ''
as $$
declare
  entrusted int;
begin
  update private.proposals as p set entrusted_to = heir
  where (p.author_id = target and p.entrusted_to is null or p.entrusted_to = target) and p.state in ('open', 'asked')
    and (p.author_organisation = organisation or exists (select from private.places where id = p.place_id and steward_slug = organisation));
  get diagnostics entrusted = row_count;
  update private.invitations set invited_by = heir, client_id = null
  where invited_by = target and organisation_slug = organisation and accepted_at is null and revoked_at is null;
  return entrusted;
end;
$$;

-- Ends a membership, the organisation's row locked: two managers who leave at once cannot both think that the other stays. `by_force` is a
-- coordinator's, or an account's that is deleted (`who` is null then): the organisation may be left without a manager, and coordinators are shown it.
create function private.end_membership(who uuid, target uuid, organisation text, heir uuid, by_force boolean)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  present private.memberships;
  entrusted int;
begin
  select * into present from private.memberships where contributor_id = target and organisation_slug = organisation for update;
  if present.contributor_id is null then
    return; -- a second click
  elsif heir is not null and (heir = target or not exists (select from private.memberships where contributor_id = heir and organisation_slug = organisation)) then
    perform private.refuse(404, 'unknown_colleague', 'Only a colleague of this organisation can take over.', 'to');
  elsif heir is null and not (by_force and who is distinct from target) then
    perform private.require_another_manager(organisation, target);
  end if;
  if heir is not null then
    update private.memberships set role = 'manager', confirmed_at = private.clock(), asked_at = null
    where contributor_id = heir and organisation_slug = organisation and present.role = 'manager';
    entrusted := private.hand_over(target, organisation, heir);
    if heir is distinct from who then
      perform private.notify(heir, 'item_handed', null, jsonb_build_object('organisation', (select name from private.organisations where slug = organisation),
        'slug', organisation, 'role', present.role, 'proposals', entrusted));
    end if;
  else
    -- Nobody takes over: what she had offered in its name is taken back, what she answered for as a keeper goes back to its author.
    update private.proposals set entrusted_to = null where entrusted_to = target and author_organisation = organisation;
    perform private.forget_invitee(i) from private.invitations as i where i.invited_by = target and i.organisation_slug = organisation and private.invitation_waits(i);
    update private.invitations set revoked_at = private.clock()
    where invited_by = target and organisation_slug = organisation and accepted_at is null and revoked_at is null;
  end if;
  delete from private.memberships where contributor_id = target and organisation_slug = organisation;
end;
$$;

-- Asks every manager who has not said for a year that she still is one; a job calls it each day. Who was asked is not asked again before she
-- has answered.
create function public.ask_stewards()
returns jsonb
language plpgsql
volatile
security definer -- only the service key may call it
set search_path = ''
as $$
declare
  asked record;
  n int := 0;
begin
  for asked in
    select m.contributor_id, m.organisation_slug, o.name
    from private.memberships as m
    join private.organisations as o on o.slug = m.organisation_slug
    join private.contributors as c on c.id = m.contributor_id and c.user_id is not null
    where m.role = 'manager' and m.asked_at is null and m.confirmed_at < private.clock() - interval '1 year'
    order by m.organisation_slug, m.contributor_id
    for update of m skip locked
  loop
    update private.memberships set asked_at = private.clock()
    where contributor_id = asked.contributor_id and organisation_slug = asked.organisation_slug;
    perform private.notify(asked.contributor_id, 'steward_check', null, jsonb_build_object('organisation', asked.name, 'slug', asked.organisation_slug));
    n := n + 1;
  end loop;
  return jsonb_build_object('asked', n);
end;
$$;

-- « Oui, toujours moi. »
create function public.confirm_stewardship(organisation text)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  who uuid := private.require_contributor();
begin
  update private.memberships set confirmed_at = private.clock(), asked_at = null
  where contributor_id = who and organisation_slug = confirm_stewardship.organisation and role = 'manager';
  if not found then
    perform private.refuse(403, 'managers_only', 'Only a manager of this organisation can say that she still is one.');
  end if;
  insert into private.audit (contributor_id, action, subject) values (who, 'confirm_stewardship', organisation);
  return jsonb_build_object('organisation', organisation, 'confirmed', true);
end;
$$;

grant execute on function public.confirm_stewardship(text) to authenticated;
grant execute on function public.ask_stewards() to service_role;
