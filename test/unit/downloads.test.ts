import { describe, expect, it } from 'vitest';
import { Downloads, isDownload } from '../../src/lib/server/downloads.ts';
import type { DownloadCount } from '../../src/lib/domain/download.ts';

const away = () => Promise.reject(new Error('away'));

describe('downloads', () => {
	it('are counted by day, dataset and format', async () => {
		const downloads = new Downloads();
		for (const format of ['csv', 'csv', 'gpkg']) downloads.add('2026-11-22', 'places', format);
		const sent: DownloadCount[][] = [];
		expect(await downloads.flush(async (_id, counts) => void sent.push(counts))).toBe(false);
		expect(sent).toEqual([
			[
				{ day: '2026-11-22', dataset: 'places', format: 'csv', count: 2 },
				{ day: '2026-11-22', dataset: 'places', format: 'gpkg', count: 1 }
			]
		]);
		expect(await downloads.flush(away)).toBe(false);
	});

	it('that could not be handed over go again under the same id, without what came since', async () => {
		const downloads = new Downloads();
		downloads.add('2026-11-22', 'places', 'csv');
		const ids: string[] = [];
		const failing = downloads.flush((id) => {
			ids.push(id);
			return away();
		});
		await expect(failing).rejects.toThrow('away');
		downloads.add('2026-11-22', 'places', 'csv');
		const sent: number[] = [];
		const send = async (id: string, counts: DownloadCount[]) => {
			ids.push(id);
			sent.push(counts[0]!.count);
		};
		expect(await downloads.flush(send)).toBe(true);
		expect(await downloads.flush(send)).toBe(false);
		expect(sent).toEqual([1, 1]);
		expect(ids[0]).toBe(ids[1]);
		expect(ids[2]).not.toBe(ids[1]);
	});

	it.each([
		['GET', 200, null, true],
		['HEAD', 200, null, false],
		['GET', 304, null, false],
		['GET', 404, null, false],
		['GET', 206, 'bytes 0-99/500', true],
		['GET', 206, 'bytes 100-199/500', false]
	])('%s answered %i %s counts: %s', (method, status, range, counts) => {
		const headers = range ? { 'content-range': range } : undefined;
		const request = new Request('https://carte.example/data/places.csv', { method });
		expect(isDownload(request, new Response(null, { status, ...(headers ? { headers } : {}) }))).toBe(counts);
	});
});
