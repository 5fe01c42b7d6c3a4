-- Numbers of public registers: checked when given, never required. src/lib/domain/identifiers.ts obeys the same rules; both are tested on
-- test/support/identifier-cases.json.

-- As registers write them: capitals, and nothing between the signs.
create function private.clean_number(value text)
returns text
language sql
immutable
set search_path = ''
as $$
  select nullif(upper(regexp_replace(normalize(coalesce(value, ''), NFKC), '[\s.\-]', '', 'g')), '');
$$;

-- Fourteen digits whose Luhn sum is a multiple of ten. The offices of La Poste (SIREN 356000000) were numbered otherwise: the sum of their digits
-- is a multiple of five, except for the head office.
create function private.is_siret(value text)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select coalesce(value ~ '^[0-9]{14}$' and value <> '00000000000000', false) and (
    select sum(case when n % 2 = 0 then d when d < 5 then 2 * d else 2 * d - 9 end) % 10 = 0
      or value like '356000000%' and sum(d) % 5 = 0
    from (select n, substr(value, n, 1)::int as d from generate_series(1, 14) as n where value ~ '^[0-9]{14}$') as digits
  );
$$;

create function private.is_rna(value text)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select coalesce(value ~ '^W[0-9A-Z]{3}[0-9]{6}$', false);
$$;

-- The register of Alsace and Moselle has known several spellings: what looks like a number of it is taken.
create function private.is_amalia(value text)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select coalesce(value ~ '^[0-9A-Z/]{3,40}$', false);
$$;

-- The number of a body as it is kept; `present` when the body says nothing of it, null when it says null.
create function private.check_number(field text, body jsonb, present text)
returns text
language plpgsql
immutable
set search_path = ''
as $$
declare
  given text;
begin
  if not body ? field then
    return present;
  elsif jsonb_typeof(body -> field) not in ('string', 'null') or length(body ->> field) > 100 then
    perform private.refuse(400, 'invalid_' || field, format('%s is a text.', field), field);
  end if;
  given := private.clean_number(body ->> field);
  if field = 'siret' and not private.is_siret(given) and given is not null then
    perform private.refuse(400, 'invalid_siret', 'This is no SIRET: fourteen digits, the last of which proves the others.', field);
  elsif field = 'rna' and not private.is_rna(given) and given is not null then
    perform private.refuse(400, 'invalid_rna', 'This is no RNA number: W, three letters or digits, six digits.', field);
  elsif field = 'amalia' and not private.is_amalia(given) and given is not null then
    perform private.refuse(400, 'invalid_amalia', 'This is no number of the register of Alsace and Moselle.', field);
  end if;
  return given;
end;
$$;
