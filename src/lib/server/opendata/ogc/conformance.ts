import { conformance as cql2 } from '../cql2/cql2.ts';

const spec = 'http://www.opengis.net/spec';
const of = (standard: string, classes: string[]) => classes.map((name) => `${spec}/${standard}/conf/${name}`);

/** Only what a test holds: a client relies on it. */
export const conformance: readonly string[] = [
	...of('ogcapi-features-1/1.0', ['core', 'oas30', 'geojson', 'html']),
	...of('ogcapi-features-2/1.0', ['crs']),
	...of('ogcapi-features-3/1.0', ['queryables', 'queryables-query-parameters', 'filter', 'features-filter']),
	...cql2,
	...of('ogcapi-tiles-1/1.0', ['core', 'tileset', 'tilesets-list', 'dataset-tilesets', 'geodata-tilesets', 'mvt', 'oas30'])
];
