-- Opening hours are judged here, in the database, because its functions are called directly by anyone (law 3: Postgres is the judge).
-- What is stored is a part of the syntax of OpenStreetMap (https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification) that
-- opening_hours.js takes without a warning: everything that reads our data has that library or one that was tested against it. One file of
-- cases and a property test hold the two together. Warnings that only say that a date is over are left out: a value stays as right as it was.
--
--   value     = "24/7" [comment] | rule { (";" | "," | "||") rule }
--   rule      = [when] times [state] [comment]
--             | [when] state comment                                              Mo open "sur rendez-vous"
--             | when ("off" | "closed" | "unknown")                               Jul-Aug off
--             | [when] comment                                                    "sur rendez-vous"
--             | state                                                             the first rule only
--   when      = [years [whole months] | months] [weeks] [days]                    in this order, separated by spaces
--             | ("PH" | "SH") days                                                SH Mo-Fr
--   years     = year ["-" year ["/" step] | "+"] {"," …}                           2026-2028
--   months    = period {"," period} | dated {"," dated} | easter
--   period    = month ["-" month] | month days of it {"," days of it}           Jul-Aug   Dec 24,26-31
--             | month day "-" month day                                           Dec 24-Jan 02
--   dated     = year month (day "-" day | day {"," day})                          2026 Dec 24
--             | year month day "-" year month day                                 2026 Dec 24-2027 Jan 02
--   easter    = "easter" [("+" | "-") n " days"]                                  easter -2 days
--   weeks     = "week " week ["-" week ["/" step]] {"," …}                         week 1-53/2
--   days      = day {"," day}                                                   Mo-Fr   We[1,-1]   Mo-Su,PH
--   times     = span {"," span}
--   span      = point "-" point ["+"] | point "+"                                  08:30-12:00   22:00-02:00   18:00+
--   point     = hh:mm | event | "(" event ("+" | "-") hh:mm ")"                    sunrise   (sunset+01:00)
--   comment   = '"' anything but '"' '"'
--
-- Beyond the grammar: numbers of a range rise; 24/7 stands alone; a "," adds opening, never closing; rules made of times alone are one
-- list; the school holidays of a given year may be unknown; and after hours that run past midnight a ";" rule may not speak of the next
-- day, which it would cut short: "," is meant, or another order.

create schema if not exists private;

-- The pieces of the grammar, as regular expressions where {name} stands for an earlier piece. Only the migration reads it, to build the
-- expression of a whole rule below; it stays as the grammar's documentation, and so that a later migration can change one piece.
-- In a rule `#` stands for a comment. No piece looks back: PostgreSQL runs the whole as an automaton, in time linear in the length.
create table private.opening_hours_grammar (
  ordinal int primary key,
  name text not null unique check (length(name) between 1 and 20),
  expression text not null check (length(expression) between 1 and 500),
  example text not null check (length(example) between 1 and 100)
);
comment on table private.opening_hours_grammar is 'Pieces of the opening-hours grammar, from which private.opening_hours_pattern is built';
alter table private.opening_hours_grammar enable row level security;

insert into private.opening_hours_grammar (ordinal, name, expression, example) values
  (1, 'start', '(?:(?:[01]?[0-9]|2[0-3]):[0-5][0-9])', '08:30'),
  (2, 'end', '(?:(?:[0-3][0-9]|4[0-7]):[0-5][0-9]|48:00)', '26:00'),
  (3, 'event', '(?:sunrise|sunset|dawn|dusk)', 'sunset'),
  (4, 'shift', '(?:\({event}[+-](?:0[0-9]:(?:[0-5][1-9]|[1-5]0)|(?:0[1-9]|1[01]):00)\))', '(sunset+01:00)'),
  (5, 'sun', '(?:{event}|{shift})', 'sunset'),
  (6, 'span', '(?:(?:{start}|{sun})-(?:{end}|{sun})|{start}-{end}\+|(?:{start}|{sun})\+)', '08:30-12:00'),
  (7, 'times', '(?:{span}(?:,{span})*)', '08:30-12:00,13:30-17:30'),
  (8, 'weekday', '(?:Mo|Tu|We|Th|Fr|Sa|Su)', 'Mo'),
  (9, 'nth', '(?:-?[1-5]|[1-5]-[1-5])', '-1'),
  (10, 'weekdays', '(?:{weekday}(?:-{weekday}|\[{nth}(?:,{nth})*\])?)', 'Mo-Fr'),
  (11, 'day', '(?:{weekdays}|PH|SH)', 'Mo-Fr'),
  (12, 'days', '(?:{day}(?:,{day})*)', 'Mo-Fr,PH'),
  (13, 'inside', '(?:(?:PH|SH) {weekdays}(?:,{weekdays})*)', 'SH Mo-Fr'),
  (14, 'd29', '(?:0?[1-9]|[12][0-9])', '29'),
  (15, 'd30', '(?:{d29}|30)', '30'),
  (16, 'd31', '(?:{d30}|31)', '31'),
  (17, 'long', '(?:Jan|Mar|May|Jul|Aug|Oct|Dec)', 'Dec'),
  (18, 'short', '(?:Apr|Jun|Sep|Nov)', 'Jun'),
  (19, 'month', '(?:{long}|{short}|Feb)', 'Feb'),
  (20, 'date', '(?:{long} {d31}|{short} {d30}|Feb {d29})', 'Dec 24'),
  (21, 'in_long', '{long} {d31}(?:-{d31})?(?:,{d31}(?:-{d31})?)*', 'Dec 24,26-31'),
  (22, 'in_short', '{short} {d30}(?:-{d30})?(?:,{d30}(?:-{d30})?)*', 'Jun 1-15'),
  (23, 'in_feb', 'Feb {d29}(?:-{d29})?(?:,{d29}(?:-{d29})?)*', 'Feb 28-29'),
  (24, 'year', '(?:20[0-9]{2})', '2026'),
  (25, 'dated', '{year} (?:{date}-{year} {date}|{long} {d31}(?:-{d31}|(?:,{d31})*)|{short} {d30}(?:-{d30}|(?:,{d30})*)|Feb {d29}(?:-{d29}|(?:,{d29})*))', '2026 Dec 24,31'),
  (26, 'easter', 'easter(?:(?: \+|-)[1-9][0-9]? days?)?', 'easter-2 days'),
  (27, 'period', '(?:{month}(?:-{month})?|{in_long}|{in_short}|{in_feb}|{date}-{date})', 'Jul-Aug'),
  (28, 'whole_months', '{month}(?:-{month})?(?:,{month}(?:-{month})?)*', 'Jul-Aug'),
  (29, 'one_year', '(?:{year}(?:-{year}(?:/[2-9])?|\+)?)', '2026+'),
  (30, 'week', '(?:0?[1-9]|[1-4][0-9]|5[0-3])', '53'),
  (31, 'some_weeks', '(?:{week}(?:-{week}(?:/(?:[2-9]|1[0-9]|2[0-6]))?)?)', '1-53/2'),
  (32, 'season', '(?:(?:{one_year}(?:,{one_year})* )(?:{whole_months} )?|{period}(?:,{period})* |{dated}(?:,{dated})* |{easter} )?(?:week {some_weeks}(?:,{some_weeks})* )?', 'Jul-Aug '),
  (33, 'when', '(?:{season}(?:{days} )?|{inside} )', 'Jul-Aug Mo-Fr '),
  (34, 'state', '(?:open|off|closed|unknown)', 'off'),
  (35, 'rule', '^(?:{when}(?:{times}(?: {state})?(?: #)?|(?:{state} )?#|off|closed|unknown)|open)$', 'Mo-Fr 08:30-12:00,13:30-17:30'),
  -- What surely ends before midnight: any other span is taken to run past it.
  (36, 'same_day', '^(?:[01]?[0-9]:[0-5][0-9]-(?:sunset|dusk)|(?:sunrise|dawn)-(?:sunset|dusk|1[2-9]:[0-5][0-9]|2[0-3]:[0-5][0-9]|24:00))\+?$', '10:00-sunset');

-- Expands the pieces and freezes them in a function, so that it is honestly immutable and costs nothing to call.
do $$
declare
  piece record;
  earlier record;
  expanded text;
  cases text := '';
  pieces jsonb := '{}';
begin
  for piece in select name, expression from private.opening_hours_grammar order by ordinal loop
    expanded := piece.expression;
    for earlier in select key, value from jsonb_each_text(pieces) loop
      expanded := replace(expanded, '{' || earlier.key || '}', earlier.value);
    end loop;
    pieces := pieces || jsonb_build_object(piece.name, expanded);
  end loop;
  for earlier in select key, value from jsonb_each_text(pieces) where key in ('rule', 'same_day', 'span') loop
    cases := cases || format(' when %L then %L', earlier.key, earlier.value);
  end loop;
  execute format(
    'create function private.opening_hours_pattern(piece text) returns text language sql immutable strict parallel safe set search_path = %L as %L',
    '', format('select case piece%s end', cases)
  );
end
$$;
comment on function private.opening_hours_pattern(text) is 'An expanded piece of private.opening_hours_grammar; built from it by its migration';

-- One spelling to judge: comments become `#`, spaces around separators go, `||` becomes `~`, and a comma that begins a rule (one after a
-- time, a state or a comment, unless another time follows the time) becomes `&`.
create function private.opening_hours_text(value text) returns text
language sql immutable strict parallel safe set search_path = '' as $$
  select regexp_replace(
    regexp_replace(
      trim(regexp_replace(
        replace(regexp_replace(regexp_replace(value, '"[^"]*"', '#', 'g'), ' +', ' ', 'g'), '||', '~'),
        ' ?([-,;~]) ?', '\1', 'g'
      )),
      '((?::[0-9]{2}|\)|sunrise|sunset|dawn|dusk)\+?),(?!(?:[0-9]{1,2}:|sunrise|sunset|dawn|dusk|\())', '\1&', 'g'
    ),
    '(open|off|closed|unknown|#),', '\1&', 'g'
  )
$$;

-- The weekdays that a rule names one by one, 0 Monday … 6 Sunday; null when it names none, ranges, holidays, or some in the month only.
-- (opening_hours.js 3.15 reckons the days of a range wrongly when it looks for the next day, so no range is judged.)
create function private.opening_hours_weekdays(rule text) returns int[]
language sql immutable strict parallel safe set search_path = '' as $$
  select case when rule !~ 'PH|SH|\[|[a-z]-[A-Z]' then (
    select array_agg(strpos('MoTuWeThFrSaSu', named[1]) / 2)
    from regexp_matches(rule, '(?:^| |,)(Mo|Tu|We|Th|Fr|Sa|Su)', 'g') as named
  ) end
$$;

-- Whether a rule opens past midnight, or might: its times end at or before their start, after 24:00, or depend on the sun or on the day.
create function private.opening_hours_past_midnight(rule text) returns boolean
language sql immutable strict parallel safe set search_path = '' as $$
  select coalesce(bool_or(
    case when span[1] ~ '^[0-9]+:[0-9]{2}-[0-9]{2}:[0-9]{2}$'
      then lpad(split_part(span[1], '-', 1), 5, '0') collate "C" >= split_part(span[1], '-', 2) or split_part(span[1], '-', 2) collate "C" > '24:00'
      else span[1] !~ private.opening_hours_pattern('same_day')
    end
  ), false)
  from regexp_matches(rule, '(' || private.opening_hours_pattern('span') || ')', 'g') as span
$$;

-- What is wrong with a value, as an English sentence; null when nothing is.
create function private.opening_hours_error(value text) returns text
language plpgsql immutable strict parallel safe set search_path = '' as $$
declare
  bare constant text := regexp_replace(value, '"[^"\x01-\x1f\x7f]*[^"\x01-\x20\x7f][^"\x01-\x1f\x7f]*"', '', 'g');
  rule record;
  only_times int := 0;
  additions int := 0;
  replacements int := 0;
  rules int := 0;
  late boolean := false;
  previous text := '';
begin
  if length(value) > 500 then return 'opening hours are longer than 500 characters'; end if;
  if bare like '%"%' then return 'a comment is empty, not closed, or holds a control character'; end if;
  if bare ~ '[^A-Za-z0-9 ,;:/|+()\[\]-]' then
    return format('"%s" is not part of the syntax; a comment stands between straight quotes', substring(bare from '[^A-Za-z0-9 ,;:/|+()\[\]-]'));
  end if;
  if private.opening_hours_text(value) in ('24/7', '24/7 #') then return null; end if;
  for rule in
    select part[1] as separator, part[2] as body
    from regexp_matches(';' || private.opening_hours_text(value), '([;&~])([^;&~]*)', 'g') as part
  loop
    rules := rules + 1;
    if rule.body = '' then return format('rule %s is empty', rules); end if;
    if rule.body ~ '24/7' then return '24/7 stands alone: use "open" and exceptions instead'; end if;
    if rule.body !~ private.opening_hours_pattern('rule') then
      return format('rule %s, "%s", is not understood; an example: Mo-Fr 08:30-12:00,13:30-17:30; Sa 09:00-12:00; PH off', rules, rule.body);
    end if;
    if exists (
      select from regexp_matches(rule.body, '(?<![:0-9-])([0-9]{1,4})-([0-9]{1,4})(?![:0-9])', 'g') as range
      where range[1]::int > range[2]::int or range[1] = range[2] and length(range[1]) = 4
    ) then
      return format('in rule %s, "%s", a range goes backwards', rules, rule.body);
    end if;
    if rule.body ~ 'SH' and rule.body ~ '(?:^|[ ,-])20[0-9]{2}[ ,/+-]' then
      return format('rule %s, "%s", asks for the school holidays of a given year, which may not be known', rules, rule.body);
    end if;
    if rule.body ~ '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec).*\[[^]]*[1-5]-[1-5]' then
      return format('in rule %s, "%s", weekdays of a month are listed one by one: [1,2] instead of [1-2]', rules, rule.body);
    end if;
    if exists (
      select from regexp_matches(rule.body, '([0-9]+:[0-9]{2})-([0-9]{2}:[0-9]{2})\+', 'g') as span
      where lpad(span[1], 5, '0') collate "C" >= span[2] or span[2] collate "C" > '24:00'
    ) then
      return format('in rule %s, "%s", an open end follows hours that run past midnight', rules, rule.body);
    end if;
    if rules > 1 and rule.body ~ '^(?:open|off|closed|unknown)$' then
      return format('rule %s, "%s", undoes what stands before it', rules, rule.body);
    end if;
    if rule.separator = '&' and rule.body ~ '(?:off|closed)(?: #)?$' then
      return format('rule %s, "%s", closes: it follows a semicolon, not a comma', rules, rule.body);
    end if;
    if rule.separator = ';' and private.opening_hours_past_midnight(previous) and (
      previous ~ '^(?:[0-9]{4}[ +/-]|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|week|easter)'
      or private.opening_hours_weekdays(previous) is null
      or private.opening_hours_weekdays(rule.body) is null
      or exists (
        select from unnest(private.opening_hours_weekdays(previous)) as day
        where (day + 1) % 7 = any (private.opening_hours_weekdays(rule.body))
      )
    ) then
      return format('rule %s, "%s", cuts hours that run past midnight: put it before them, or a comma instead of the semicolon', rules, rule.body);
    end if;
    only_times := only_times + (rule.body ~ '^[0-9(sd][^ ]*$' and rule.body !~ '^[0-9]{4}[ +/-]')::int;
    additions := additions + (rule.separator = '&')::int;
    replacements := replacements + (rules > 1 and rule.separator = ';')::int;
    late := late or private.opening_hours_past_midnight(rule.body);
    previous := rule.body;
  end loop;
  -- opening_hours.js counts these rules otherwise and warns of the wrong one.
  if late and additions > 0 and replacements > 0 then
    return 'when hours run past midnight, rules are separated all by commas or all by semicolons';
  end if;
  if rules > 1 and only_times = rules and additions = 0 then
    return 'times without days make one list, separated by commas';
  end if;
  return null;
end
$$;
comment on function private.opening_hours_error(text) is 'What is wrong with opening hours, or null; the grammar stands at the head of its migration';

create function private.is_opening_hours(value text) returns boolean
language sql immutable strict parallel safe set search_path = '' as $$
  select private.opening_hours_error(value) is null
$$;
comment on function private.is_opening_hours(text) is 'Whether opening hours are of the stored grammar';

revoke execute on function private.opening_hours_pattern(text) from public;
revoke execute on function private.opening_hours_text(text) from public;
revoke execute on function private.opening_hours_weekdays(text) from public;
revoke execute on function private.opening_hours_past_midnight(text) from public;
revoke execute on function private.opening_hours_error(text) from public;
revoke execute on function private.is_opening_hours(text) from public;
