import OpeningHours from 'opening_hours';

/** The same bound as the database's. */
export const maxOpeningHoursLength = 500;

export interface OpeningHoursCheck {
	/** Understood without a doubt. Only then is the value worth sending to the database, which has the last word. */
	ok: boolean;
	/** The value as the library would write it (`lundi 9h-12h` → `Mo 09:00-12:00`); null when it makes no sense. */
	normalised: string | null;
	/** What the library doubts, in the language asked for. Empty when `ok`. */
	warnings: string[];
	/** Why the value makes no sense; null when it does. */
	error: string | null;
}

/** Words and holidays are read as in France; which region's school holidays does not change whether a value is well formed. */
const france = { lat: 46.6, lon: 2.4, address: { country_code: 'fr', state: 'Pays de la Loire' } };

/** A value that was right when it was written stays right when its dates are over. */
const onlyPast: ReadonlySet<string> = new Set(['date_past', 'date_range_past', 'year_past']);

/**
 * Judges hours in the syntax of OpenStreetMap (https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification) with opening_hours.js.
 * Apart from the other files of this noun because the library weighs a megabyte: keep it on the server, or import it lazily.
 */
export function checkOpeningHours(value: string, locale: 'fr' | 'en' = 'fr'): OpeningHoursCheck {
	if (value.length > maxOpeningHoursLength) return refused(`> ${maxOpeningHoursLength}`);
	try {
		const { warnings, normalised } = judge(value, locale);
		return { ok: warnings.length === 0, normalised, warnings, error: null };
	} catch (cause) {
		// The library throws bare strings.
		return refused(cause instanceof Error ? cause.message : String(cause));
	}
}

type Verdict = Pick<OpeningHoursCheck, 'warnings' | 'normalised'>;

/**
 * The library evaluates what it reads, and throws when that leads to a year whose school holidays it doesn't know yet (3.15 knows them
 * a year ahead). Public holidays are calculated and of the same syntax: it is asked again with these.
 */
function judge(value: string, locale: string): Verdict {
	try {
		return read(value, locale);
	} catch (cause) {
		const calculable = value.replace(/"[^"]*"|\bSH\b/g, (part) => (part === 'SH' ? 'PH' : part));
		if (calculable === value) throw cause;
		return { warnings: read(calculable, locale).warnings, normalised: value };
	}
}

function read(value: string, locale: string): Verdict {
	const options = { mode: 0, locale, tag_key: undefined, map_value: undefined, warnings_severity: 4 };
	const parsed = new OpeningHours(value, france, options);
	const warnings = parsed.getStructuredWarnings().filter(({ type }) => !onlyPast.has(type));
	return { warnings: warnings.map(({ message }) => message), normalised: parsed.prettifyValue() };
}

function refused(error: string): OpeningHoursCheck {
	return { ok: false, normalised: null, warnings: [], error };
}
