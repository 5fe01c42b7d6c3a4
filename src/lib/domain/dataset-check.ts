import { administrationLicences, licenceOf } from './licences.ts';
import type { Contact, Dataset } from './taxonomy.ts';

/** What a harvester or a search engine for data does not take, or takes badly. */
export const datasetFlaws = [
	...(['identifier', 'title', 'description', 'licence', 'contact', 'hidden'] as const),
	...(['english', 'administration', 'frequency', 'keywords', 'places', 'elsewhere', 'closed'] as const)
];
export type DatasetFlaw = (typeof datasetFlaws)[number];

export interface DatasetCheck {
	/** For these it stays out of the portals, or is shown without what people look for. */
	refused: DatasetFlaw[];
	/** These only make it harder to find. */
	advised: DatasetFlaw[];
}

/** Below it, Google Dataset Search leaves a dataset out; characters. https://developers.google.com/search/docs/appearance/structured-data/dataset */
export const shortestDescription = 50;
/** Beyond it the same is cut. */
export const longestDescription = 5000;

/**
 * What would be said of a dataset by those who come for it: udata's harvester (no identifier or no title: skipped; a licence it does not
 * know: « not specified »), DCAT-AP (title, description), search engines (length of the description), the law (licences that a French
 * administration may choose).
 * @param contact of the territory, which stands in for a dataset that has none
 * @param places how many it holds now
 */
export function checkDataset(dataset: Dataset, { contact, places }: { contact: Contact; places: number }): DatasetCheck {
	const { title, description, licence, keywords = [], frequency = 'UNKNOWN', state = 'open' } = dataset;
	// Nobody comes for what cannot be had; that it is not there on purpose is no fault.
	if (state !== 'open') return { refused: [], advised: ['closed'] };
	const answering = dataset.contact ?? contact;
	const lengths = [description.fr.trim().length, description.en.trim().length];
	const refused: [DatasetFlaw, boolean][] = [
		['identifier', !dataset.identifier],
		['title', title.fr.trim() === ''],
		['description', lengths.some((length) => length < shortestDescription || length > longestDescription)],
		['licence', licenceOf(licence) === null],
		['contact', answering.name.trim() === '' || !(answering.email || answering.url)],
		['hidden', !dataset.listed]
	];
	const advised: [DatasetFlaw, boolean][] = [
		['english', title.en.trim() === '' || title.en === title.fr || description.en === description.fr],
		['administration', licenceOf(licence) !== null && !administrationLicences.includes(licence)],
		['frequency', frequency === 'UNKNOWN'],
		['keywords', keywords.length < 3],
		['places', places === 0],
		['elsewhere', Boolean(dataset.publishedAt) && dataset.listed === true]
	];
	const holding = (flaws: [DatasetFlaw, boolean][]) => flaws.flatMap(([flaw, holds]) => (holds ? [flaw] : []));
	return { refused: holding(refused), advised: holding(advised) };
}
