import { z } from 'zod';
import { write } from './call.ts';
import type { Client } from './call.ts';

/** Gives the rights of an invitation to the signed-in account; its token works once. @throws Failure when it doesn't */
export async function acceptInvitation(client: Client, token: string): Promise<void> {
	await write(client, 'accept_invitation', { token }, z.unknown());
}
