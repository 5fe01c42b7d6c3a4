import { z } from 'zod';
import type { HeldGrant, PeopleOverview } from '../../domain/people.ts';
import { run, write } from './call.ts';
import type { Client } from './call.ts';
import { pending, scope } from './people-rows.ts';
import { instant, slug } from './rows.ts';

const grant = z
	.object({
		id: z.uuid(),
		contributor_id: z.uuid().nullable(),
		name: z.string().nullable(),
		organisation: slug,
		role: z.enum(['agent', 'moderator', 'coordinator', 'publisher']),
		areas: scope,
		themes: scope,
		mine: z.boolean()
	})
	.transform(({ contributor_id, ...rest }): HeldGrant => ({ ...rest, contributorId: contributor_id }));

const overview = z.object({
	grants: z.array(grant),
	invitations: z.array(pending),
	unanswered: z.array(
		z
			.object({ organisation: z.string(), name: z.string().nullable(), asked_at: instant })
			.transform(({ asked_at, ...rest }) => ({ ...rest, askedAt: asked_at }))
	),
	unkept: z.array(z.string()),
	readings: z.array(z.object({ month: z.string(), readings: z.int(), places: z.int() })).nullable()
});

/** Who holds which right, as far as the caller could have given it. @throws Failure `coordinators_only` */
export async function peopleOverview(client: Client): Promise<PeopleOverview> {
	return overview.parse(await run(client.rpc('people_overview')));
}

/** Where a right holds; null = all. */
export interface Scope {
	areas: string[] | null;
	themes: string[] | null;
}

/** Changes where a right holds. @throws Failure `last_coordinator`, `coordinators_only` */
export async function changeGrant(client: Client, id: string, { areas, themes }: Scope): Promise<void> {
	await write(client, 'save_grant', { grant_: { grant_id: id, areas, themes } }, z.unknown());
}

/** Takes a right back. @throws Failure `last_coordinator`, `coordinators_only` */
export async function revokeGrant(client: Client, id: string): Promise<void> {
	await write(client, 'save_grant', { grant_: { grant_id: id, revoke: true } }, z.unknown());
}

/** Lets an organisation's members publish their new places without waiting. */
export async function letPublish(client: Client, organisation: string, { areas, themes }: Scope): Promise<void> {
	await write(client, 'save_grant', { grant_: { organisation, role: 'publisher', areas, themes } }, z.unknown());
}
