import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Territory } from '../../support/territory.ts';
import { openTerritory, took } from '../../support/territory.ts';
import { townDay } from '../../support/town-day.ts';

let t: Territory;
beforeAll(async () => {
	t = await openTerritory();
});
afterAll(() => t.stop());

const day = townDay();
const one = { day, dataset: 'places', format: 'csv', count: 3 };
const count = (counts: unknown, id: unknown = randomUUID()) => t.call('service', 'count_downloads', { batch: { id, counts } });
const listed = async () =>
	took<{ month: string; dataset: string; format: string; count: number }[]>(await t.call('whole', 'list_downloads', {}));

it('what nodes have counted adds up, and a batch that is sent again adds nothing', async () => {
	const id = randomUUID();
	expect(took(await count([one, { ...one, format: 'gpkg', count: 1 }], id))).toBe(true);
	expect(took(await count([one], id))).toBe(false);
	expect(took(await count([{ ...one, count: 2 }, one]))).toBe(true);
	const month = day.slice(0, 7);
	expect(await listed()).toEqual([
		{ month, dataset: 'places', format: 'csv', count: 8 },
		{ month, dataset: 'places', format: 'gpkg', count: 1 }
	]);
});

it('older than a year is not listed', async () => {
	took(await count([{ ...one, day: '2020-02-29', dataset: 'old' }]));
	expect((await listed()).map(({ dataset }) => dataset)).not.toContain('old');
});

it.each([
	[null],
	[[]],
	[[1]],
	[[{ ...one, count: 0 }]],
	[[{ ...one, count: 1.5 }]],
	[[{ ...one, day: '2026-02-30' }]],
	[[{ ...one, day: 'today' }]],
	[[{ ...one, dataset: '../x' }]],
	[[{ ...one, format: 'a'.repeat(21) }]],
	[[{ ...one, dataset: null }]]
])('%j is no count, and changes nothing', async (counts) => {
	const before = await listed();
	expect(await count(counts)).toMatchObject({ status: 400, error: { details: 'invalid_counts' } });
	expect(await listed()).toEqual(before);
});
