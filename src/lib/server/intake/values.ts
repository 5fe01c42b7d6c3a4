import { checkOpeningHours } from '../../domain/opening-hours-check.ts';
import type { ExtraFact } from '../../domain/taxonomy.ts';
import { toNumber } from './position.ts';
import type { Cell } from './table.ts';
import { tidy } from './text.ts';

/** A value for the database, or why the cell was left out; the row goes on without it. */
export type Read = { value: unknown } | { problem: string };

type Reader = (text: string) => Read;

const readers: Record<string, Reader> = {
	opening_hours: readHours,
	postcode: (text) => ({ value: /^\d{4}$/.test(text) ? `0${text}` : text }),
	phone: readPhone,
	contact_phone: readPhone,
	email: (text) =>
		/^[\w.%+'-]+@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$/i.test(text)
			? { value: text }
			: { problem: `"${text}" is not an e-mail address` },
	website: readWebsite,
	wheelchair: choose({
		yes: /^(oui|yes|o|y|true|1|accessible|total(?:ement)?)$/i,
		limited: /^(limited|partiel(?:lement)?|limité)$/i,
		no: /^(non|no|n|false|0)$/i
	}),
	cost: choose({ free: /^(free|gratuit)$/i, paid: /^(paid|payant)$/i, conditional: /^(conditional|sous conditions?)$/i }),
	booking: choose({
		none: /^(none|non|sans)$/i,
		recommended: /^(recommended|conseillée?)$/i,
		required: /^(required|oui|obligatoire)$/i
	}),
	audience: readList,
	languages: readList,
	starts_on: readDay,
	ends_on: readDay,
	description: (text) => ({ value: text })
};

/** Reads a cell as the value of a fact. Null and empty cells are no value. */
export function readValue(fact: string, cell: Cell, extra: ExtraFact | undefined): Read | null {
	if (cell === null || cell === '') return null;
	if (fact.startsWith('extra.')) return readExtra(cell, extra);
	const text = fact === 'description' ? String(cell).trim() : tidy(String(cell));
	return text === '' ? null : (readers[fact]?.(text) ?? { value: text });
}

/** Only what is understood without a doubt is stored; the library's reading is shown, for a person to decide. */
function readHours(text: string): Read {
	const checked = checkOpeningHours(text);
	if (checked.ok) return { value: checked.normalised };
	const meant = checked.normalised === null ? '' : ` (meant: ${checked.normalised}?)`;
	return { problem: `"${text}" is not in the syntax of OpenStreetMap${meant}` };
}

function readPhone(text: string): Read {
	const digits = text.replace(/\D/g, '');
	if (/^\+?\d[\d .()-]{1,28}$/.test(text) && digits.length <= 15)
		return { value: digits.length === 9 && digits[0] !== '0' ? `0${text}` : text };
	return { problem: `"${text}" is not one phone number` };
}

function readWebsite(text: string): Read {
	const address = /^https?:\/\//i.test(text) ? text : `https://${text}`;
	return URL.canParse(address) && /^https?:\/\/[^\s/]+\.[^\s/]+/i.test(address) && !/\s/.test(address)
		? { value: address }
		: { problem: `"${text}" is not a web address` };
}

function choose(options: Record<string, RegExp>): Reader {
	return (text) => {
		const found = Object.entries(options).find(([, pattern]) => pattern.test(text));
		return found ? { value: found[0] } : { problem: `"${text}" is not one of ${Object.keys(options).join(', ')}` };
	};
}

function readList(text: string): Read {
	return {
		value: text
			.split(/[,;|]/)
			.map(tidy)
			.filter((item) => item !== '')
	};
}

function readDay(text: string): Read {
	const [, day, month, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
	const iso = year && month && day ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : text.slice(0, 10);
	return /^\d{4}-\d{2}-\d{2}$/.test(iso) ? { value: iso } : { problem: `"${text}" is not a day` };
}

function readExtra(cell: Cell, extra: ExtraFact | undefined): Read {
	if (extra?.type === 'number' || extra?.type === 'integer') {
		const number = toNumber(cell);
		return number === null ? { problem: `"${cell}" is not a number` } : { value: number };
	}
	if (extra?.type === 'boolean') return readBoolean(String(cell));
	return extra?.type === 'array' ? readList(String(cell)) : { value: tidy(String(cell)) };
}

function readBoolean(text: string): Read {
	if (/^(oui|o|yes|true|1|vrai)$/i.test(text)) return { value: true };
	return /^(non|n|no|false|0|faux)$/i.test(text) ? { value: false } : { problem: `"${text}" is neither yes nor no` };
}
