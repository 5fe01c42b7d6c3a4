import type { Locale } from '$lib/domain/taxonomy';
import { formatList } from '$lib/i18n/format';
import * as reasons from '$lib/paraglide/families/end_reason';
import * as facts from '$lib/paraglide/families/feed_fact';
import * as licences from '$lib/paraglide/families/licence';
import { m } from '$lib/paraglide/messages';
import type { News } from '$lib/server/opendata/feed/news';
import type { View } from '$lib/server/published/view';

/** What matters most to somebody who wants to go there comes first; the others are told together. */
const told = [
	...['name', 'closures', 'opening_hours', 'address', 'phone', 'email', 'website', 'offers', 'dates', 'cost', 'booking'],
	...['audience', 'wheelchair', 'languages', 'description', 'photos', 'steward', 'category']
];
const mostTold = 3;
/** Facts that are told by another one's words. */
const toldAs: Record<string, string> = {
	...{ summary: 'description', kind: 'category', starts_on: 'dates', ends_on: 'dates' },
	...{ position: 'address', precision: 'address', postcode: 'address', city: 'address', area: 'address' }
};

type Said = ((inputs: Record<string, unknown>, options: { locale: Locale }) => string) | undefined;
/** A word of a family in a language; null when it has none. */
const wordOf = (family: object, key: string, locale: Locale) => (family as Record<string, Said>)[key]?.({}, { locale }) ?? null;

/** Words for what happened, in the language of the feed rather than of who asks. */
export function newsWords(locale: Locale, { reference }: View) {
	const inLocale = { locale };

	function changes(names: readonly string[], kind: string): string {
		const say = (name: string) => wordOf(facts, `feed_fact_${name}`, locale) ?? name;
		if (kind === 'redacted') return say('redacted');
		const groups = new Set(names.map((name) => (name.startsWith('offer:') ? 'offers' : (toldAs[name] ?? name))));
		const ours = told.filter((name) => groups.has(name));
		if (ours.length === 0) return say('some');
		if (ours.length === groups.size && ours.length <= mostTold) return formatList(ours.map(say), locale);
		return formatList([...ours.slice(0, mostTold - 1), 'other'].map(say), locale);
	}

	/** « Fermé définitivement », as part of a sentence; null for « autre raison », which says nothing. */
	function reasonOf(reason: string | null): string | null {
		const word = reason === null || reason === 'other' ? null : wordOf(reasons, `end_reason_${reason}`, locale);
		return word && word.charAt(0).toLocaleLowerCase(locale) + word.slice(1);
	}

	return {
		/** « Ludothèque Bellevue : horaires modifiés ». */
		title({ change: { kind, facts: names, reason }, place, into }: News): string {
			if (!place) {
				if (into) return m.feed_merged({ name: into.facts.name }, inLocale);
				const why = reasonOf(reason);
				return why === null ? m.feed_left({}, inLocale) : m.feed_left_because({ reason: why }, inLocale);
			}
			const { name } = place.facts;
			if (kind === 'created') return m.feed_created({ name }, inLocale);
			if (kind === 'reopened') return m.feed_reopened({ name }, inLocale);
			if (kind === 'updated' || kind === 'redacted') return m.feed_changed({ name, changes: changes(names, kind) }, inLocale);
			return m.feed_left_named({ name }, inLocale);
		},
		/** What and where it is: « Ludothèque, 12 rue Crébillon, Bellevue ». */
		summary({ place, into }: News): string {
			const shown = place ?? into;
			if (!shown) return m.feed_left_summary({}, inLocale);
			const category = reference.categoryBySlug.get(shown.category)?.label[locale];
			const area = reference.areaBySlug.get(shown.area ?? '')?.name;
			return [category, shown.facts.address, area].filter((part) => part).join(', ');
		},
		licence: (licence: string) => wordOf(licences, `licence_${licence.replaceAll(/[.-]/g, '_').toLowerCase()}`, locale) ?? licence
	};
}
