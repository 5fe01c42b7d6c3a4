import { z } from 'zod';
import type { Offered, PendingInvitation } from '../../domain/people.ts';
import { instant, slug } from './rows.ts';

export const scope = z.array(z.string()).nullable();
export const membershipRole = z.enum(['member', 'manager']);

/** What an invitation offers, as every function about invitations writes it. */
export const offered = z.object({
	role: z.enum(['agent', 'moderator', 'coordinator']).nullable(),
	areas: scope,
	themes: scope,
	organisation: slug,
	organisation_name: z.string().nullable(),
	membership_role: membershipRole.nullable(),
	expires_at: instant
});

/** @see offered */
export function offeredOf({ role, areas, themes, organisation, membership_role }: z.output<typeof offered>): Offered {
	return { role, areas, themes, organisation, membershipRole: membership_role };
}

export const pending = offered
	.extend({
		id: z.uuid(),
		email: z.string().nullable(),
		by: z.string().nullable(),
		created_at: instant,
		mailed_at: instant.nullable()
	})
	.transform((row): PendingInvitation => {
		const { id, email, by, created_at: createdAt, mailed_at: mailedAt, expires_at: expiresAt } = row;
		return { id, email, by, createdAt, mailedAt, expiresAt, ...offeredOf(row) };
	});
