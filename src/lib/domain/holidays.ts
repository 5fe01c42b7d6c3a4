import OpeningHours from 'opening_hours';
import { civilDay, localDay } from './local-time.ts';
import type { LocalDay } from './local-time.ts';

/** Where a town is, as far as its holidays go: an ISO 3166 country in small letters and, for some, a region as OpenStreetMap names it. */
export interface HolidayRegion {
	country: string;
	state: string;
}

export interface Holidays {
	/** The name of a public holiday; null on any other day. */
	public(day: LocalDay): string | null;
	/** null: the calendar of that year is not known yet. */
	school(day: LocalDay): boolean | null;
}

/**
 * Public and school holidays as opening_hours.js keeps them, a year at a time. Apart from the other files of this noun because the library
 * weighs a megabyte: keep it on the server.
 */
export function holidaysOf(region: HolidayRegion): Holidays {
	const years = new Map<string, Map<LocalDay, string> | null>();
	const of = (kind: 'PH' | 'SH', day: LocalDay) => {
		const { year } = civilDay(day);
		const key = `${kind}${year}`;
		let known = years.get(key);
		if (known === undefined) years.set(key, (known = daysOf(kind, year, region)));
		return known;
	};
	return {
		public: (day) => of('PH', day)?.get(day) ?? null,
		school: (day) => {
			const known = of('SH', day);
			return known && known.has(day);
		}
	};
}

/** Days by number, with the holiday's name. The library throws when it knows nothing of a country, a region or a year. */
function daysOf(kind: 'PH' | 'SH', year: number, { country, state }: HolidayRegion): Map<LocalDay, string> | null {
	try {
		const place = { lat: 0, lon: 0, address: { country_code: country, state } };
		const options = { mode: 0, locale: 'fr', tag_key: undefined, map_value: undefined, warnings_severity: 4 };
		const intervals = new OpeningHours(`${kind} open`, place, options).getOpenIntervals(
			new Date(year, 0, 1),
			new Date(year + 1, 0, 1)
		);
		const days = new Map<LocalDay, string>();
		for (const [from, to, , name] of intervals)
			for (let day = dayOfDate(from); day < dayOfDate(to); day++) days.set(day, name ?? '');
		return days;
	} catch {
		return null;
	}
}

/** The library reckons in the zone of the process. */
const dayOfDate = (date: Date) => localDay(date.getFullYear(), date.getMonth(), date.getDate());
