import fc from 'fast-check';

/** Strings made along the grammar of opening hours (loosely: some are wrong), so that its edges are tried. */

const pad = (n: number) => String(n).padStart(2, '0');
const weekday = fc.constantFrom('Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su');
const month = fc.constantFrom('Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec');
const dayOfMonth = fc.integer({ min: 1, max: 31 });
const year = fc.integer({ min: 2024, max: 2032 }).map(String);

function list(item: fc.Arbitrary<string>, maxLength = 3): fc.Arbitrary<string> {
	return fc
		.tuple(fc.array(item, { minLength: 1, maxLength }), fc.constantFrom(',', ',', ', '))
		.map(([items, comma]) => items.join(comma));
}

function range(item: fc.Arbitrary<string | number>): fc.Arbitrary<string> {
	return fc.tuple(item, item).map(([from, to]) => `${from}-${to}`);
}

const nth = fc.oneof(fc.constantFrom('1', '2', '5', '-1', '-5', '0', '6'), range(fc.integer({ min: 1, max: 5 })));
const day = fc.oneof(
	{ weight: 3, arbitrary: weekday },
	{ weight: 3, arbitrary: range(weekday) },
	fc.tuple(weekday, list(nth, 2)).map(([name, numbers]) => `${name}[${numbers}]`),
	fc.constantFrom('PH', 'SH')
);
const days = fc.oneof(
	{ weight: 5, arbitrary: list(day) },
	fc.tuple(fc.constantFrom('PH', 'SH'), list(day)).map(([holiday, names]) => `${holiday} ${names}`)
);

const date = fc.tuple(month, dayOfMonth).map(([name, number]) => `${name} ${number}`);
const dated = fc.tuple(year, date).map(([number, name]) => `${number} ${name}`);
const period = fc.oneof(
	month,
	range(month),
	fc.tuple(month, list(fc.oneof(dayOfMonth.map(String), range(dayOfMonth)))).map(([name, numbers]) => `${name} ${numbers}`),
	range(date),
	dated,
	range(dated),
	fc.constantFrom('easter', 'easter -2 days', 'easter +1 day')
);
const weekNumber = fc.integer({ min: 0, max: 54 }).map(String);
const weeks = list(
	fc.oneof(
		weekNumber,
		range(weekNumber),
		fc.tuple(range(weekNumber), fc.integer({ min: 0, max: 27 })).map(([numbers, step]) => `${numbers}/${step}`)
	)
).map((numbers) => `week ${numbers}`);
const years = list(
	fc.oneof(
		year,
		range(year),
		fc.tuple(range(year), fc.integer({ min: 1, max: 3 })).map(([numbers, step]) => `${numbers}/${step}`),
		year.map((number) => `${number}+`)
	),
	2
);

const time = fc
	.tuple(fc.integer({ min: 0, max: 26 }), fc.constantFrom(0, 0, 15, 30, 45, 59), fc.boolean())
	.map(([hours, minutes, padded]) => `${padded ? pad(hours) : hours}:${pad(minutes)}`);
const event = fc.constantFrom('sunrise', 'sunset', 'dawn', 'dusk');
const sun = fc.oneof(
	event,
	fc
		.tuple(event, fc.constantFrom('+', '-'), fc.constantFrom('00:00', '00:30', '01:00', '10:30'))
		.map(([name, sign, by]) => `(${name}${sign}${by})`)
);
const point = fc.oneof({ weight: 6, arbitrary: time }, sun);
const span = fc.oneof(
	{ weight: 8, arbitrary: range(point) },
	point.map((from) => `${from}+`),
	range(point).map((both) => `${both}+`)
);
const state = fc.constantFrom('off', 'off', 'closed', 'open', 'unknown');
const comment = fc.constantFrom('"sur rendez-vous"', '"a; b, c || d"', '"été : 9h-12h"', '"x"', '" "');

function perhaps(part: fc.Arbitrary<string>, times: number): fc.Arbitrary<string> {
	return fc.oneof({ weight: times, arbitrary: part }, { weight: 10 - times, arbitrary: fc.constant('') });
}

const rule = fc
	.tuple(
		perhaps(years, 1),
		perhaps(list(period), 3),
		perhaps(weeks, 1),
		perhaps(days, 7),
		perhaps(list(span), 7),
		perhaps(state, 3),
		perhaps(comment, 2)
	)
	.map((parts) => parts.filter(Boolean).join(' '));

export const openingHours = fc
	.array(fc.tuple(fc.constantFrom('; ', '; ', '; ', ', ', ';', ',', ' || '), rule), { minLength: 1, maxLength: 4 })
	.map((rules) => rules.map(([separator, body], i) => (i === 0 ? body : separator + body)).join(''));

const scrap = fc.constantFrom(
	' ',
	',',
	';',
	'-',
	'"',
	'|',
	'||',
	'+',
	':',
	'(',
	')',
	'[',
	']',
	'0',
	'1',
	'Mo',
	'PH',
	'off',
	'week ',
	'24/7',
	'Jan ',
	'h',
	'/2',
	'.'
);

/** The same with a few characters taken out, put in or doubled. */
export const mutatedOpeningHours = fc
	.tuple(openingHours, fc.array(fc.tuple(fc.nat(), scrap, fc.nat({ max: 2 })), { minLength: 1, maxLength: 3 }))
	.map(([value, changes]) =>
		changes.reduce((text, [place, piece, removed]) => {
			const at = place % (text.length + 1);
			return text.slice(0, at) + piece + text.slice(at + removed);
		}, value)
	);
