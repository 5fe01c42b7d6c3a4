import { isDay } from '../../../domain/fact-parse.ts';
import { invalid } from './refusal.ts';

/** Milliseconds, both ends included; null where it has no end. */
export interface Span {
	from: number | null;
	to: number | null;
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;
const day = /^\d{4}-\d{2}-\d{2}$/;
const dayMs = 86_400_000;

const refused = () =>
	invalid(
		'datetime',
		'must be an instant, such as 2026-11-21T10:00:00Z, or two with a slash between them, of which one may be .. for an open end.'
	);

/** An instant, a whole day (UTC) or an interval (/req/core/fc-time-definition). @throws Refusal */
export function parseDatetime(text: string): Span {
	const parts = text.split('/');
	const [first = '', second] = parts;
	if (parts.length > 2) throw refused();
	if (second === undefined) return { from: start(first), to: end(first) };
	const isOpen = (part: string) => part === '' || part === '..';
	if (isOpen(first) && isOpen(second)) throw refused();
	const span = { from: isOpen(first) ? null : start(first), to: isOpen(second) ? null : end(second) };
	if (span.from !== null && span.to !== null && span.from > span.to) throw invalid('datetime', 'must not end before it begins.');
	return span;
}

function start(text: string): number {
	const time = instant.test(text) || day.test(text) ? Date.parse(text) : NaN;
	// Of a day that no calendar has JavaScript makes one of the next month.
	if (Number.isNaN(time) || !isDay(text.slice(0, 10))) throw refused();
	return time;
}

const end = (text: string) => (day.test(text) ? start(text) + dayMs - 1 : start(text));

/** Whether a moment lies in it. */
export function during({ from, to }: Span, moment: string): boolean {
	const time = Date.parse(moment);
	// What has no time matches too (/req/core/fc-time-response B).
	if (Number.isNaN(time)) return true;
	return (from === null || time >= from) && (to === null || time <= to);
}
