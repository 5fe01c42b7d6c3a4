import { existsSync } from 'node:fs';

/** What open data is measured beside and with: programs of Debian's packages, which `npm test` has no need of. */
const needed: [name: string, program: string, debian: string][] = [
	['wrk', '/usr/bin/wrk', 'wrk'],
	['nginx', '/usr/sbin/nginx', 'nginx'],
	['QGIS Server', '/usr/lib/cgi-bin/qgis_mapserv.fcgi', 'qgis-server'],
	['PyQGIS', '/usr/lib/python3/dist-packages/qgis/core/__init__.py', 'python3-qgis'],
	['spawn-fcgi', '/usr/bin/spawn-fcgi', 'spawn-fcgi'],
	['ogr2ogr', '/usr/bin/ogr2ogr', 'gdal-bin'],
	['psql', '/usr/bin/psql', 'postgresql-client']
];

export const programs = Object.fromEntries(needed.map(([name, program]) => [name, program])) as Record<string, string>;

/** Which peers are not there, in words: a row that is left out would look like one that was met. Null when all are. */
export function missingPeers(): string | null {
	const missing = needed.filter(([, program]) => !existsSync(program));
	if (missing.length === 0) return null;
	const names = missing.map(([name]) => name).join(', ');
	const packages = missing.map(([, , debian]) => debian).join(' ');
	return (
		`Open data is measured beside ${names}, not installed here. Run: sudo apt-get install -y --no-install-recommends ${packages}\n` +
		'Or leave those rows out: npm run bench -- --no-opendata'
	);
}
