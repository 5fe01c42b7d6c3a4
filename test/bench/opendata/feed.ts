import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '../../support/processes.ts';

/** Where the application that is measured looks for changes. */
export interface Feed {
	url: string;
	seq: number;
	/** One change more, of a place that is nobody's to see: every answer has to be made anew, and no place changes. */
	change(): void;
	stop(): Promise<void>;
}

/** Speaks as much of PostgREST as a snapshot asks for that was read from disk: `changes`, and rows of places that are not there. */
export async function startFeed(): Promise<Feed> {
	const rows: object[] = [];
	const server = createServer((request, response) => {
		const url = new URL(request.url!, 'http://feed');
		const from = Number(/^gte?\.(\d+)$/.exec(url.searchParams.get('seq') ?? '')?.[1] ?? 1);
		const limit = Number(url.searchParams.get('limit') ?? 1000);
		const backwards = url.searchParams.get('order')?.startsWith('seq.desc');
		const known = backwards ? rows.toReversed() : rows.slice(from - 1);
		const answer = url.pathname === '/rest/v1/changes' ? known.slice(0, limit) : [];
		response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const feed: Feed = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		seq: 0,
		change() {
			const seq = ++feed.seq;
			const id = `ffffffff-ffff-4fff-8fff-${seq.toString(16).padStart(12, '0')}`;
			const at = new Date().toISOString();
			rows.push({ seq, at, subject: 'place', id, version: 1, kind: 'updated', facts: ['name'], reason: null, into_id: null });
		},
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			})
	};
	return feed;
}

/** Makes a change and waits until the application at `url` has it. */
export async function changed(feed: Feed, url: string): Promise<void> {
	feed.change();
	await until('the change is followed', async () => {
		const { snapshot } = (await (await fetch(`${url}/health`)).json()) as { snapshot: { seq: number } | null };
		return (snapshot?.seq ?? 0) >= feed.seq;
	});
}
