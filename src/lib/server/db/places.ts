import type { Place } from '../../domain/place.ts';
import { run } from './call.ts';
import type { Client } from './call.ts';
import { placeFromRow } from './published-rows.ts';

/** A place as the caller may see it, with what she may not masked; null when there is none for her. */
export async function forEdit(client: Client, placeId: string): Promise<Place | null> {
	const row = await run(client.rpc('place_for_edit', { place_id: placeId }));
	return row && typeof row === 'object' ? placeFromRow(row as Record<string, unknown>) : null;
}
