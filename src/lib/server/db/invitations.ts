import { z } from 'zod';
import type { Offered, OpenedInvitation } from '../../domain/people.ts';
import { write } from './call.ts';
import type { Client } from './call.ts';
import { offered, offeredOf } from './people-rows.ts';

/** Whom it goes to; without an address a link is made, to be handed over by hand. The same `clientId` again invites nobody twice. */
export interface Sending {
	clientId?: string;
	email?: string | null;
	locale?: 'fr' | 'en';
}

/** `token` of a link that works once and cannot be shown again; `mailed` when a mail with a link of its own is on its way. */
export interface MadeInvitation {
	token: string;
	mailed: boolean;
}
const made = z.object({ token: z.string(), mailed: z.boolean() });

/** Invites to a role, to an organisation, or both. @throws Failure `already_invited`, `too_many_invitations`, `coordinators_only` */
export function createInvitation(
	client: Client,
	what: Offered,
	{ clientId, email, locale }: Sending = {}
): Promise<MadeInvitation> {
	const { role, areas, themes, organisation, membershipRole: membership_role } = what;
	const invitation = { role, areas, themes, organisation, membership_role, client_id: clientId, email: email ?? null, locale };
	return write(client, 'create_invitation', { invitation }, made);
}

/** Fourteen days more and another link; the mail again when there is an address, once an hour at most. */
export function renewInvitation(client: Client, id: string): Promise<MadeInvitation> {
	return write(client, 'renew_invitation', { invitation_id: id }, made);
}

/** Takes it back: none of its links opens anything, and its address is forgotten. */
export async function revokeInvitation(client: Client, id: string): Promise<void> {
	await write(client, 'revoke_invitation', { invitation_id: id }, z.unknown());
}

const opened = offered.extend({ accepted: z.boolean() }).transform((row): OpenedInvitation => {
	return { ...offeredOf(row), organisationName: row.organisation_name, expiresAt: row.expires_at, accepted: row.accepted };
});

/** What a link offers to the signed-in account. @throws Failure `invitation_gone` */
export function readInvitation(client: Client, token: string): Promise<OpenedInvitation> {
	return write(client, 'read_invitation', { token }, opened);
}

/** Gives the rights of an invitation to the signed-in account; its token works once. @throws Failure when it doesn't */
export async function acceptInvitation(client: Client, token: string): Promise<{ organisation: string | null }> {
	return write(client, 'accept_invitation', { token }, z.object({ organisation: z.string().nullable() }));
}
