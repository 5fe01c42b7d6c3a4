import { myData } from '$lib/server/db/account';
import { orErrorPage } from '../../failing.server';
import { requireViewer } from '../../places/proposing.server';
import type { RequestHandler } from './$types';

/** Everything kept about whoever asks, as a file of hers (RGPD, articles 15 and 20). */
export const GET: RequestHandler = async (event) => {
	await requireViewer(event);
	const data = await orErrorPage(myData(event.locals.supabase));
	return new Response(`${JSON.stringify(data, null, '\t')}\n`, {
		headers: {
			'content-type': 'application/json; charset=utf-8',
			'content-disposition': `attachment; filename="alentour-${new Date().toISOString().slice(0, 10)}.json"`,
			'cache-control': 'no-store'
		}
	});
};
