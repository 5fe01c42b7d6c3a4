import { m } from '$lib/paraglide/messages';
import type { Closure, Offer } from '$lib/domain/place';
import type { Category } from '$lib/domain/taxonomy';
import { formatDay, formatNumber } from './format';
import { languageName, wordFor, factLabel } from './labels';
import type { Family } from './labels';

/** Names that a value only holds the slug of; without them the slug is shown. */
export interface ValueNames {
	/** The place's own category, for its extra facts. */
	category?: Category | undefined;
	categoryName?: (slug: string) => string | undefined;
	organisationName?: (slug: string) => string | undefined;
	placeName?: (id: string) => string | undefined;
}

const families: Record<string, Family> = {
	kind: 'kind',
	precision: 'precision',
	wheelchair: 'wheelchair',
	cost: 'cost',
	booking: 'booking',
	audience: 'audience',
	openness: 'openness',
	licence: 'licence'
};

/** The value of a fact as one line of words; empty when there is none. */
export function valueWords(fact: string, value: unknown, names: ValueNames = {}): string {
	if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return '';
	const plain = fact.startsWith('offer:') && fact.includes('.') ? fact.slice(fact.indexOf('.') + 1) : fact;
	if (plain.startsWith('offer:')) return offerWords(value as Partial<Offer>, names);
	if (plain.startsWith('extra.')) return extraWords(value);
	const family = families[plain];
	if (family)
		return [value]
			.flat()
			.map((one) => wordFor(family, String(one)))
			.join(', ');
	return (readers[plain] ?? anyWords)(value, names);
}

const readers: Record<string, (value: unknown, names: ValueNames) => string> = {
	category: (value, names) => names.categoryName?.(String(value)) ?? String(value),
	steward: (value, names) => names.organisationName?.(String(value)) ?? String(value),
	part_of: (value, names) => names.placeName?.(String(value)) ?? String(value),
	languages: (value) =>
		[value]
			.flat()
			.map((tag) => languageName(String(tag)))
			.join(', '),
	position: (value) => positionWords(value as { lon: number; lat: number }),
	starts_on: (value) => formatDay(String(value)),
	ends_on: (value) => formatDay(String(value)),
	closures: (value) => (value as Closure[]).map(closureWords).join(' ; '),
	photos: (value) => m.photos_count({ count: (value as unknown[]).length }),
	opening_hours: (value) => String(value),
	fact_openness: (value, { category }) => {
		const entries = Object.entries(value as Record<string, string>);
		return entries.map(([fact, level]) => `${factLabel(fact, category)} : ${wordFor('openness', level)}`).join(', ');
	}
};

/** « du 1er au 15 août 2026 (travaux) ». */
export function closureWords({ from, to, reason }: Closure): string {
	const days =
		from === to
			? m.place_closure_day({ from: formatDay(from) })
			: m.place_closure_days({ from: formatDay(from), to: formatDay(to) });
	return reason ? `${days} (${reason})` : days;
}

/** The value of a category's own fact. */
export function extraWords(value: unknown): string {
	if (typeof value === 'boolean') return value ? m.value_yes() : m.value_no();
	if (typeof value === 'number') return formatNumber(value);
	return Array.isArray(value) ? value.join(', ') : String(value ?? '');
}

function positionWords({ lon, lat }: { lon: number; lat: number }): string {
	return `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
}

function offerWords(offer: Partial<Offer>, names: ValueNames): string {
	const facts = ['name', 'summary', 'opening_hours', 'audience', 'cost', 'booking', 'closures'] as const;
	return facts
		.map((fact) => valueWords(fact, offer[fact], names))
		.filter(Boolean)
		.join(' · ');
}

function anyWords(value: unknown): string {
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
