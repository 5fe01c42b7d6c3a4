import { z } from 'zod';
import type { Place } from '../../domain/place.ts';
import { Failure } from '../errors.ts';
import { run } from './call.ts';
import type { Client } from './call.ts';
import { placeFromRow } from './published-rows.ts';

/** A place as the caller may see it, and what became of it: more than the public reads. */
export interface EditablePlace {
	place: Place;
	status: 'active' | 'ended' | 'merged';
	mergedInto: string | null;
	/** The whole place is hidden. */
	withheld: boolean;
	/** Facts that are hidden; told to those who may show them again. */
	withheldFacts: string[];
}

const standing = z.object({
	status: z.enum(['active', 'ended', 'merged']),
	merged_into: z.uuid().nullable(),
	withheld: z.boolean(),
	withheld_facts: z.array(z.string()).nullable()
});

/** The place for its form; null when there is none for her, also when it has ended and she could not reopen it by herself. */
export async function forEdit(client: Client, placeId: string): Promise<EditablePlace | null> {
	try {
		const row = await run(client.rpc('place_for_edit', { place_id: placeId }));
		const { status, merged_into: mergedInto, withheld, withheld_facts: withheldFacts } = standing.parse(row);
		return {
			place: placeFromRow(row as Record<string, unknown>),
			status,
			mergedInto,
			withheld,
			withheldFacts: withheldFacts ?? []
		};
	} catch (failure) {
		if (failure instanceof Failure && failure.status === 404) return null;
		throw failure;
	}
}
