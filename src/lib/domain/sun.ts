import { getTimes } from 'suncalc';
import type { LonLat } from './place.ts';
import { dayOf, localMinuteOf, minutesOfDay } from './local-time.ts';
import type { LocalDay } from './local-time.ts';
import type { SunEvent } from './opening-hours-parse.ts';

/** When the sun does something on a day of a zone, in minutes since midnight; null when it doesn't. */
export function sunAt({ lon, lat }: LonLat, zone: string): (day: LocalDay, event: SunEvent) => number | null {
	const known = new Map<string, number | null>();
	return (day, event) => {
		const key = `${day} ${event}`;
		if (!known.has(key)) {
			if (known.size > 4000) known.clear();
			known.set(key, minutesAt(day, event));
		}
		return known.get(key)!;
	};

	function minutesAt(day: LocalDay, event: SunEvent): number | null {
		// Far from its zone's meridian, noon in Greenwich may be another day's.
		for (const offset of [0, -1, 1]) {
			const at = getTimes(new Date((day + offset + 0.5) * minutesOfDay * 60_000), lat, lon)[event];
			if (!(at instanceof Date) || Number.isNaN(at.getTime())) continue;
			const local = localMinuteOf(at.getTime(), zone);
			if (dayOf(local) === day) return local - day * minutesOfDay;
		}
		return null;
	}
}
