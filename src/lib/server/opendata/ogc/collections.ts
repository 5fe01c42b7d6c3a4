import { crs84, systems } from '../../../geo/crs.ts';
import type { BBox } from '../../../geo/bbox.ts';
import type { Dataset, Label } from '../../../domain/taxonomy.ts';
import type { View } from '../../published/view.ts';
import { datasetsOf, selectionOf } from '../datasets.ts';
import { both, ownLinks, rels, types } from './links.ts';
import type { Link } from './links.ts';
import type { Asked, Found } from './operation.ts';
import { Refusal } from './refusal.ts';
import { nextTurn } from '../next-turn.ts';

export const collectionAddress = (root: string, id: string) => `${root}/collections/${id}`;

/** The dataset of a path. @throws Refusal */
export function collectionOf(view: View, path: Readonly<Record<string, string>>): Dataset {
	const dataset = datasetsOf(view).find(({ slug }) => slug === path['collectionId']);
	if (dataset) return dataset;
	throw new Refusal(404, 'unknown_collection', `There is no collection named ${path['collectionId']}; see /ogc/collections.`);
}

/** All datasets, in the order of the portal. */
export function answerCollections(asked: Asked): Found {
	const { edition } = asked;
	return {
		resource: async () => {
			const collections = [];
			for (const dataset of datasetsOf(edition.view)) {
				// Where its places are may be a look at all of them.
				await nextTurn();
				collections.push(described(asked, dataset));
			}
			return { links: ownLinks(asked), crs: systems.map(({ uri }) => uri), collections };
		}
	};
}

/** One dataset. */
export function answerCollection(asked: Asked): Found {
	const dataset = collectionOf(asked.edition.view, asked.path);
	return {
		resource: () => {
			const { links, ...rest } = described(asked, dataset);
			return { ...rest, links: [...ownLinks(asked), ...links.filter(({ rel }) => rel !== 'self' && rel !== 'alternate')] };
		}
	};
}

/** Where the places of a dataset are; the territory while it has none. */
export function extentOf(view: View, dataset: Dataset): BBox {
	return view.extent(selectionOf(dataset)) ?? view.settings.territory.bbox;
}

const dates: Label = {
	fr: 'Le temps de ces lieux (extent.temporal, paramètre datetime) est celui de leur dernière modification, updated_at.',
	en: 'The time of these places (extent.temporal, parameter datetime) is that of their last change, updated_at.'
};

export const titleOf = ({ locale }: Pick<Asked, 'locale'>, label: Label) => label[locale] || label.fr;

function described(asked: Asked, dataset: Dataset) {
	const { edition, locale } = asked;
	const { view } = edition;
	return {
		id: dataset.slug,
		title: titleOf(asked, dataset.title),
		description: [titleOf(asked, dataset.description), dates[locale]].filter(Boolean).join(' '),
		extent: {
			spatial: { bbox: [extentOf(view, dataset)], crs: crs84 },
			temporal: {
				interval: [[null, view.changedAt]],
				trs: 'http://www.opengis.net/def/uom/ISO-8601/0/Gregorian'
			}
		},
		itemType: 'feature',
		crs: systems.map(({ uri }) => uri),
		storageCrs: crs84,
		defaultSortOrder: ['id'],
		links: linksOf(asked, dataset)
	};
}

function linksOf({ root, edition }: Asked, { slug, licence }: Dataset): Link[] {
	const address = collectionAddress(root, slug);
	return [
		{ rel: 'self', href: address, type: types.json, title: 'Collection' },
		{ rel: 'alternate', href: `${address}?f=html`, type: types.html, title: 'Collection' },
		...both('items', `${address}/items`, types.geojson, 'Items'),
		...both(rels.queryables, `${address}/queryables`, types.schema, 'Queryables'),
		...both(rels.sortables, `${address}/sortables`, types.schema, 'Sortables'),
		...both(rels.tilesets, `${address}/tiles`, types.json, 'Vector tiles'),
		{ rel: 'enclosure', href: `${edition.origin}/data/${slug}.geojson`, type: types.geojson, title: 'The whole file' },
		{ rel: 'license', href: `https://spdx.org/licenses/${licence}.html`, type: types.html, title: licence }
	];
}
