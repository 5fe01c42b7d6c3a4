import { randomUUID } from 'node:crypto';
import type { Executor } from './database.ts';

export interface NewUser {
	email: string;
	password: string;
	id?: string;
	/** Of bcrypt; default 10, as the auth service's own. Each less halves the work: for accounts of the tests. */
	cost?: number;
}

/**
 * Makes an account whose address counts as confirmed, without a mail: for the demonstration, for tests, for the first
 * coordinator. The same rows that the auth service writes (bcrypt); works on a hosted Supabase too.
 * @returns the account's id
 * @throws the database's 23505 when the address has an account
 */
export async function createConfirmedUser(
	executor: Executor,
	{ email, password, id = randomUUID(), cost = 10 }: NewUser
): Promise<string> {
	const address = email.trim().toLowerCase();
	const claims = { sub: id, email: address, email_verified: true, phone_verified: false };
	await executor.query(
		`insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data,
			is_sso_user, is_anonymous, created_at, updated_at)
		values ($1, 'authenticated', 'authenticated', $2, extensions.crypt($3::text, extensions.gen_salt('bf', $6)), now(), $4::jsonb, $5::jsonb,
			false, false, now(), now())`,
		[id, address, password, JSON.stringify({ provider: 'email', providers: ['email'] }), JSON.stringify(claims), cost]
	);
	await executor.query(
		`insert into auth.identities (id, provider, provider_id, user_id, identity_data, last_sign_in_at, created_at, updated_at)
		values ($1, 'email', $2::text, $3, $4::jsonb, now(), now(), now())`,
		[randomUUID(), id, id, JSON.stringify(claims)]
	);
	return id;
}
