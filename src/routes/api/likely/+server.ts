import { json } from '@sveltejs/kit';
import { parseCoordinates } from '$lib/domain/coordinates';
import { twinsOf } from '../../places/likely.server';
import type { RequestHandler } from './$types';

/** Places that the one being typed may be: `?name=&lat=&lon=`. For our own form; what is public is read at `/api/search`. */
export const GET: RequestHandler = ({ url }) => {
	const name = (url.searchParams.get('name') ?? '').slice(0, 160);
	const position = parseCoordinates(`${url.searchParams.get('lat')} ${url.searchParams.get('lon')}`);
	return json({ places: twinsOf({ name, position }) }, { headers: { 'cache-control': 'no-store' } });
};
