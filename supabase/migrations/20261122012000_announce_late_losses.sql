-- A place that ended or merged in public leaves the map, but what was published of it while it was there stays in what re-users keep, and in the dated
-- archives of the open data. When something of it is redacted, withheld or closed afterwards, nobody would hear of it: it is `withdrawn` then, which tells
-- everybody to let go of what they have.
-- Its last coming or going is looked up for each place: a category that closes a fact touches all of its ended places at once.
create index changes_comings_and_goings on private.changes (id, seq)
  where subject = 'place' and kind in ('created', 'reopened', 'ended', 'merged', 'withdrawn');

create function private.announce_late_loss()
returns trigger
language plpgsql
security definer -- fires under the caller's role, which may not read the feed's queue
set search_path = ''
as $$
declare
  said text;
begin
  select c.kind into said from private.changes as c
  where c.subject = 'place' and c.id = new.id::text and c.kind in ('created', 'reopened', 'ended', 'merged', 'withdrawn')
  order by c.seq desc limit 1;
  if said in ('ended', 'merged')
    and not exists (select from private.change_queue as q where q.subject = 'place' and q.subject_id = new.id::text and q.kind = 'withdrawn') then
    perform private.announce('place', new.id::text, new.version, 'withdrawn', '{}', null, new.merged_into::text);
  end if;
  return null;
end;
$$;
comment on function private.announce_late_loss is 'Announces that something of a place that had ended was taken back.';

-- A later version of what has ended is a redaction; a history that lost something does not contain what it was.
create trigger announce_late_loss
  after update on private.places
  for each row
  when (old.status <> 'active' and new.status <> 'active' and (
    new.version > old.version
    or new.withheld and not old.withheld
    or old.openness = 'open' and new.openness <> 'open'
    or not (old.closed_facts @> new.closed_facts)
    or not (new.public_history @> old.public_history)
    or not (new.public_photos @> old.public_photos)))
  execute function private.announce_late_loss();
