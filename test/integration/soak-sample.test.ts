import { afterAll, expect, it } from 'vitest';
import { soak } from '../bench/soak/run.ts';
import { stopPostgres } from '../support/app.ts';
import type { Backend } from '../support/database.ts';

afterAll(stopPostgres);

it(
	'keeps each acknowledged proposal once while the database and the application are killed (a sample of `npm run soak`)',
	{ timeout: 300_000 },
	async () => {
		const backend = (process.env['TEST_BACKEND'] || 'pglite') as Backend;
		const report = await soak({ backend, proposals: 60, clients: 10, kills: 2, seed: 2026 });
		expect(report.breaches).toEqual([]);
		expect(report).toMatchObject({ acknowledged: 60, followerKills: 1 });
		expect(report.byForm).toBeGreaterThan(0);
		expect(report.recoveries.map(({ victim }) => victim).sort()).toEqual(['application', 'database']);
	}
);
