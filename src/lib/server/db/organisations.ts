import { z } from 'zod';
import type {
	Colleague,
	KeptPlace,
	MembershipRole,
	OrganisationSpace,
	ReadingCount,
	WaitingProposal
} from '../../domain/people.ts';
import { roles } from '../../domain/roles.ts';
import { run, write } from './call.ts';
import type { Client } from './call.ts';
import { membershipRole, pending } from './people-rows.ts';
import { instant, slug } from './rows.ts';

const colleague = z
	.object({ contributor_id: z.uuid(), name: z.string().nullable(), role: membershipRole, me: z.boolean(), since: instant })
	.transform(({ contributor_id, ...rest }): Colleague => ({ contributorId: contributor_id, ...rest }));

const place = z.object({
	id: z.uuid(),
	slug: z.string(),
	name: z.string(),
	category: z.string(),
	area: slug,
	openness: z.enum(['open', 'shared', 'private']),
	withheld: z.boolean(),
	known: z.array(z.string()),
	assurances: z.record(z.string(), z.object({ on: z.string() }))
}) satisfies z.ZodType<KeptPlace>;

const proposal = z
	.object({
		id: z.uuid(),
		kind: z.string(),
		state: z.enum(['open', 'asked']),
		place_id: z.uuid().nullable(),
		place_name: z.string().nullable(),
		by_role: z.enum(roles),
		ours: z.boolean(),
		mine: z.boolean(),
		facts: z.array(z.string()),
		created_at: instant
	})
	.transform(({ place_id, place_name, by_role, created_at, ...rest }): WaitingProposal => {
		return { ...rest, placeId: place_id, placeName: place_name, byRole: by_role, createdAt: created_at };
	});

const reading = z
	.object({
		place_id: z.uuid(),
		place_name: z.string(),
		by_role: z.enum(['partner', 'agent', 'moderator', 'coordinator']),
		by_organisation: z.string().nullable(),
		times: z.int(),
		facts: z.array(z.string()),
		last_on: z.string()
	})
	.transform(({ place_id, place_name, by_role, by_organisation, last_on, ...rest }): ReadingCount => {
		return {
			...rest,
			placeId: place_id,
			placeName: place_name,
			byRole: by_role,
			byOrganisation: by_organisation,
			lastOn: last_on
		};
	});

const organisation = z.object({
	slug: z.string(),
	name: z.string(),
	kind: z.enum(['public_service', 'association', 'collective', 'company']),
	summary: z.string().nullable(),
	website: z.string().nullable(),
	siret: z.string().nullable(),
	rna: z.string().nullable(),
	amalia: z.string().nullable()
});

const spaceRow = z
	.object({
		organisation,
		role: membershipRole.nullable(),
		coordinates: z.boolean(),
		confirmed_at: instant.nullable(),
		asked_at: instant.nullable(),
		colleagues: z.array(colleague),
		invitations: z.array(pending),
		places_count: z.int(),
		places: z.array(place),
		proposals: z.array(proposal),
		readings: z.array(reading).nullable()
	})
	.transform(({ confirmed_at, asked_at, places_count, ...rest }): OrganisationSpace => {
		return { ...rest, confirmedAt: confirmed_at, askedAt: asked_at, placesCount: places_count };
	});

/** The page of an organisation for its members and coordinators. @throws Failure `members_only`, `unknown_holder` */
export async function organisationSpace(client: Client, slugOf: string): Promise<OrganisationSpace> {
	return spaceRow.parse(await run(client.rpc('organisation_space', { organisation: slugOf })));
}

/** Makes somebody a manager, or a member again. @throws Failure `last_manager` */
export async function setMembership(client: Client, contributorId: string, of: string, role: MembershipRole): Promise<void> {
	await write(client, 'save_membership', { membership: { contributor_id: contributorId, organisation: of, role } }, z.unknown());
}

/** Ends a membership, one's own or a colleague's; `heir` takes over role and waiting proposals. @throws Failure `last_manager` */
export async function endMembership(client: Client, contributorId: string, of: string, heir: string | null): Promise<void> {
	const membership = { contributor_id: contributorId, organisation: of, remove: true, to: heir };
	await write(client, 'save_membership', { membership }, z.unknown());
}

/** « Oui, toujours moi. » */
export async function confirmStewardship(client: Client, of: string): Promise<void> {
	await write(client, 'confirm_stewardship', { organisation: of }, z.unknown());
}
