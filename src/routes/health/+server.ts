import { published } from '$lib/server/published/instance';
import type { RequestHandler } from './$types';

const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };

export const GET: RequestHandler = () => {
	const status = tryStatus();
	if (!status?.snapshot)
		return new Response(JSON.stringify({ status: 'starting', database: status?.database ?? 'down', snapshot: null }), {
			status: 503,
			headers: { ...headers, 'retry-after': '2' }
		});
	const { places, seq, ageMs } = status.snapshot;
	return new Response(JSON.stringify({ status: 'ok', database: status.database, snapshot: { places, seq, age_ms: ageMs } }), {
		headers
	});
};

function tryStatus() {
	try {
		return published().status();
	} catch {
		return null;
	}
}
