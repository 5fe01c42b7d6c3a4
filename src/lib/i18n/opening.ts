import { factFreshness, halfLifeOf } from '../domain/freshness.ts';
import { dayOf, formatLocalDay, minutesOfDay } from '../domain/local-time.ts';
import type { LocalMinute } from '../domain/local-time.ts';
import type { Opening } from '../domain/opening.ts';
import type { Place } from '../domain/place.ts';
import type { Category } from '../domain/taxonomy.ts';
import { m } from '../paraglide/messages.js';
import { formatDay, formatDayOfYear } from './format.ts';
import { clockWords, weekdayName } from './hours.ts';
import { getLocale } from '../paraglide/runtime.js';

/** One honest sentence on opening: the state and how far to trust it. */
export interface OpeningLine {
	text: string;
	tone: 'open' | 'soon' | 'closed' | 'unsure';
	/** How old the hours are is said too: no need to say so again. */
	saysTrust: boolean;
}

/** Nearer than this is told in minutes. */
const soon = 30;

interface Moment {
	at: LocalMinute;
	/** Whether `at` is now: nothing closes « dans 20 min » at a moment chosen for next Sunday. */
	isNow: boolean;
}

interface Trust {
	place: Pick<Place, 'assurances' | 'facts'>;
	category: Pick<Category, 'halfLives'>;
	/** A day of the territory. */
	today: string;
}

/** « Ouvert, ferme à 18 h »; null when nothing is known of the hours. */
export function openingLine(opening: Opening, moment: Moment, trust: Trust): OpeningLine {
	const doubt = doubtOf(trust);
	const line = (text: string, tone: OpeningLine['tone'], saysTrust = false): OpeningLine => ({ text, tone, saysTrust });
	if (opening.state === 'unknown') return line(opening.comment ? capitalised(opening.comment) : m.opening_perhaps(), 'unsure');
	if (opening.state === 'closed') return line(closedWords(opening, moment, doubt !== null), 'closed');
	const call = (text: string) => (trust.place.facts.phone ? m.opening_call({ sentence: text }) : text);
	if (opening.doubtfulHoliday !== null) {
		const words = m.opening_holiday({ sentence: m.opening_open_usually(), holiday: opening.doubtfulHoliday });
		return line(call(words), 'unsure');
	}
	const text = withReason(openWords(opening, moment, doubt !== null), opening.comment);
	if (doubt !== null) return line(call(doubt(text)), 'unsure', true);
	const closing = moment.isNow && opening.until !== null && opening.until - moment.at <= soon;
	return line(text, closing ? 'soon' : 'open');
}

/** What to add when nobody has vouched for the hours for long; null when they can be trusted. */
function doubtOf({ place, category, today }: Trust): ((sentence: string) => string) | null {
	const spoken = place.facts.opening_hours === null ? null : (place.assurances['opening_hours'] ?? undefined);
	// Hours of an offer have assurances of their own: shown on the page of the place.
	if (spoken === null) return null;
	if (factFreshness(spoken, halfLifeOf('opening_hours', category), today) !== 'stale') return null;
	if (spoken === undefined) return (sentence) => m.opening_never_verified({ sentence });
	return (sentence) => m.opening_not_verified_since({ sentence, year: spoken.on.slice(0, 4) });
}

function openWords({ until }: Opening, { at, isNow }: Moment, doubtful: boolean): string {
	const open = doubtful ? m.opening_open_usually() : m.opening_open();
	if (until === null) return m.opening_always({ open });
	if (isNow && !doubtful && until - at <= soon) return m.opening_closes_soon({ minutes: until - at });
	const time = timeOf(until);
	// Two in the morning is still the evening before.
	if (dayOf(until - 6 * 60) <= dayOf(at)) return m.opening_until({ open, time });
	return m.opening_until_day({ open, day: dayWords(dayOf(until), dayOf(at)), time });
}

function closedWords(opening: Opening, { at, isNow }: Moment, doubtful: boolean): string {
	const { opens, closedThrough, comment } = opening;
	if (closedThrough !== null) return withReason(m.opening_closed_through({ date: formatDay(closedThrough) }), comment);
	const closed = doubtful ? m.opening_closed_usually() : m.opening_closed();
	if (opens === null) return withReason(closed, comment);
	if (isNow && !doubtful && opens - at <= soon) return m.opening_opens_soon({ minutes: opens - at });
	const time = timeOf(opens);
	if (dayOf(opens) === dayOf(at)) return m.opening_opens({ closed, time });
	return m.opening_opens_day({ closed, day: dayWords(dayOf(opens), dayOf(at)), time });
}

const withReason = (sentence: string, reason: string | null) => (reason ? m.opening_reason({ sentence, reason }) : sentence);
const capitalised = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1);
const timeOf = (at: LocalMinute) => clockWords(at - dayOf(at) * minutesOfDay);

/** « demain », « samedi », « le 29 novembre », « le 3 janvier 2027 »: a day as seen from another one. */
export function dayWords(day: number, from: number): string {
	if (day === from) return m.day_today();
	if (day === from + 1) return m.day_tomorrow();
	if (day === from - 1) return m.day_yesterday();
	if (day > from && day < from + 7) {
		const name = weekdayName((((day + 3) % 7) + 7) % 7);
		return getLocale() === 'en' ? `on ${name}` : name.toLocaleLowerCase('fr');
	}
	const [date, today] = [formatLocalDay(day), formatLocalDay(from)];
	return m.day_on({ date: date.slice(0, 4) === today.slice(0, 4) ? formatDayOfYear(date) : formatDay(date) });
}

/** « samedi à 10 h 30 ». */
export function momentWords(at: LocalMinute, now: LocalMinute): string {
	return m.moment({ day: dayWords(dayOf(at), dayOf(now)), time: timeOf(at) });
}
