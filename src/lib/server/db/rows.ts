import { z } from 'zod';
import { operationOutcomes } from '../../domain/proposal.ts';
import type { ProposedOperation } from '../../domain/proposal.ts';

/** ISO 8601, UTC; the views write instants as text so that every database spells them the same. */
export const instant = z.string();
export const slug = z.string().nullable();
export const position = z.object({ lon: z.number(), lat: z.number() }).nullable();

export const operation = z
	.object({
		ordinal: z.int(),
		fact: z.string(),
		old: z.unknown().optional(),
		new: z.unknown().optional(),
		add: z.array(z.unknown()).nullish(),
		remove: z.array(z.unknown()).nullish(),
		outcome: z.enum(operationOutcomes),
		current: z.unknown().optional()
	})
	.transform((row): ProposedOperation => {
		return { ...row, old: row.old ?? null, new: row.new ?? null, add: row.add ?? null, remove: row.remove ?? null };
	});
