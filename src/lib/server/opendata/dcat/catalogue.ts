import type { Dataset } from '../../../domain/taxonomy.ts';
import { allPlaces, datasetsOf, derivedIdentifier } from '../datasets.ts';
import type { Edition } from '../geojson.ts';
import { emptyOverview } from '../../../domain/overview.ts';
import type { Overview } from '../../../domain/overview.ts';
import type { NationalSchema, NationalSlug } from '../national/schema.ts';
import { nationalSchemas } from '../national/national.ts';
import {
	contactNode,
	contactOf,
	datasetNode,
	filesOf,
	languages,
	licenceNode,
	locationNode,
	publisherNode,
	titled
} from './dataset.ts';
import type { Size, SizeOf } from './dataset.ts';
import { standardNode } from './file-types.ts';
import { nationalNode } from './national.ts';
import { iri, label, node, text, typed } from './graph.ts';
import type { Name, Node, Value } from './graph.ts';

/** As many datasets to a page as harvesters take at once without complaint. */
export const catalogueSize = 100;

export interface CatalogueOptions {
	/** The address of this serialisation without its query: its next page is of the same kind. */
	address: string;
	/** From 1. */
	page?: number;
	size?: number;
	sizeOf?: SizeOf;
	/** The national schemas that places have a row in, with the size of the file where it is known. */
	national?: ReadonlyMap<NationalSlug, Size | null>;
}

/** A dataset, or its places in a shape that somebody else decided. */
interface Entry {
	dataset: Dataset;
	schema: NationalSchema | null;
}

/** What the catalogue lists: what is ticked for it and can be had; what is made of a dataset stands behind it and leaves with it. */
function entriesOf({ view }: Pick<Edition, 'view'>, national: ReadonlyMap<NationalSlug, Size | null>): Entry[] {
	return datasetsOf(view)
		.filter(({ listed }) => listed)
		.flatMap((dataset) => [
			{ dataset, schema: null },
			...(dataset.slug === allPlaces ? nationalSchemas.filter(({ slug }) => national.has(slug)) : []).map((schema) => ({
				dataset,
				schema
			}))
		]);
}

/**
 * A page of the catalogue, DCAT-AP 3.0.1 (https://semiceu.github.io/DCAT-AP/releases/3.0.1/); null when there is no such page. The API
 * stands on the first one only: what is met twice in one harvest is an error there.
 */
export function catalogue(
	edition: Edition,
	overviews: ReadonlyMap<string, Overview>,
	{ address, page = 1, size = catalogueSize, sizeOf = () => null, national = new Map() }: CatalogueOptions
): Node | null {
	const all = entriesOf(edition, national);
	const pages = Math.max(1, Math.ceil(all.length / size));
	if (page > pages) return null;
	const shown = all.slice((page - 1) * size, page * size);
	const served = shown.flatMap(({ dataset, schema }) => (schema ? [] : [dataset]));
	const { view, origin } = edition;
	const { territory } = view.settings;
	const name = territory.name || 'Alentour';
	const paged = pages > 1;
	const types: Name[] = paged ? ['dcat:Catalog', 'hydra:Collection'] : ['dcat:Catalog'];
	return node(`${origin}/data#catalog`, types, {
		'dct:title': label(titled({ fr: `Données ouvertes de ${name}`, en: `Open data of ${name}` }, edition)),
		'dct:description': label({
			fr: 'Les lieux publics et les initiatives citoyennes de la carte, à reprendre librement.',
			en: 'The public places and citizen initiatives of the map, free to re-use.'
		}),
		'dct:publisher': publisherNode(edition),
		'dct:language': languages,
		'foaf:homepage': node(`${origin}/data`, ['foaf:Document']),
		'dct:modified': view.changedAt === null ? null : typed(view.changedAt, 'xsd:dateTime'),
		'dct:spatial': locationNode(territory.bbox, territory.name),
		'dcat:dataset': shown.map(({ dataset, schema }) => {
			const overview = overviews.get(dataset.slug) ?? emptyOverview();
			return schema
				? nationalNode(edition, { base: dataset, schema, overview, size: national.get(schema.slug) ?? null })
				: datasetNode(edition, dataset, { overview, files: filesOf(edition, dataset, sizeOf) });
		}),
		'dcat:service': page === 1 ? serviceNode(edition, served) : null,
		...(paged ? paging(address, page, pages, all.length) : {})
	});
}

/** The API over the same datasets. What it serves is only pointed at. */
function serviceNode(edition: Edition, served: Dataset[]): Node {
	const { origin, view } = edition;
	const everything = view.reference.datasetBySlug.get(allPlaces)?.identifier ?? allPlaces;
	const name = view.settings.territory.name || 'Alentour';
	return node(`${origin}/ogc#service`, ['dcat:DataService'], {
		'dct:identifier': text(derivedIdentifier(everything, 'ogc')),
		'dct:title': label(titled({ fr: `API de la carte de ${name}`, en: `API of the map of ${name}` }, edition)),
		'dct:description': label({
			fr: 'OGC API – Features et Tiles : chaque jeu de données, lieu par lieu, filtré et par morceaux.',
			en: 'OGC API – Features and Tiles: each dataset, place by place, filtered and in parts.'
		}),
		'dcat:endpointURL': iri(`${origin}/ogc`),
		'dcat:endpointDescription': iri(`${origin}/ogc/api`),
		'dct:conformsTo': standardNode('http://www.opengis.net/doc/IS/ogcapi-features-1/1.0'),
		'dct:publisher': publisherNode(edition),
		'dcat:contactPoint': contactNode(contactOf(edition, null)),
		'dct:license': licenceNode(view.settings.licence.id),
		'dcat:servesDataset': served.map(({ slug }) => iri(`${origin}/data/${slug}#dataset`))
	});
}

/** Hydra, as udata reads and writes it: the catalogue is the collection, the page a partial view of it. */
function paging(address: string, page: number, pages: number, total: number): Partial<Record<Name, Value | null>> {
	const at = (number: number) => iri(`${address}?page=${number}`);
	return {
		'hydra:totalItems': typed(String(total), 'xsd:integer'),
		'hydra:view': node(at(page).id!, ['hydra:PartialCollectionView'], {
			'hydra:first': at(1),
			'hydra:previous': page > 1 ? at(page - 1) : null,
			'hydra:next': page < pages ? at(page + 1) : null,
			'hydra:last': at(pages)
		})
	};
}
