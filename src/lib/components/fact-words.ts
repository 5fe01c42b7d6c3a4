import type { Closure, LonLat } from '$lib/domain/place';
import { definitionOf, offerPath } from '$lib/domain/facts';
import type { FieldError } from '$lib/domain/form-values';
import type { Category, Organisation } from '$lib/domain/taxonomy';
import { formatDay } from '$lib/i18n/format';
import { factLabel, languageName, wordFor } from '$lib/i18n/labels';
import { labelOf, message } from '$lib/i18n/words';
import type { Family } from '$lib/i18n/labels';
import * as formErrorWords from '$lib/paraglide/families/form_error';
import { m } from '$lib/paraglide/messages';

/** What turns slugs into words. */
export interface FactContext {
	/** The category whose extra facts are meant. */
	category: Category | undefined;
	categories: readonly Category[];
	organisations: readonly Pick<Organisation, 'slug' | 'name'>[];
}

/** The name of a fact without its path: what an offer's fact is called inside its offer. */
const innerFact = (fact: string): string => offerPath(fact)?.inner ?? fact;

/** A fact's value in words, one line per item; no line for nothing. Opening hours come as written: a table says them better. */
export function factWords(fact: string, value: unknown, context: FactContext): string[] {
	if (value === null || value === undefined || value === '') return [];
	if (Array.isArray(value)) return value.flatMap((item: unknown) => factWords(fact, item, context));
	if (typeof value === 'boolean') return [value ? m.value_yes() : m.value_no()];
	if (typeof value === 'object') return objectWords(fact, value, context);
	const text = String(value);
	const name = innerFact(fact);
	if (name === 'category') return [categoryName(text, context)];
	if (name === 'steward') return [context.organisations.find(({ slug }) => slug === text)?.name ?? text];
	if (name === 'languages') return [languageName(text)];
	const type = definitionOf(fact)?.type;
	if (type === 'date') return [formatDay(text)];
	return [type === 'choice' || type === 'choices' ? wordFor(name as Family, text) : text];
}

function categoryName(slug: string, { categories }: FactContext): string {
	const category = categories.find((other) => other.slug === slug);
	return category ? labelOf(category.label) : slug;
}

function objectWords(fact: string, value: object, context: FactContext): string[] {
	if ('lon' in value && 'lat' in value) return [positionWords(value as LonLat)];
	if ('from' in value && 'to' in value) return [closureWords(value as Closure)];
	const entries = Object.entries(value).filter(([key]) => key !== 'id' && key !== 'assurances');
	return entries.flatMap(([key, inner]) => {
		const words = fact === 'fact_openness' ? [wordFor('openness', String(inner))] : factWords(key, inner, context);
		return words.length > 0 ? [m.labelled({ label: factLabel(key, context.category), value: words.join(', ') })] : [];
	});
}

/** Latitude first, as people paste it. */
export function positionWords({ lon, lat }: LonLat): string {
	return `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
}

function closureWords({ from, to, reason }: Closure): string {
	const days = { from: formatDay(from), to: formatDay(to) };
	const when = from === to ? m.difference_day(days) : m.difference_days(days);
	return reason ? m.labelled({ label: when, value: reason }) : when;
}

/** The sentence for a field that is wrong. */
export function fieldErrorText({ fact, error, min, max }: FieldError, category: Category | undefined): string {
	return message(formErrorWords, `form_error_${error}`, error, { label: factLabel(fact, category), min, max });
}
