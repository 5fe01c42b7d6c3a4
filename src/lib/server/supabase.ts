import { createServerClient } from '@supabase/ssr';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import type { Cookies } from '@sveltejs/kit';
import { Failure } from './errors.ts';

/** Where the Supabase of this process answers; the local one is known only once it has been launched. */
export interface SupabaseEndpoint {
	url: string;
	publishableKey: string;
	secretKey: string;
}

let endpoint: SupabaseEndpoint | undefined;

/** Called once at start, before the first request. */
export function connectSupabase(to: SupabaseEndpoint): void {
	endpoint = to;
}

/** @throws Failure `database_away` while the local one is still starting and pages are served from the disk */
export function supabaseEndpoint(): SupabaseEndpoint {
	if (!endpoint) throw new Failure('database_away', { message: 'The Supabase of this process is not known yet.' });
	return endpoint;
}

/** The name under which @supabase/ssr keeps the session, in one cookie or in several pieces `….0`, `….1`. */
const sessionCookie = 'alentour-session';
/** Tells a page that someone may be signed in, and nothing else: public pages choose their header by it without asking. */
export const flagCookie = 'alentour_signed_in';

/** No answer of the database is worth waiting longer for: a form keeps what was typed and says so. */
const requestLimitMs = 10_000;

/** `fetch` that gives up after `limitMs`, whatever the caller's own signal says. */
function fetchWithin(limitMs: number): typeof fetch {
	return (input, init) => {
		const limit = AbortSignal.timeout(limitMs);
		return fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, limit]) : limit });
	};
}

const stateless = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false } as const;

/** Reads what anyone may read. @param limitMs how long one request may take, milliseconds */
export function anonymousClient(limitMs = requestLimitMs): SupabaseClient {
	const { url, publishableKey } = supabaseEndpoint();
	return createClient(url, publishableKey, { auth: stateless, global: { fetch: fetchWithin(limitMs) } });
}

/** Holds every right: for sign-up, visitors' forms and jobs only, never for what a signed-in person asks. */
export function serviceClient(limitMs = requestLimitMs): SupabaseClient {
	const { url, secretKey } = supabaseEndpoint();
	return createClient(url, secretKey, { auth: stateless, global: { fetch: fetchWithin(limitMs) } });
}

/** What of a request and its answer a caller's client needs. */
export interface Caller {
	cookies: Cookies;
	https: boolean;
	setHeaders(headers: Record<string, string>): void;
}

/**
 * The client of the person who sent this request, with her rights. Her session lives in HttpOnly cookies; a refreshed one is
 * written back together with the headers that keep shared caches from storing it.
 */
export function callerClient({ cookies, https, setHeaders }: Caller): SupabaseClient {
	const { url, publishableKey } = supabaseEndpoint();
	return createServerClient(url, publishableKey, {
		cookieOptions: { name: sessionCookie, path: '/', httpOnly: true, sameSite: 'lax', secure: https },
		global: { fetch: fetchWithin(requestLimitMs) },
		cookies: {
			getAll: () => cookies.getAll(),
			setAll: (written, headers) => {
				for (const { name, value, options } of written) {
					cookies.set(name, value, { ...options, path: '/', httpOnly: true, sameSite: 'lax', secure: https });
				}
				setHeaders(headers);
			}
		}
	});
}

/** Whether this request carries a session at all; what it is worth only the database knows. */
export function hasSession(cookies: Cookies): boolean {
	return cookies.getAll().some(({ name }) => name === sessionCookie || name.startsWith(`${sessionCookie}.`));
}

/** Whether a header of cookies speaks of somebody: a session, or its flag. */
export function speaksOfSomebody(cookies: string): boolean {
	return cookies.includes(sessionCookie) || cookies.includes(flagCookie);
}

/** Takes the session and its flag out of the browser, without asking the database. */
export function dropSession(cookies: Cookies, https: boolean): void {
	for (const { name } of cookies.getAll()) {
		if (name === sessionCookie || name.startsWith(`${sessionCookie}.`)) {
			cookies.delete(name, { path: '/', httpOnly: true, sameSite: 'lax', secure: https });
		}
	}
	cookies.delete(flagCookie, { path: '/', httpOnly: true, sameSite: 'lax', secure: https });
}

/** Raises the flag beside a new session. */
export function raiseFlag(cookies: Cookies, https: boolean): void {
	cookies.set(flagCookie, '1', { path: '/', httpOnly: true, sameSite: 'lax', secure: https, maxAge: 400 * 86_400 });
}
