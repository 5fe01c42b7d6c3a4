import { crs84, systems } from '../../../geo/crs.ts';
import { maxTileZoom } from '../../published/tiles.ts';
import type { Parameter } from './operation.ts';

export const defaultLimit = 100;
export const maxLimit = 10_000;
/** A filter that people write; one that a machine makes may be this long. */
export const maxFilter = 4096;

const known = systems.map(({ uri }) => uri).join(' ');
const uri = { type: 'string', format: 'uri', default: crs84 } as const;

const formatParameter = (...names: string[]): Parameter => ({
	name: 'f',
	description: {
		fr: 'Format de la réponse ; sans lui, l’en-tête Accept décide.',
		en: 'Encoding of the answer; without it the Accept header decides.'
	},
	schema: { type: 'string', enum: names }
});

export const format = formatParameter('json', 'html');
export const tileFormat = formatParameter('mvt', 'json');

export const limit: Parameter = {
	name: 'limit',
	description: {
		fr: `Nombre de lieux par page ; au-delà de ${maxLimit}, ${maxLimit}.`,
		en: `Number of places in a page; above ${maxLimit}, ${maxLimit}.`
	},
	schema: { type: 'integer', minimum: 1, maximum: maxLimit, default: defaultLimit }
};

export const cursor: Parameter = {
	name: 'cursor',
	description: {
		fr: 'Où reprendre : à prendre dans le lien « next » d’une page, jamais à construire.',
		en: 'Where to go on: taken from the “next” link of a page, never made.'
	},
	schema: { type: 'string', maxLength: 4000 }
};

/** What map libraries send who know no cursor. */
export const offset: Parameter = {
	name: 'offset',
	description: {
		fr: 'Nombre de lieux à passer ; le lien « next » est plus sûr, la carte change.',
		en: 'Number of places to leave out; the “next” link is safer, the map changes.'
	},
	schema: { type: 'integer', minimum: 0, maximum: 1_000_000, default: 0 }
};

export const bbox: Parameter = {
	name: 'bbox',
	description: {
		fr: 'Lieux de ce rectangle : ouest, sud, est, nord, en degrés sauf avec bbox-crs.',
		en: 'Places in this box: west, south, east, north, in degrees unless bbox-crs says otherwise.'
	},
	schema: { type: 'array', minItems: 4, maxItems: 6, items: { type: 'number' } }
};

export const bboxCrs: Parameter = {
	name: 'bbox-crs',
	description: { fr: `Système de coordonnées de bbox, parmi ${known}`, en: `Reference system of bbox, one of ${known}` },
	schema: uri
};

export const crs: Parameter = {
	name: 'crs',
	description: {
		fr: `Système de coordonnées de la réponse, parmi ${known}`,
		en: `Reference system of the answer, one of ${known}`
	},
	schema: uri
};

export const datetime: Parameter = {
	name: 'datetime',
	description: {
		fr: 'Lieux modifiés à cet instant ou pendant cet intervalle (RFC 3339) : 2026-11-01T00:00:00Z/..',
		en: 'Places last changed at this instant or in this interval (RFC 3339): 2026-11-01T00:00:00Z/..'
	},
	schema: { type: 'string', maxLength: 100 }
};

/** As the draft of Part 8 describes it (/req/sorting/sortby-definition). */
export const sortby: Parameter = {
	name: 'sortby',
	description: {
		fr: `Ordre des lieux : des propriétés de la ressource « sortables » entre des virgules, avec - devant pour l’ordre décroissant (-updated_at,name) ; sans valeur à la fin.`,
		en: `Order of the places: properties of the “sortables” resource between commas, with - before it for descending (-updated_at,name); those without a value come last.`
	},
	schema: { type: 'array', minItems: 1, items: { type: 'string', pattern: String.raw`^[+-]?[^+\-\s].*$` } }
};

export const filter: Parameter = {
	name: 'filter',
	description: {
		fr: "Expression CQL2 : wheelchair = 'yes' AND updated_at > TIMESTAMP('2026-01-01T00:00:00Z')",
		en: "CQL2 expression: wheelchair = 'yes' AND updated_at > TIMESTAMP('2026-01-01T00:00:00Z')"
	},
	schema: { type: 'string', maxLength: maxFilter }
};

export const filterLang: Parameter = {
	name: 'filter-lang',
	description: { fr: 'Écriture du filtre.', en: 'Encoding of the filter.' },
	schema: { type: 'string', enum: ['cql2-text', 'cql2-json'], default: 'cql2-text' }
};

export const filterCrs: Parameter = {
	name: 'filter-crs',
	description: {
		fr: `Système de coordonnées des géométries du filtre, parmi ${known}`,
		en: `Reference system of the geometries in the filter, one of ${known}`
	},
	schema: uri
};

export const collectionId: Parameter = {
	name: 'collectionId',
	description: { fr: 'Nom court d’un jeu de données.', en: 'Short name of a dataset.' },
	schema: { type: 'string' }
};

export const featureId: Parameter = {
	name: 'featureId',
	description: { fr: 'Identifiant permanent d’un lieu.', en: 'Permanent identifier of a place.' },
	schema: { type: 'string', format: 'uuid' }
};

export const tileMatrixSetId: Parameter = {
	name: 'tileMatrixSetId',
	description: { fr: 'La seule grille offerte.', en: 'The one tiling scheme on offer.' },
	schema: { type: 'string', enum: ['WebMercatorQuad'] }
};

/** Row before column, unlike the usual addresses of map tiles. */
export const tileAddress: readonly Parameter[] = [
	{
		name: 'tileMatrix',
		description: { fr: `Niveau de zoom, de 0 à ${maxTileZoom}.`, en: `Zoom level, from 0 to ${maxTileZoom}.` },
		schema: { type: 'string' }
	},
	{
		name: 'tileRow',
		description: { fr: 'Rangée, depuis le nord.', en: 'Row, from the north.' },
		schema: { type: 'integer', minimum: 0 }
	},
	{
		name: 'tileCol',
		description: { fr: 'Colonne, depuis l’ouest.', en: 'Column, from the west.' },
		schema: { type: 'integer', minimum: 0 }
	}
];
