import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** GDAL's programs are installed; `npm test` sees to it, and fails without them where nothing may be skipped. */
export const hasGdal = answers('ogr2ogr', '--version');

/** QGIS is, on the machine's own Python. */
export const hasQgis = existsSync('/usr/lib/python3/dist-packages/qgis');

function answers(program: string, ...options: string[]): boolean {
	try {
		execFileSync(program, options, { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}
