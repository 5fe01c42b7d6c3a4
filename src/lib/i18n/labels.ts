import { m } from '$lib/paraglide/messages';
import { getLocale } from '$lib/paraglide/runtime';
import type { Category, Label } from '$lib/domain/taxonomy';

/** Families of words in `messages/<locale>/domain.json`: key `<family>_<value>`. */
export type Family =
	| 'kind'
	| 'precision'
	| 'wheelchair'
	| 'cost'
	| 'booking'
	| 'audience'
	| 'openness'
	| 'freshness'
	| 'reason'
	| 'end_reason'
	| 'method'
	| 'role'
	| 'grant'
	| 'membership'
	| 'state'
	| 'outcome'
	| 'proposal_kind'
	| 'history'
	| 'organisation_kind'
	| 'area_level'
	| 'licence';

const words = m as unknown as Record<string, ((inputs?: Record<string, unknown>) => string) | undefined>;

/** A message by its key, or `fallback` when there is none: for keys that come out of data. */
export function message(key: string, fallback = key, inputs: Record<string, unknown> = {}): string {
	return words[key]?.(inputs) ?? fallback;
}

/** The word for a value of a closed list; an unknown value is shown as it is. */
export function wordFor(family: Family, value: string): string {
	return message(`${family}_${value.replaceAll(/[.-]/g, '_').toLowerCase()}`, value);
}

/** A label that is data, in the reader's language. */
export function labelOf(label: Label): string {
	return label[getLocale()] || label.fr;
}

/** `opening_hours` → « Horaires d’ouverture »; `extra.<key>` → the category's label; `offer:<uuid>.cost` → « Activité, prix ». */
export function factLabel(fact: string, category?: Category): string {
	if (fact.startsWith('extra.')) {
		const extra = category?.extraFacts[fact.slice('extra.'.length)];
		return extra ? labelOf(extra.label) : fact.slice('extra.'.length);
	}
	if (fact.startsWith('offer:')) {
		const [, inner] = fact.split('.', 2);
		return inner ? `${m.fact_offer()}, ${factLabel(inner).toLocaleLowerCase(getLocale())}` : m.fact_offer();
	}
	return message(`fact_${fact}`, fact);
}

/** « français », « English »: a BCP 47 tag by its name in the reader's language. */
export function languageName(tag: string): string {
	// Browsers have no name for it.
	if (tag === 'fsl') return m.language_fsl();
	try {
		return new Intl.DisplayNames([getLocale()], { type: 'language' }).of(tag) ?? tag;
	} catch {
		return tag;
	}
}
