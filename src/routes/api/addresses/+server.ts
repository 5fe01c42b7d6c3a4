import { json } from '@sveltejs/kit';
import { addressesOf, typedIn } from '../../suggesting.server';
import { currentView } from '../../view';
import type { RequestHandler } from './$types';

/** For our own search field: `?q=`; apart, because who knows addresses is outside and may be slow. */
export const GET: RequestHandler = async (event) =>
	json(await addressesOf(currentView(), typedIn(event.url), event), { headers: { 'cache-control': 'no-store' } });
