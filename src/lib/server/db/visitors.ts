import { z } from 'zod';
import { proposalStates } from '../../domain/proposal.ts';
import { proposalSchema } from '../../domain/proposal-schema.ts';
import type { Answer, Operation, Proposal } from '../../domain/proposal.ts';
import type { FollowedItem, Lane } from '../../domain/report.ts';
import { reportStates } from '../../domain/report.ts';
import { ownDecision } from './appeals.ts';
import { run, write, writeAgain } from './call.ts';
import type { Client } from './call.ts';
import { answer, datasetNamed, instant, named, operation, publicState, slug } from './rows.ts';

/** A visitor at the door: hashes of her secrets, and whether the form saw a person behind her. */
export interface Entry {
	linkHash: string;
	codeHash: string;
	proven: boolean;
	locale: 'fr' | 'en';
	email?: string | undefined;
	name?: string | undefined;
}

/** As the database takes her. */
export const entryRow = ({ linkHash, codeHash, proven, locale, email, name }: Entry) => ({
	link_hash: linkHash,
	code_hash: codeHash,
	proven,
	locale,
	...(email ? { email } : {}),
	...(name ? { name } : {})
});

const received = z.object({ received_at: instant, lane: z.enum(['queue', 'unproven']), mailed: z.boolean() });
const receipt = z.intersection(answer, received);
export type Received = Answer & { receivedAt: string; lane: Lane; mailed: boolean };

/** Proposes without an account. `service`: the service key's client. The same `client_id` from the same visitor: the same answer. */
export async function contribute(service: Client, entry: Entry, proposal: Proposal): Promise<Received> {
	const contribution = { ...entryRow(entry), proposal: proposalSchema.parse(proposal) };
	const { received_at, ...said } = await writeAgain(service, 'submit_visitor_contribution', { contribution }, receipt);
	return { ...said, receivedAt: received_at };
}

/** The hash of a link's token or of a code. */
export type FollowHash = { link_hash: string } | { code_hash: string };

export interface Followed {
	hasEmail: boolean;
	confirmed: boolean;
	/** This very link came by mail: opening it may confirm the mailbox. */
	mailed: boolean;
	items: FollowedItem[];
}

const item = z
	.object({
		subject: z.enum(['proposal', 'report']),
		id: z.uuid(),
		kind: z.string(),
		place_id: z.uuid().nullable(),
		place_name: z.string().nullable(),
		place_slug: slug,
		...named,
		public_state: publicState,
		category: slug,
		state: z.enum([...proposalStates, ...reportStates]),
		created_at: instant,
		decided_at: instant.nullable(),
		text: z.string().nullable(),
		reason_code: z.string().nullable(),
		message: z.string().nullable(),
		unproven: z.boolean(),
		decision: ownDecision.nullable(),
		operations: z.array(operation)
	})
	.transform(
		({
			place_id,
			place_name,
			place_slug,
			dataset,
			dataset_title,
			public_state,
			created_at,
			decided_at,
			reason_code,
			...row
		}): FollowedItem => {
			return {
				...row,
				dataset: datasetNamed({ dataset, dataset_title }),
				publicState: public_state,
				placeId: place_id,
				placeName: place_name,
				placeSlug: place_slug,
				createdAt: created_at,
				decidedAt: decided_at,
				reasonCode: reason_code
			};
		}
	);

const followed = z
	.object({ has_email: z.boolean(), confirmed: z.boolean(), mailed: z.boolean(), items: z.array(item) })
	.transform(({ has_email: hasEmail, ...rest }): Followed => ({ hasEmail, ...rest }));

/** Everything behind a private link or a code. @throws Failure `unknown_link` */
export async function follow(service: Client, key: FollowHash): Promise<Followed> {
	return followed.parse(await run(service.rpc('follow_contributions', { key })));
}

/** What the holder of a link may still do. */
export type FollowAct =
	| { act: 'confirm' }
	| { act: 'withdraw'; item_id: string }
	| { act: 'contest'; decision_id: string; note: string }
	| { act: 'answer'; item_id: string; note: string; operations?: Operation[] };

export async function actOn(service: Client, key: FollowHash, act: FollowAct): Promise<void> {
	await write(service, 'act_on_contribution', { key, act }, z.unknown());
}
