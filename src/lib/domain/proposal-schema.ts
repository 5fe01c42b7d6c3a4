/** Apart from the other things of a proposal, which browsers need: judging what was sent is the server's, and its library weighs 23 kB. */
import { z } from 'zod';
import { channels } from './campaign.ts';
import { endReasons, proposalKinds } from './proposal.ts';
import { methods } from './roles.ts';

/** What `submit_proposal` takes (contract.md). `client_id` makes a second post of the same form harmless. */
export const proposalSchema = z.strictObject({
	client_id: z.uuid(),
	kind: z.enum(proposalKinds),
	place_id: z.uuid().optional(),
	into_place_id: z.uuid().optional(),
	reason: z.enum(endReasons).optional(),
	base_version: z.int().nonnegative().optional(),
	operations: z.array(z.record(z.string(), z.unknown())).max(200),
	note: z.string().trim().max(2000).optional(),
	method: z.enum(methods).optional(),
	channel: z.enum(channels).optional(),
	campaign: z.string().max(100).optional(),
	seen_at: z.iso.datetime({ offset: true }).optional()
});

/** What `confirm_facts` takes: values as they were shown, byte for byte. */
export const confirmationSchema = z.strictObject({
	client_id: z.uuid(),
	place_id: z.uuid(),
	facts: z
		.array(z.strictObject({ fact: z.string(), value: z.unknown() }))
		.min(1)
		.max(200),
	method: z.enum(methods).optional(),
	seen_at: z.iso.datetime({ offset: true }).optional()
});
