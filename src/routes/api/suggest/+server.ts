import { json } from '@sveltejs/kit';
import { suggestionsOf, typedIn } from '../../suggesting.server';
import { currentView } from '../../view';
import type { RequestHandler } from './$types';

/** For our own search field: `?q=`. What is public is read at `/api/search`. */
export const GET: RequestHandler = ({ url }) =>
	json(suggestionsOf(currentView(), typedIn(url)), { headers: { 'cache-control': 'no-cache', vary: 'accept-language, cookie' } });
