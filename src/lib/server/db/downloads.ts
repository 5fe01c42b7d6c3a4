import { z } from 'zod';
import type { DownloadCount } from '../../domain/download.ts';
import { run, write } from './call.ts';
import type { Client } from './call.ts';

/** Adds what this node has counted; the same batch again adds nothing. For the service key. */
export async function countDownloads(service: Client, id: string, counts: DownloadCount[]): Promise<void> {
	await write(service, 'count_downloads', { batch: { id, counts } }, z.boolean());
}

const monthly = z.array(z.object({ month: z.string(), dataset: z.string(), format: z.string(), count: z.coerce.number() }));
export type MonthlyDownloads = z.output<typeof monthly>;

/** Of the last twelve months, newest first; for coordinators of everything. */
export async function listDownloads(client: Client): Promise<MonthlyDownloads> {
	return monthly.parse(await run(client.rpc('list_downloads')));
}
