import { z } from 'zod';
import type { Organisation, Settings } from '../../domain/taxonomy.ts';
import { write } from './call.ts';
import type { Client } from './call.ts';

interface Saveable extends Pick<Settings, 'territory' | 'contact'> {
	moderation: { target_days: number };
	/** Not public: it names a person. */
	appeals: { contributor_id: string | null };
}

/** Replaces one setting of the territory as a whole. @throws Failure when the caller doesn't coordinate all of it */
export async function saveSetting<K extends keyof Saveable>(client: Client, key: K, value: Saveable[K]): Promise<void> {
	await write(client, 'save_settings', { setting: { key, value } }, z.unknown());
}

export type SavedOrganisation = Pick<Organisation, 'slug' | 'name' | 'kind' | 'summary' | 'website'>;

/** Adds an organisation, or replaces what is known of it. */
export async function saveOrganisation(client: Client, organisation: SavedOrganisation): Promise<void> {
	await write(client, 'save_organisation', { organisation }, z.unknown());
}

/** What an invitation offers: a role, a membership, or both. No areas or themes means all of them. */
export interface Invitation {
	role: 'agent' | 'moderator' | 'coordinator' | null;
	areas: string[] | null;
	themes: string[] | null;
	organisation: string | null;
	membership_role: 'member' | 'manager' | null;
}

/** @returns the token of its link, which is kept nowhere: it cannot be shown again */
export async function createInvitation(client: Client, invitation: Invitation): Promise<string> {
	const { token } = await write(client, 'create_invitation', { invitation }, z.object({ token: z.string() }));
	return token;
}
