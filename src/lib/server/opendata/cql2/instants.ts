const day = 86_400_000;
const date = /^\d{4}-\d{2}-\d{2}$/;
const timestamp = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

/** Which literal a text is; null when it is neither, or no day or no minute of the calendar. */
export function instantKind(text: string): 'date' | 'timestamp' | null {
	const kind = date.test(text) ? 'date' : timestamp.test(text) ? 'timestamp' : null;
	if (kind === null) return null;
	const value = instantValue(text);
	// Date.parse takes 30 February for 2 March.
	return Number.isFinite(value) && new Date(value).toISOString().startsWith(text.slice(0, 19)) ? kind : null;
}

/** Milliseconds of a date or a timestamp; one without a zone is UTC. NaN when it is neither. */
export function instantValue(text: string): number {
	return Date.parse(text.length > 10 && !/(?:Z|[+-]\d\d(?::?\d\d)?)$/i.test(text) ? `${text}Z` : text);
}

/** The beginning of the day, in UTC. */
export function dayOf(value: number): number {
	return Number.isFinite(value) ? Math.floor(value / day) * day : value;
}
