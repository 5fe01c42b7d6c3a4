import type { BBox } from '../../../geo/bbox.ts';
import { isTile, project } from '../../../geo/tile.ts';
import type { Dataset } from '../../../domain/taxonomy.ts';
import { layerName, maxTileZoom } from '../../published/tiles.ts';
import { allPlaces, datasetOf, selectionOf } from '../datasets.ts';
import { collectionAddress, collectionOf, extentOf, titleOf } from './collections.ts';
import { both, ownLinks, rels, types } from './links.ts';
import type { Link } from './links.ts';
import type { Asked, Found } from './operation.ts';
import { Refusal } from './refusal.ts';
import { matrixSetId, matrixSetUri } from './tile-matrix-set.ts';

/** The dataset of a path; without one in it, all that is under the territory's licence. @throws Refusal */
function datasetAsked({ edition: { view }, path }: Asked): Dataset {
	return path['collectionId'] === undefined ? datasetOf(view, allPlaces)! : collectionOf(view, path);
}

const homeOf = ({ root, path }: Asked) =>
	path['collectionId'] === undefined ? root : collectionAddress(root, path['collectionId']);

interface Limits {
	tileMatrix: string;
	minTileRow: number;
	maxTileRow: number;
	minTileCol: number;
	maxTileCol: number;
}

/** The tiles that have something in them, zoom by zoom. */
function limitsOf([west, south, east, north]: BBox): Limits[] {
	const [low, high] = [project(west, north), project(east, south)];
	return Array.from({ length: maxTileZoom + 1 }, (_, zoom) => {
		const count = 2 ** zoom;
		const at = (share: number) => Math.min(count - 1, Math.floor(share * count));
		return {
			tileMatrix: String(zoom),
			minTileRow: at(low.y),
			maxTileRow: at(high.y),
			minTileCol: at(low.x),
			maxTileCol: at(high.x)
		};
	});
}

/** The list of them, with all that the only one says of itself: some clients read no further. */
export function answerTilesets(asked: Asked): Found {
	const dataset = datasetAsked(asked);
	return { resource: () => ({ links: ownLinks(asked), tilesets: [{ ...tilesetOf(asked, dataset), links: linksOf(asked) }] }) };
}

/** The tiles of a dataset in Web Mercator (OGC Two Dimensional Tile Matrix Set 2.0, TileSet metadata). */
export function answerTileset(asked: Asked): Found {
	const dataset = datasetAsked(asked);
	const others = () => linksOf(asked).filter(({ rel }) => rel !== 'self' && rel !== 'alternate');
	return { resource: () => ({ ...tilesetOf(asked, dataset), links: [...ownLinks(asked), ...others()] }) };
}

function tilesetOf(asked: Asked, dataset: Dataset) {
	const [west, south, east, north] = extentOf(asked.edition.view, dataset);
	return {
		title: titleOf(asked, dataset.title),
		dataType: 'vector',
		crs: 'http://www.opengis.net/def/crs/EPSG/0/3857',
		tileMatrixSetId: matrixSetId,
		tileMatrixSetURI: matrixSetUri,
		tileMatrixSetLimits: limitsOf([west, south, east, north]),
		boundingBox: {
			lowerLeft: [west, south],
			upperRight: [east, north],
			crs: 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'
		},
		layers: [{ id: layerName, title: titleOf(asked, dataset.title), dataType: 'vector', geometryDimension: 0 }]
	};
}

function linksOf(asked: Asked): Link[] {
	const tileset = `${homeOf(asked)}/tiles/${matrixSetId}`;
	return [
		{ rel: 'self', href: tileset, type: types.json, title: matrixSetId },
		{ rel: 'alternate', href: `${tileset}?f=html`, type: types.html, title: matrixSetId },
		...both(rels.tilingScheme, `${asked.root}/tileMatrixSets/${matrixSetId}`, types.json, matrixSetId),
		{
			rel: 'item',
			href: `${tileset}/{tileMatrix}/{tileRow}/{tileCol}`,
			type: types.tile,
			title: 'Mapbox Vector Tile',
			templated: true
		}
	];
}

const whole = (text: string | undefined) => (/^\d{1,8}$/.test(text ?? '') ? Number(text) : NaN);

/** The bytes of one tile. Outside the limits that its tileset tells there is none (/req/core/tc-error). */
export function answerTile(asked: Asked): Found {
	const { edition, path } = asked;
	const dataset = datasetAsked(asked);
	const [zoom, row, column] = [whole(path['tileMatrix']), whole(path['tileRow']), whole(path['tileCol'])];
	const limits = isTile(zoom, column, row, maxTileZoom) ? limitsOf(extentOf(edition.view, dataset))[zoom] : undefined;
	const inside =
		limits && row >= limits.minTileRow && row <= limits.maxTileRow && column >= limits.minTileCol && column <= limits.maxTileCol;
	const bytes = inside ? edition.view.tile(zoom, column, row, selectionOf(dataset)) : null;
	if (bytes) return { bytes };
	const address = `${path['tileMatrix']}/${path['tileRow']}/${path['tileCol']}`;
	throw new Refusal(
		404,
		'unknown_tile',
		`There is no tile ${address}: zoom, row, column, from 0/0/0 to zoom ${maxTileZoom}, within the limits of the tileset.`
	);
}
