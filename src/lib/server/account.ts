import type { AuthError, SupabaseClient } from '@supabase/supabase-js';
import { z } from 'zod';
import { Failure } from './errors.ts';
import type { MailLink } from './mail-links.ts';

/** bcrypt reads 72 bytes; a longer password would be cut without a word. */
const longestPassword = 72;
export const shortestPassword = 10;

export const emailField = z
	.string()
	.trim()
	.toLowerCase()
	.pipe(z.email({ error: 'email' }).max(254, 'email'));
export const newPasswordField = z
	.string()
	.min(shortestPassword, 'password_short')
	.refine((password) => Buffer.byteLength(password) <= longestPassword, 'password_long');
export const nameField = z
	.string()
	.transform((name) => name.normalize('NFC').replace(/\s+/g, ' ').trim())
	.pipe(z.string().min(1, 'name').max(80, 'name'));

/** The first complaint of each field, as a code with a message of its own. */
export function complaints(error: z.ZodError): Record<string, string> {
	const first: Record<string, string> = {};
	for (const { path, message } of error.issues) first[String(path[0])] ??= message;
	return first;
}

/** Which answers of the auth service mean that nobody is at home, rather than "no". */
function orAway(error: AuthError): AuthError {
	if (error.status === undefined || error.status === 0 || error.status >= 500)
		throw new Failure('database_away', { cause: error });
	if (error.status === 429) throw new Failure('too_many_requests');
	return error;
}

/** Only addresses that have an account meet the service's own limit of mails: saying so would tell which ones do. */
function orAwayUnlessMailed(error: AuthError): void {
	if (error.code !== 'over_email_send_rate_limit') orAway(error);
}

/** How long a form waits for the auth service, milliseconds; a password takes it a tenth of a second. */
const patienceMs = 5000;

/** supabase-js throws what it doesn't know, and tries a request again that nobody answered: the clock is ours. */
async function asked<T>(question: () => Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(() => reject(new Failure('database_away', { message: `no answer in ${patienceMs} ms` })), patienceMs);
	});
	try {
		return await Promise.race([question(), late]);
	} catch (cause) {
		throw cause instanceof Failure ? cause : new Failure('database_away', { cause });
	} finally {
		clearTimeout(timer);
	}
}

/** No answer about an address comes sooner than this, milliseconds: how long it took must not tell whether there is an account. */
const soonest = { refused: 300, mailed: 500 } as const;

/** The answer, `milliseconds` after the question at the earliest. */
async function noSooner<T>(milliseconds: number, work: Promise<T>): Promise<T> {
	const [answer] = await Promise.all([work, new Promise((resolve) => setTimeout(resolve, milliseconds))]);
	return answer;
}

/**
 * Opens a session in the caller's cookies.
 * @returns false when address and password don't fit, or the address was not confirmed: one answer for all
 * @throws Failure `database_away`, `too_many_requests`
 */
export async function signIn(caller: SupabaseClient, email: string, password: string): Promise<boolean> {
	const start = Date.now();
	const opened = await asked(async () => {
		const { error } = await caller.auth.signInWithPassword({ email, password });
		return !error || (orAway(error), false);
	});
	return opened || noSooner(soonest.refused - (Date.now() - start), Promise.resolve(false));
}

/** Ends this session on the server, or all of the account's at once; the caller's cookies go in any case. */
export async function signOut(caller: SupabaseClient, scope: 'local' | 'global' = 'local'): Promise<void> {
	await asked(() => caller.auth.signOut({ scope }));
}

/**
 * Ends every session of the account at once, this one included: a token of another device reads nothing from then on.
 * @throws Failure `database_away`: then nothing was ended, and the person has to know
 */
export function signOutEverywhere(caller: SupabaseClient): Promise<void> {
	return asked(async () => {
		const { error } = await caller.auth.signOut({ scope: 'global' });
		// Any other answer means that there was no session to begin with.
		if (error) orAway(error);
	});
}

interface NewAccount {
	email: string;
	password: string;
	name: string;
	/** What the account's mails are written in, until she says otherwise on her page. */
	locale: 'fr' | 'en';
}

/**
 * Asks for an account; the mailbox must confirm it. Says nothing about whether the address already has one.
 * @param service the service key's client: the local Supabase keeps sign-up for our form, which counts tries
 */
export function signUp(service: SupabaseClient, account: NewAccount): Promise<void> {
	const work = asked(async () => {
		const { email, password, name, locale } = account;
		const { error } = await service.auth.signUp({ email, password, options: { data: { name, locale } } });
		if (error) orAwayUnlessMailed(error);
	});
	return noSooner(soonest.mailed, work);
}

/** Sends a link to choose a new password, if the address has an account. */
export function askReset(service: SupabaseClient, email: string): Promise<void> {
	const work = asked(async () => {
		const { error } = await service.auth.resetPasswordForEmail(email);
		if (error) orAwayUnlessMailed(error);
	});
	return noSooner(soonest.mailed, work);
}

/** Opens a session by the link of a mail. @returns false when the link was used, is too old or never was */
export function openMailLink(caller: SupabaseClient, { tokenHash, type }: MailLink): Promise<boolean> {
	return asked(async () => {
		const { error } = await caller.auth.verifyOtp({ token_hash: tokenHash, type });
		return !error || (orAway(error), false);
	});
}

/**
 * Sets the password of the signed-in account and ends its other sessions.
 * @returns a code of `account_error_<code>`, or null when done
 */
export function setPassword(caller: SupabaseClient, password: string): Promise<'password_same' | 'session' | null> {
	return asked(async () => {
		const { error } = await caller.auth.updateUser({ password });
		if (error) return orAway(error).code === 'same_password' ? 'password_same' : 'session';
		await caller.auth.signOut({ scope: 'others' });
		return null;
	});
}

/**
 * Asks for another address: it holds once the link mailed to it has been opened. Says nothing about whether it belongs to another account.
 * @param proof a client of its own, signed in for this alone: who found an open session cannot take the account with it
 * @returns false when the password is not hers
 */
export function changeEmail(proof: SupabaseClient, account: { email: string; password: string; to: string }): Promise<boolean> {
	const work = asked(async () => {
		const { email, password, to } = account;
		const { error: refused } = await proof.auth.signInWithPassword({ email, password });
		if (refused) return (orAway(refused), false);
		const { error } = await proof.auth.updateUser({ email: to });
		await proof.auth.signOut({ scope: 'local' });
		if (error) orAwayUnlessMailed(error);
		return true;
	});
	return noSooner(soonest.mailed, work);
}
