import type { HistoryEntry, Place } from '$lib/domain/place';
import { formatDay } from '$lib/i18n/format';
import { hoursLines } from '$lib/i18n/hours';
import { factLabel, wordFor } from '$lib/i18n/labels';
import { labelOf } from '$lib/i18n/words';
import { valueWords } from '$lib/i18n/values';
import type { ValueNames } from '$lib/i18n/values';
import { m } from '$lib/paraglide/messages';
import type { View } from '$lib/server/published/view';

export interface Difference {
	label: string;
	before: string;
	after: string;
}

export interface EntryWords {
	version: number;
	title: string;
	day: string;
	who: string;
	reason: string | null;
	/** Names of facts, for a creation. */
	facts: string[];
	differences: Difference[];
}

/** The public history of a place in words, newest first. */
export function historyWords(view: View, place: Place): EntryWords[] {
	const { categoryBySlug, organisationBySlug } = view.reference;
	const names: ValueNames = {
		category: categoryBySlug.get(place.category),
		categoryName: (slug) => {
			const category = categoryBySlug.get(slug);
			return category && labelOf(category.label);
		},
		organisationName: (slug) => organisationBySlug.get(slug)?.name,
		placeName: (id) => view.byId(id)?.facts.name
	};
	return place.history.map((entry) => entryWords(entry, names)).reverse();
}

function entryWords(entry: HistoryEntry, names: ValueNames): EntryWords {
	return {
		version: entry.version,
		title: wordFor('history', entry.kind),
		day: formatDay(entry.on),
		who: whoWords(entry, names),
		reason: entry.reason && wordFor(entry.kind === 'ended' ? 'end_reason' : 'reason', entry.reason),
		facts: [...new Set((entry.facts ?? []).map((fact) => factLabel(fact, names.category)))],
		differences: (entry.operations ?? []).map(({ fact, old, new: now }) => {
			return {
				label: factLabel(fact, names.category),
				before: valueLines(fact, old, names),
				after: valueLines(fact, now, names)
			};
		})
	};
}

/** Hours are said day by day, not as they are written for programs. */
function valueLines(fact: string, value: unknown, names: ValueNames): string {
	const hours = typeof value === 'string' && /(^|\.)opening_hours$/.test(fact);
	return hours ? hoursLines(value).join('\n') : valueWords(fact, value, names);
}

function whoWords({ by_role: role, by_organisation: slug, source }: HistoryEntry, names: ValueNames): string {
	if (source !== null) return m.history_source({ source });
	const organisation = slug === null ? null : (names.organisationName?.(slug) ?? slug);
	if (role === null) return '';
	const someone = wordFor('role', role);
	if (organisation === null) return m.history_by({ who: someone });
	return m.history_by({ who: role === 'steward' ? organisation : m.place_who_of({ role: someone, organisation }) });
}
