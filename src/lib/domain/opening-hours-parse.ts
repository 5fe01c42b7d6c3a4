/**
 * Reads the part of the opening-hours syntax that the database stores (the grammar is written in the migration
 * `check_opening_hours`) into rules, without the weight of opening_hours.js: for tables and labels.
 */

export const weekdays = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'] as const;
export const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

export type Holiday = 'PH' | 'SH';
export type HoursState = 'open' | 'closed' | 'unknown';
export type SunEvent = 'sunrise' | 'sunset' | 'dawn' | 'dusk';

/** Minutes since midnight, up to 2880 for an end in the next day; or an event of the sun with an offset in minutes. */
export type TimePoint = number | { event: SunEvent; offset: number };

export interface TimeSpan {
	from: TimePoint;
	/** null: until an unknown time (`18:00+`). */
	to: TimePoint | null;
	/** An end that may be later (`18:00-22:00+`). */
	openEnd: boolean;
}

export interface DaySelector {
	/** 0 Monday … 6 Sunday. */
	weekday: number;
	/** Which ones in the month (1 the first, -1 the last); null: every one. */
	nth: number[] | null;
}

export interface HoursRule {
	/** `first`, `;` replaces what was said of its days, `,` adds to it, `||` holds when nothing else does. */
	separator: 'first' | ';' | ',' | '||';
	/** Years, months, days and weeks as written, `Jul-Aug`; empty: all year. */
	season: string;
	holidays: Holiday[];
	/** null: no weekday is named. */
	days: DaySelector[] | null;
	/** Whether the weekdays hold only inside the holidays (`SH Mo-Fr`), instead of beside them (`Mo-Fr,SH`). */
	within: boolean;
	spans: TimeSpan[];
	state: HoursState;
	/** Whether the state is written. opening_hours.js takes times with a comment and no state (`Mo 9:00-12:00 "sur rendez-vous"`) as unknown. */
	stated: boolean;
	comment: string | null;
}

const event = '(?:sunrise|sunset|dawn|dusk)';
const point = `(?:\\d{1,2}:\\d{2}|${event}|\\(${event}[+-]\\d{1,2}:\\d{2}\\))`;
const weekday = `(?:${weekdays.join('|')})`;
const dayItem = `(?:PH|SH|${weekday}(?:-${weekday}|\\[[-\\d,]+\\])?)`;
const rulePattern = new RegExp(
	`^(?<season>(?:(?!24/7|${dayItem}(?:[ ,]|$)|${point}|(?:open|off|closed|unknown)(?: |$)|#).)*?)` +
		`(?<within>(?:PH|SH) (?=${weekday}))?(?<days>${dayItem}(?:,${dayItem})*)? ?` +
		`(?<times>24/7|${point}(?:-${point})?\\+?(?:,${point}(?:-${point})?\\+?)*)? ?` +
		'(?<state>open|off|closed|unknown)? ?(?<comment>#)?$'
);

/** The rules of a value; null when it is not of the stored grammar (old data, another program's): show it as it is. */
export function parseOpeningHours(value: string): HoursRule[] | null {
	const comments: string[] = [];
	if (/[^\w ,;:/|+()[\]-]/.test(value.replace(/"[^"]*"/g, ''))) return null;
	const text = splitAdditionalRules(
		value
			.replace(/"([^"]*)"/g, (_, comment: string) => `#${comments.push(comment) && ''}`)
			.replace(/\s+/g, ' ')
			.replaceAll('||', '~')
			.replace(/ ?([-,;~]) ?/g, '$1')
			.trim()
	);
	const rules: HoursRule[] = [];
	for (const [, separator = '', body = ''] of text.matchAll(/(^|[;&~])([^;&~]*)/g)) {
		const rule = parseRule(body, comments);
		if (!rule) return null;
		rules.push({ separator: separatorOf[separator] ?? 'first', ...rule });
	}
	return rules;
}

const separatorOf: Record<string, HoursRule['separator']> = { ';': ';', '&': ',', '~': '||' };

/** A comma between two times, days or dates makes a list; after a time, state or comment and before anything else, a rule of its own. */
function splitAdditionalRules(text: string): string {
	const afterTime = new RegExp(`((?::\\d{2}|\\)|${event})\\+?),(?!${point})`, 'g');
	return text.replace(afterTime, '$1&').replace(/(open|off|closed|unknown|#),/g, '$1&');
}

function parseRule(body: string, comments: string[]): Omit<HoursRule, 'separator'> | null {
	const parts = rulePattern.exec(body)?.groups;
	if (!parts || body === '') return null;
	const { season = '', within = '', days = '', times = '', state, comment } = parts;
	const items = days === '' ? [] : splitItems(days);
	const named = items.filter((item) => item !== 'PH' && item !== 'SH').flatMap(selectDays);
	const holidays = [...(within === '' ? [] : [within.trim()]), ...items].filter((item) => item === 'PH' || item === 'SH');
	const spans = times === '' ? [] : times === '24/7' ? [{ from: 0, to: 1440, openEnd: false }] : times.split(',').map(parseSpan);
	return {
		season: season.trim(),
		holidays,
		days: named.length > 0 ? named : null,
		within: within !== '',
		spans,
		state: stateOf(state, spans),
		stated: state !== undefined,
		comment: comment ? (comments.shift() ?? null) : null
	};
}

/** Times alone are open; a comment alone leaves it to whoever reads it. */
function stateOf(word: string | undefined, spans: TimeSpan[]): HoursState {
	if (word === undefined) return spans.length > 0 ? 'open' : 'unknown';
	return word === 'open' || word === 'unknown' ? word : 'closed';
}

/** Commas inside brackets belong to their day: `We[1,3],Fr`. */
function splitItems(days: string): string[] {
	return days.split(/,(?![^[]*\])/);
}

function selectDays(item: string): DaySelector[] {
	const [, from = '', to, nth] = /^(..)(?:-(..))?(?:\[(.+)\])?$/.exec(item) ?? [];
	const first = weekdays.indexOf(from as (typeof weekdays)[number]);
	const last = to === undefined ? first : weekdays.indexOf(to as (typeof weekdays)[number]);
	const length = ((last - first + 7) % 7) + 1;
	return Array.from({ length }, (_, i) => ({
		weekday: (first + i) % 7,
		nth: nth === undefined ? null : nth.split(',').flatMap(range)
	}));
}

function range(text: string): number[] {
	const [, from, to] = /^(\d)-(\d)$/.exec(text) ?? [];
	if (from === undefined || to === undefined) return [Number(text)];
	return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i);
}

const spanPattern = new RegExp(`^(${point})(?:-(${point}))?(\\+)?$`);

function parseSpan(text: string): TimeSpan {
	const [, start = '', end, open] = spanPattern.exec(text) ?? [];
	const from = parsePoint(start);
	let to = end === undefined ? null : parsePoint(end);
	if (typeof from === 'number' && typeof to === 'number' && to <= from) to += 1440;
	return { from, to, openEnd: open !== undefined };
}

function parsePoint(text: string): TimePoint {
	const [, name, sign, hours = '0', minutes = '0'] = /^\(?([a-z]+)?([+-])?(?:(\d+):(\d+))?\)?$/.exec(text) ?? [];
	const count = Number(hours) * 60 + Number(minutes);
	return name === undefined ? count : { event: name as SunEvent, offset: sign === '-' ? -count : count };
}
