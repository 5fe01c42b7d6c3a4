import { z } from 'zod';
import type { Place } from '../../domain/place.ts';
import { Failure } from '../errors.ts';
import { run, write } from './call.ts';
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

/** A place as a partner reads it. `beyond` names the facts that are not public, `place` when nothing of it is. */
export interface SharedPlace {
	place: Place;
	beyond: string[];
	/** The reading left a trace: it always does, but for the steward's own members. */
	logged: boolean;
}

const shared = z.object({ place: z.record(z.string(), z.unknown()), beyond: z.array(z.string()), logged: z.boolean() });

/** Reads what a place shares with partners, which is logged in the same act. @throws Failure `partners_only`, `unknown_place` */
export async function readShared(client: Client, placeId: string): Promise<SharedPlace> {
	const { place, beyond, logged } = await write(client, 'read_shared', { place_id: placeId }, shared);
	return { place: placeFromRow(place), beyond, logged };
}

const listed = z.array(
	z.object({ id: z.uuid(), name: z.string(), category: z.string(), area: z.string().nullable(), steward: z.string().nullable() })
);
export type ListedPlace = z.output<typeof listed>[number];

/** Fifty places that are shared as a whole, after an id; each one listed is logged as read. @throws Failure `partners_only` */
export function listShared(client: Client, after: string | null): Promise<ListedPlace[]> {
	return write(client, 'list_shared', { after }, listed);
}
