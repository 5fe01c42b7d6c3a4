const dayMs = 86_400_000;
const iso = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Sunday of Easter (Gregorian computus of Butcher, as in Meeus, Astronomical Algorithms, ch. 8), in milliseconds. */
function easter(year: number): number {
	const a = year % 19;
	const [b, c] = [Math.floor(year / 100), year % 100];
	const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
	const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
	const m = Math.floor((a + 11 * h + 22 * l) / 451);
	const month = Math.floor((h + l - 7 * m + 114) / 31);
	return Date.UTC(year, month - 1, ((h + l - 7 * m + 114) % 31) + 1);
}

/** Days off in France (Code du travail, art. L3133-1), as `YYYY-MM-DD`. */
function holidays(year: number): Set<string> {
	const sunday = easter(year);
	const fixed = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'].map((day) => `${year}-${day}`);
	return new Set([...fixed, ...[1, 39, 50].map((days) => iso(sunday + days * dayMs))]);
}

/** The working days (Monday to Friday, no French day off) after `from` up to `to`, both `YYYY-MM-DD`; counted to 400 at most. */
export function workingDays(from: string, to: string): number {
	const [start, end] = [Date.parse(from), Date.parse(to)];
	let count = 0;
	for (let at = start + dayMs; at <= end && count < 400; at += dayMs) {
		const weekday = new Date(at).getUTCDay();
		if (weekday !== 0 && weekday !== 6 && !holidays(new Date(at).getUTCFullYear()).has(iso(at))) count++;
	}
	return count;
}
