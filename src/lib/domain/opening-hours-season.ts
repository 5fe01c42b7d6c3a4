import { monthNames } from './opening-hours-parse.ts';

/** `month` 0 January … 11 December; `day` null: the whole month; `year` null: every year. */
export interface SeasonDate {
	year: number | null;
	month: number;
	day: number | null;
}

export type SeasonDates = { from: SeasonDate; to: SeasonDate } | { easter: number };

/** `to` null: for ever. `every`: 2 is one in two. */
export interface SeasonNumbers {
	from: number;
	to: number | null;
	every: number;
}

/** When a rule holds: in one of its years, and one of its dates, and one of its ISO weeks; an empty list restricts nothing. */
export interface Season {
	years: SeasonNumbers[];
	dates: SeasonDates[];
	weeks: SeasonNumbers[];
}

const month = `(?:${monthNames.join('|')})`;
const day = '[0-3]?\\d';
const years = '\\d{4}(?:-\\d{4}(?:/\\d+)?|\\+)?';
const monthDays = `${month} ${day}(?:-${day})?(?:,${day}(?:-${day})?)*(?!\\d|-)`;
const date = `(?:\\d{4} )?${month} ${day}`;
const dateItem = `(?:${date}-${date}|(?:\\d{4} )?${monthDays}|${month}(?:-${month})?|easter(?: ?[+-]\\d+ days?)?)`;
const week = '\\d{1,2}(?:-\\d{1,2}(?:/\\d+)?)?';
const seasonPattern = new RegExp(
	`^(?:(?<years>${years}(?:,${years})*)(?: |$))??(?<dates>${dateItem}(?:,${dateItem})*)? ?(?:week (?<weeks>${week}(?:,${week})*))?$`
);

/** Reads the season of a rule (`HoursRule.season`). Null when it is not of the stored grammar. */
export function parseSeason(text: string): Season | null {
	const parts = seasonPattern.exec(text)?.groups;
	if (!parts) return null;
	const dates = parts.dates?.match(new RegExp(dateItem, 'g')) ?? [];
	return { years: numbers(parts.years), dates: dates.flatMap(readDates), weeks: numbers(parts.weeks) };
}

function numbers(list: string | undefined): SeasonNumbers[] {
	if (list === undefined) return [];
	return list.split(',').map((item) => {
		const [, from = '', to, every, open] = /^(\d+)(?:-(\d+)(?:\/(\d+))?|(\+))?$/.exec(item) ?? [];
		return { from: Number(from), to: open ? null : Number(to ?? from), every: Number(every ?? 1) };
	});
}

function readDates(item: string): SeasonDates[] {
	const [, sign, days] = /^easter ?([+-])?(?:(\d+) days?)?$/.exec(item) ?? [];
	if (item.startsWith('easter')) return [{ easter: Number(days ?? 0) * (sign === '-' ? -1 : 1) }];
	const across = new RegExp(`^(${date})-(${date})$`).exec(item);
	if (across) return [{ from: readDate(across[1]), to: readDate(across[2]) }];
	const [, year, name = '', list] = new RegExp(`^(?:(\\d{4}) )?(${month}(?:-${month})?)(?: (.+))?$`).exec(item) ?? [];
	const [first = '', last = first] = name.split('-');
	const at = (monthName: string, number: string | null) =>
		readDate(`${year === undefined ? '' : `${year} `}${monthName} ${number ?? ''}`);
	if (list === undefined) return [{ from: at(first, null), to: at(last, null) }];
	return list.split(',').map((numbersOfDays) => {
		const [from = '', to = from] = numbersOfDays.split('-');
		return { from: at(first, from), to: at(first, to) };
	});
}

function readDate(text = ''): SeasonDate {
	const [, year, name, number] = /^(?:(\d{4}) )?([A-Z][a-z]{2}) ?(\d+)?$/.exec(text.trim()) ?? [];
	return {
		year: year === undefined ? null : Number(year),
		month: monthNames.indexOf(name as (typeof monthNames)[number]),
		day: number === undefined ? null : Number(number)
	};
}
