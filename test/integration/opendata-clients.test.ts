import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { datasetOf, selectionOf } from '../../src/lib/server/opendata/datasets.ts';
import { makeFile } from '../../src/lib/server/opendata/files/make.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { hasQgis } from '../support/gis.ts';
import { nastyPlaces } from '../support/nasty-places.ts';

const dir = mkdtempSync(join(tmpdir(), 'qgis-'));
afterAll(() => rmSync(dir, { recursive: true }));

const script = `
import json, sys
from qgis.core import QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
told = []
for path in sys.argv[1:]:
    layer = QgsVectorLayer(path, 'places', 'ogr')
    window = QgsFeatureRequest().setFilterRect(QgsRectangle(-1.6, 47.2, -1.5, 47.25))
    told.append({'valid': layer.isValid(), 'crs': layer.crs().authid(), 'count': layer.featureCount(),
        'names': sorted(str(one['name']) for one in layer.getFeatures()), 'inside': sum(1 for _ in layer.getFeatures(window))})
print('TOLD' + json.dumps(told))
sys.stdout.flush()
import os
os._exit(0)
`;

describe.skipIf(!hasQgis)('QGIS', () => {
	it(
		'opens a GeoPackage and a FlatGeobuf as layers in WGS 84, with their texts and their index',
		{ timeout: 60_000 },
		async () => {
			const { rows, places } = nastyPlaces();
			const feed = new FakeFeed(rows, places);
			feed.note('place', places[0]!.id, 'created');
			const { view } = await loadSnapshot(feed, () => 0);
			const edition = { view, origin: 'https://carte.example', today: '2026-11-21' };
			const dataset = datasetOf(view, 'places')!;
			const paths = ['gpkg', 'fgb'].map((format) => join(dir, `places.${format}`));
			for (const [i, format] of (['gpkg', 'fgb'] as const).entries())
				await makeFile({ format, edition, dataset, selection: selectionOf(dataset) }, { path: paths[i]! });
			const environment = { ...process.env, QT_QPA_PLATFORM: 'offscreen', HOME: dir };
			const { stdout } = await promisify(execFile)('/usr/bin/python3', ['-c', script, ...paths], {
				env: environment,
				maxBuffer: 1 << 24
			});
			const inside = places.filter(
				({ position: { lon, lat } }) => lon >= -1.6 && lon <= -1.5 && lat >= 47.2 && lat <= 47.25
			).length;
			const names = places.map(({ facts }) => facts.name);
			const told = JSON.parse(stdout.slice(stdout.indexOf('TOLD') + 4)) as { names: string[] }[];
			for (const one of told) {
				expect(one).toMatchObject({ valid: true, crs: 'EPSG:4326', count: places.length, inside });
				expect([...one.names].sort()).toEqual([...names].sort());
			}
			expect(told).toHaveLength(2);
		}
	);
});
