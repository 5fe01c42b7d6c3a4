import { first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import { cleanText } from '$lib/domain/proposal';
import { datasetStates, frequencies } from '$lib/domain/taxonomy';
import type { Contact, Dataset } from '$lib/domain/taxonomy';

/** The form of a dataset: one text per field, as it is being typed. */
export const draftFields = [
	...(['title_fr', 'title_en', 'description_fr', 'description_en', 'keywords', 'frequency'] as const),
	...(['contact_name', 'contact_email', 'contact_url', 'theme', 'area', 'organisation', 'licence'] as const),
	...(['state', 'reason_fr', 'reason_en', 'published_at', 'listed'] as const)
];
export type DraftField = (typeof draftFields)[number];
export type Draft = Record<DraftField, string>;

export function draftOf(dataset: Dataset): Draft {
	const { title, description, reason, contact } = dataset;
	return {
		...{ title_fr: title.fr, title_en: title.en, description_fr: description.fr, description_en: description.en },
		...{ keywords: (dataset.keywords ?? []).join(', '), frequency: dataset.frequency ?? 'UNKNOWN' },
		...{ contact_name: contact?.name ?? '', contact_email: contact?.email ?? '', contact_url: contact?.url ?? '' },
		...{ theme: dataset.theme ?? '', area: dataset.area ?? '', organisation: dataset.organisation ?? '' },
		...{ licence: dataset.licence, state: dataset.state ?? 'open', reason_fr: reason?.fr ?? '', reason_en: reason?.en ?? '' },
		...{ published_at: dataset.publishedAt ?? '', listed: dataset.listed ? 'yes' : '' }
	};
}

/** What a browser posted. */
export const draftIn = (values: FormValues): Draft =>
	Object.fromEntries(draftFields.map((field) => [field, first(values, field)])) as Draft;

/** The dataset as it would be saved; `base` has what the form does not say. */
export function datasetIn(draft: Draft, base: Dataset): Dataset {
	const text = (field: DraftField) => cleanText(draft[field]);
	const label = (name: 'title' | 'description' | 'reason') => ({ fr: text(`${name}_fr`), en: text(`${name}_en`) });
	const reason = label('reason');
	return {
		...base,
		title: label('title'),
		description: label('description'),
		keywords: [
			...new Set(
				text('keywords')
					.split(/[,;\n]/)
					.map(cleanText)
					.filter(Boolean)
			)
		],
		frequency: frequencies.find((each) => each === draft.frequency) ?? 'UNKNOWN',
		contact: contactIn(text('contact_name'), text('contact_email'), text('contact_url')),
		theme: draft.theme || null,
		area: draft.area || null,
		organisation: draft.organisation || null,
		licence: draft.licence || base.licence,
		state: datasetStates.find((each) => each === draft.state) ?? 'open',
		reason: reason.fr || reason.en ? reason : null,
		publishedAt: text('published_at') || null,
		listed: draft.listed !== ''
	};
}

function contactIn(name: string, email: string, url: string): Contact | null {
	return name || email || url ? { name, ...(email ? { email } : {}), ...(url ? { url } : {}) } : null;
}

/** What a form showed of a dataset, under the names that the database has for it. */
export type Former = Record<string, unknown>;

/** Goes with the form and comes back with it, so that nobody replaces what somebody else has written meanwhile without knowing. */
export function formerOf({ publishedAt, ...dataset }: Dataset, whole: boolean): Former {
	const { title, description, frequency, keywords, contact } = dataset;
	const words = { title, description, frequency, keywords, contact };
	if (!whole) return words;
	const { theme, area, organisation, licence, state, reason, listed } = dataset;
	return { ...words, theme, area, organisation, licence, state, reason, listed, published_at: publishedAt };
}

/** Null when it is not there, or not as it was given. */
export function formerIn(values: FormValues): Former | null {
	try {
		const read: unknown = JSON.parse(first(values, 'was'));
		return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Former) : null;
	} catch {
		return null;
	}
}

const fieldsOf: Record<string, DraftField[]> = {
	title: ['title_fr', 'title_en'],
	description: ['description_fr', 'description_en'],
	contact: ['contact_name', 'contact_email', 'contact_url'],
	reason: ['reason_fr', 'reason_en']
};

/** The fields of what is not as the form showed it any more, as far as saving the draft would replace something. */
export function replacedBy(draft: Draft, former: Former, present: Dataset): DraftField[] {
	const [now, shown] = [formerOf(present, true), draftOf(present)];
	const changed = Object.keys(former).filter((name) => JSON.stringify(former[name]) !== JSON.stringify(now[name]));
	const fields = changed.flatMap((name) => fieldsOf[name] ?? [name]);
	return draftFields.filter((field) => fields.includes(field) && draft[field].trim() !== shown[field]);
}
