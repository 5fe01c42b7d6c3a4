import { maxTileZoom } from '../../published/tiles.ts';
import { both, ownLinks, types } from './links.ts';
import type { Asked, Found } from './operation.ts';

export const matrixSetId = 'WebMercatorQuad';
export const matrixSetUri = `http://www.opengis.net/def/tilematrixset/OGC/1.0/${matrixSetId}`;

const corner = 20_037_508.342789244;
/** Metres in a pixel of the world's tile, and the denominator of its scale: 0.28 mm to the pixel (OGC 17-083r4, annex D.1). */
const cellSize = 156_543.033928041;
const scale = 559_082_264.028717;
const title = 'Google Maps Compatible for the World';

/** The grids that tiles are cut by: one. */
export function answerMatrixSets(asked: Asked): Found {
	const address = `${asked.root}/tileMatrixSets/${matrixSetId}`;
	return {
		resource: () => ({
			links: ownLinks(asked),
			tileMatrixSets: [{ id: matrixSetId, title, uri: matrixSetUri, links: both('self', address, types.json, title) }]
		})
	};
}

/** That grid, to the zoom that tiles are drawn to. */
export function answerMatrixSet(asked: Asked): Found {
	return {
		resource: () => ({
			id: matrixSetId,
			title,
			uri: matrixSetUri,
			crs: 'http://www.opengis.net/def/crs/EPSG/0/3857',
			orderedAxes: ['X', 'Y'],
			wellKnownScaleSet: 'http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible',
			tileMatrices: Array.from({ length: maxTileZoom + 1 }, (_, zoom) => ({
				id: String(zoom),
				scaleDenominator: scale / 2 ** zoom,
				cellSize: cellSize / 2 ** zoom,
				cornerOfOrigin: 'topLeft',
				pointOfOrigin: [-corner, corner],
				tileWidth: 256,
				tileHeight: 256,
				matrixWidth: 2 ** zoom,
				matrixHeight: 2 ** zoom
			})),
			links: ownLinks(asked)
		})
	};
}
