import { error } from '@sveltejs/kit';
import { z } from 'zod';
import { checkDataset } from '$lib/domain/dataset-check';
import { licences } from '$lib/domain/facts';
import { emptyOverview } from '$lib/domain/overview';
import { brokenPromise } from '$lib/domain/promise';
import { coordinatesAll } from '$lib/domain/roles';
import type { Viewer } from '$lib/domain/roles';
import type { Dataset } from '$lib/domain/taxonomy';
import { m } from '$lib/paraglide/messages';
import type { SavedDataset } from '$lib/server/db/administration';
import { allPlaces, describedDatasets, slugOfLicence } from '$lib/server/opendata/datasets';
import { nationalSchemas } from '$lib/server/opendata/national/national';
import type { Edition } from '$lib/server/opendata/geojson';
import { overviewsOf } from '$lib/server/opendata/overview';
import type { View } from '$lib/server/published/view';
import { slugFor } from '../settings';
import { datasetIn } from './draft';
import type { Draft, DraftField } from './draft';

/** Addresses below /data and /admin/datasets that are something else. */
const reserved: ReadonlySet<string> = new Set([
	...['changes', 'sources', 'archives', 'new'],
	...licences.map(slugOfLicence),
	...nationalSchemas.map(({ slug }) => slug)
]);

/** The address of a new dataset. */
export const slugOfDataset = (name: string, { reference }: View): string =>
	slugFor(name, (slug) => reserved.has(slug) || reference.datasetBySlug.has(slug));

/** Every dataset with what would be said of it. */
export async function datasetsWithChecks(edition: Edition) {
	const { view, today } = edition;
	const overviews = await overviewsOf(edition);
	return describedDatasets(view).map((dataset) => {
		const overview = overviews.get(dataset.slug) ?? emptyOverview();
		const { places } = overview;
		const { slug, title, listed, state } = dataset;
		const check = checkDataset(dataset, { contact: view.settings.contact, places });
		return {
			slug,
			title,
			listed: listed ?? false,
			state: state ?? 'open',
			places,
			check,
			late: brokenPromise(dataset, overview, today)
		};
	});
}

/** The dataset of an address, or an empty one for `new`; what may be changed of it is hers to change, or a page says no. */
export function editable(viewer: Viewer, view: View, slug: string): { dataset: Dataset; whole: boolean } {
	const whole = coordinatesAll(viewer);
	if (slug === 'new' && whole) return { dataset: blank(view), whole };
	const dataset = describedDatasets(view).find((each) => each.slug === slug);
	if (!dataset) error(404, m.error_not_found());
	const hers = viewer.organisations.some((own) => own.slug === dataset.organisation);
	if (!whole && !hers) error(403, m.admin_not_yours());
	return { dataset, whole };
}

const empty = { fr: '', en: '' };
const blank = (view: View): Dataset => ({
	...{ slug: '', title: empty, description: empty, licence: view.settings.licence.id, sort: 0 },
	...{ state: 'planned', listed: true, frequency: 'UNKNOWN', keywords: [] }
});

const mail = z.email();
const page = z.url({ protocol: /^https?$/ });
const longest = { title: 200, description: 2000, reason: 600 } as const;

/** What the form says, ready to be saved, or what is wrong with which field, in words. */
export function readDraft(
	draft: Draft,
	base: Dataset,
	whole: boolean
): { dataset: SavedDataset } | { errors: Partial<Record<DraftField, string>> } {
	const dataset = datasetIn(draft, base);
	const { title, description, contact, keywords = [], reason, state, publishedAt } = dataset;
	const errors: Partial<Record<DraftField, string>> = {};
	for (const language of ['fr', 'en'] as const) {
		if (!title[language] || title[language].length > longest.title) errors[`title_${language}`] = m.catalogue_error_title();
		if (!description[language] || description[language].length > longest.description)
			errors[`description_${language}`] = m.catalogue_error_description();
		if (whole && state !== 'open' && (!reason?.[language] || reason[language].length > longest.reason))
			errors[`reason_${language}`] = m.catalogue_error_reason();
	}
	if (keywords.length > 20 || keywords.some((word) => word.length > 60)) errors.keywords = m.error_invalid_keywords();
	if (contact && !contact.name) errors.contact_name = m.catalogue_error_contact();
	if (contact?.email && !mail.safeParse(contact.email).success) errors.contact_email = m.error_invalid_email();
	if (contact?.url && !page.safeParse(contact.url).success) errors.contact_url = m.error_invalid_link();
	if (whole && publishedAt && !(publishedAt.startsWith('https://') && page.safeParse(publishedAt).success))
		errors.published_at = m.error_invalid_link();
	return Object.keys(errors).length > 0 ? { errors } : { dataset: saved(dataset, whole) };
}

function saved({ publishedAt, sort: _, ...dataset }: Dataset, whole: boolean): SavedDataset {
	const { slug, title, description, frequency = 'UNKNOWN', keywords = [], contact = null, identifier } = dataset;
	const words = { slug, title, description, frequency, keywords, contact };
	if (!whole) return words;
	const { licence, theme = null, area = null, organisation = null, state = 'open', reason = null, listed = false } = dataset;
	const selection = slug === allPlaces ? {} : { theme, area, organisation, state, reason };
	return { ...words, ...selection, licence, listed, published_at: publishedAt ?? null, ...(identifier ? { identifier } : {}) };
}

/** What one tick makes a dataset of: a theme, a town where there are several, an organisation; with places, and without a dataset. */
export function candidates(view: View) {
	const known = counted.get(view);
	if (known) return known;
	const found = countCandidates(view);
	counted.set(view, found);
	return found;
}

/** A view never changes. */
const counted = new WeakMap<View, ReturnType<typeof countCandidates>>();

function countCandidates(view: View) {
	const { themes, areas, organisations, datasets } = view.reference;
	const licence = view.settings.licence.id;
	const towns = areas.filter(({ level }) => level === 'commune');
	const { themes: ofTheme, areas: ofArea } = view.counts({ licence });
	const ofOrganisation = view.countStewards({ licence });
	const sizes: Record<'theme' | 'area' | 'organisation', Record<string, number>> = {
		theme: ofTheme,
		area: ofArea,
		organisation: ofOrganisation
	};
	const only = (kind: 'theme' | 'area' | 'organisation', slug: string) => {
		const others = (['theme', 'area', 'organisation'] as const).filter((other) => other !== kind);
		return datasets.some((dataset) => dataset[kind] === slug && others.every((other) => dataset[other] == null));
	};
	const free = (kind: 'theme' | 'area' | 'organisation') => (slug: string) => {
		if (only(kind, slug)) return [];
		const places = sizes[kind][slug] ?? 0;
		return places > 0 ? [{ slug, places }] : [];
	};
	return {
		theme: themes.flatMap(({ slug, label }) => free('theme')(slug).map((one) => ({ ...one, label }))),
		area: (towns.length > 1 ? towns : []).flatMap(({ slug, name }) =>
			free('area')(slug).map((one) => ({ ...one, label: both(name) }))
		),
		organisation: organisations.flatMap(({ slug, name }) =>
			free('organisation')(slug).map((one) => ({ ...one, label: both(name) }))
		)
	};
}
export type CandidateKind = keyof ReturnType<typeof candidates>;

const both = (text: string) => ({ fr: text, en: text });

/** A dataset for one of them, with words to begin with. */
export function proposed(view: View, kind: CandidateKind, slug: string): SavedDataset | null {
	const candidate = candidates(view)[kind].find((each) => each.slug === slug);
	if (!candidate) return null;
	const { fr, en } = candidate.label;
	const town = view.settings.territory.name;
	const words = {
		theme: {
			fr: `Les lieux de la rubrique « ${fr} » sur la carte de ${town} : où ils sont, quand ils ouvrent, et depuis quand c’est vérifié.`,
			en: `The places of the theme “${en}” on the map of ${town}: where they are, when they open, and since when that has been checked.`
		},
		area: {
			fr: `Les services de proximité et les initiatives citoyennes de ${fr} : où ils sont, quand ils ouvrent, et depuis quand c’est vérifié.`,
			en: `The local services and citizen initiatives of ${en}: where they are, when they open, and since when that has been checked.`
		},
		organisation: {
			fr: `Les lieux que ${fr} tient à jour sur la carte de ${town} : où ils sont, quand ils ouvrent, et depuis quand c’est vérifié.`,
			en: `The places that ${en} keeps up to date on the map of ${town}: where they are, when they open, and since when that has been checked.`
		}
	}[kind];
	const name = slugOfDataset(slug, view);
	if (!name) return null;
	return {
		...{ slug: name, title: { fr, en }, description: words, licence: view.settings.licence.id, [kind]: slug },
		...{ listed: true, frequency: 'UPDATE_CONT' as const, keywords: [...new Set([fr, town])].filter(Boolean) }
	};
}
