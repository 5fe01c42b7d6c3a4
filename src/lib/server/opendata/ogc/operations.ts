import type { Label } from '../../../domain/taxonomy.ts';
import { answerCollection, answerCollections, collectionOf } from './collections.ts';
import { answerItem, answerItems } from './items.ts';
import { answerConformance, answerLanding } from './landing.ts';
import { types } from './links.ts';
import { openapiOf } from './openapi.ts';
import type { Operation, Parameter } from './operation.ts';
import * as parameters from './parameters.ts';
import { answerQueryables, answerSortables, propertyParameters } from './queryables.ts';
import { answerMatrixSet, answerMatrixSets } from './tile-matrix-set.ts';
import { answerTile, answerTileset, answerTilesets } from './tiles.ts';

const { collectionId, featureId, format, tileMatrixSetId, tileAddress } = parameters;

/** What most have in common: JSON and a page, no parameter, nothing that might be missing. */
const page = (
	id: string,
	path: string,
	summary: Label,
	schema: string,
	answer: Operation['answer'],
	more: Partial<Operation> = {}
): Operation => ({
	...{ id, path, summary, schema, answer },
	pathParameters: [],
	parameters: [format],
	type: types.json,
	page: true,
	statuses: [],
	...more
});

const under = (first: Parameter, ...others: Parameter[]): Partial<Operation> => ({
	pathParameters: [first, ...others],
	statuses: [404]
});

const narrowing: readonly Parameter[] = [
	parameters.limit,
	parameters.cursor,
	parameters.offset,
	parameters.bbox,
	parameters.bboxCrs,
	parameters.datetime,
	parameters.crs,
	parameters.filter,
	parameters.filterLang,
	parameters.filterCrs,
	parameters.sortby,
	...propertyParameters
];

const tileNames = {
	dataset: {
		list: { fr: 'Les tuiles vectorielles', en: 'The vector tiles' },
		set: { fr: 'Les tuiles en Web Mercator', en: 'The tiles in Web Mercator' },
		tile: { fr: 'Une tuile vectorielle', en: 'A vector tile' }
	},
	collection: {
		list: { fr: 'Les tuiles d’un jeu de données', en: 'The tiles of a dataset' },
		set: { fr: 'Les tuiles d’un jeu de données en Web Mercator', en: 'The tiles of a dataset in Web Mercator' },
		tile: { fr: 'Une tuile d’un jeu de données', en: 'A tile of a dataset' }
	}
} satisfies Record<string, Record<string, Label>>;

/** The three resources of tiles, of all places or of a collection. */
const tiles = (home: string, kind: 'dataset' | 'collection', parts: Parameter[]): Operation[] => [
	page(`${kind}.vector.getTileSetsList`, `${home}/tiles`, tileNames[kind].list, 'tilesets', answerTilesets, {
		pathParameters: parts,
		statuses: parts.length > 0 ? [404] : []
	}),
	page(`${kind}.vector.getTileSet`, `${home}/tiles/{tileMatrixSetId}`, tileNames[kind].set, 'tileset', answerTileset, {
		...under(tileMatrixSetId),
		pathParameters: [...parts, tileMatrixSetId]
	}),
	{
		id: `${kind}.vector.getTile`,
		path: `${home}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}`,
		summary: tileNames[kind].tile,
		pathParameters: [...parts, tileMatrixSetId, ...tileAddress],
		parameters: [parameters.tileFormat],
		type: types.tile,
		schema: null,
		page: false,
		statuses: [204, 404],
		answer: answerTile
	}
];

/** Everything there is: routing, the checking of parameters and the OpenAPI document come from this table alone. */
export const operations: readonly Operation[] = [
	page('getLandingPage', '/', { fr: 'Par où commencer', en: 'Where to begin' }, 'landingPage', answerLanding),
	page(
		'getApi',
		'/api',
		{ fr: 'Ce document', en: 'This document' },
		'document',
		(asked) => ({ resource: () => openapiOf(asked, operations) }),
		{ type: types.openapi }
	),
	page('getConformance', '/conformance', { fr: 'Normes respectées', en: 'Standards kept to' }, 'confClasses', answerConformance),
	page('getCollections', '/collections', { fr: 'Les jeux de données', en: 'The datasets' }, 'collections', answerCollections),
	page(
		'getCollection',
		'/collections/{collectionId}',
		{ fr: 'Un jeu de données', en: 'A dataset' },
		'collection',
		answerCollection,
		under(collectionId)
	),
	page(
		'getQueryables',
		'/collections/{collectionId}/queryables',
		{ fr: 'Ce qu’un filtre peut nommer', en: 'What a filter may name' },
		'queryables',
		(asked) => answerQueryables(asked, collectionOf(asked.edition.view, asked.path).title),
		{ ...under(collectionId), type: types.schema }
	),
	page(
		'getSortables',
		'/collections/{collectionId}/sortables',
		{ fr: 'Ce qui peut ordonner les lieux', en: 'What places may be ordered by' },
		'queryables',
		(asked) => answerSortables(asked, collectionOf(asked.edition.view, asked.path).title),
		{ ...under(collectionId), type: types.schema }
	),
	page(
		'getFeatures',
		'/collections/{collectionId}/items',
		{ fr: 'Les lieux', en: 'The places' },
		'featureCollection',
		answerItems,
		{
			pathParameters: [collectionId],
			parameters: [format, ...narrowing],
			type: types.geojson,
			statuses: [404, 413]
		}
	),
	page('getFeature', '/collections/{collectionId}/items/{featureId}', { fr: 'Un lieu', en: 'A place' }, 'feature', answerItem, {
		pathParameters: [collectionId, featureId],
		parameters: [format, parameters.crs],
		type: types.geojson,
		statuses: [308, 404, 410]
	}),
	...tiles('', 'dataset', []),
	...tiles('/collections/{collectionId}', 'collection', [collectionId]),
	page(
		'getTileMatrixSetsList',
		'/tileMatrixSets',
		{ fr: 'Les grilles des tuiles', en: 'The tiling schemes' },
		'tileMatrixSets',
		answerMatrixSets
	),
	page(
		'getTileMatrixSet',
		'/tileMatrixSets/{tileMatrixSetId}',
		{ fr: 'Une grille de tuiles', en: 'A tiling scheme' },
		'tileMatrixSet',
		answerMatrixSet,
		under(tileMatrixSetId)
	)
];
