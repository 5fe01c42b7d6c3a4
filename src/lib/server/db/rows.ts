import { z } from 'zod';
import { publicStates } from '../../domain/dataset-report.ts';
import { operationOutcomes, proposalStates } from '../../domain/proposal.ts';
import type { Answer, ProposedOperation } from '../../domain/proposal.ts';
import type { DatasetNamed } from '../../domain/report.ts';
import type { Label } from '../../domain/taxonomy.ts';

/** ISO 8601, UTC; the views write instants as text so that every database spells them the same. */
export const instant = z.string();
export const slug = z.string().nullable();

/** A dataset by its columns, as views and functions name it beside a report; null when it is about a place. */
export const named = { dataset: slug.optional(), dataset_title: z.object({ fr: z.string(), en: z.string() }).nullish() };
/** What is said of it in public; null of a place. */
export const publicState = z
	.enum(publicStates)
	.nullish()
	.transform((state) => state ?? null);
export const datasetNamed = (row: {
	dataset?: string | null | undefined;
	dataset_title?: Label | null | undefined;
}): DatasetNamed | null => (row.dataset && row.dataset_title ? { slug: row.dataset, title: row.dataset_title } : null);

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

/** What the door answers to a proposal. */
export const answer = z
	.object({
		proposal_id: z.uuid(),
		state: z.enum(proposalStates),
		place_id: z.uuid(),
		version: z.int().nullish(),
		operations: z
			.array(z.object({ fact: z.string(), outcome: z.enum(operationOutcomes), current: z.unknown().optional() }))
			.nullish()
	})
	.transform(({ proposal_id, state, place_id, version, operations }): Answer => {
		return { proposalId: proposal_id, state, placeId: place_id, version: version ?? null, operations: operations ?? [] };
	});
