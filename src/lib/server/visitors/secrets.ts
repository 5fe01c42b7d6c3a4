import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { codeFrom, readFollowKey } from '../../domain/follow-key.ts';
import type { FollowHash } from '../db/visitors.ts';
import { supabaseEndpoint } from '../supabase.ts';

/** A key of this application for one purpose, the same on every web node: drawn from the service key, which it does not reveal. */
export function keyFor(purpose: string): string {
	return Buffer.from(hkdfSync('sha256', supabaseEndpoint().secretKey, 'alentour', purpose, 32)).toString('base64url');
}

const hmac = (purpose: string, text: string) => createHmac('sha256', keyFor(purpose)).update(text).digest();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** What the form of a visitor carries: when it was shown and a random number, signed together with the form's own id. */
export function makeTicket(formId: string, now: number): string {
	const shown = `${now.toString(36)}.${randomBytes(18).toString('base64url')}`;
	return `${shown}.${hmac('visitor-ticket', `${shown} ${formId}`).toString('base64url')}`;
}

/** When the form was shown, milliseconds; null for a ticket that is not of this form. */
export function readTicket(ticket: string, formId: string): number | null {
	const [at = '', random = '', signature = ''] = ticket.split('.', 3);
	const expected = hmac('visitor-ticket', `${at}.${random} ${formId}`);
	const given = Buffer.from(signature, 'base64url');
	if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
	return Number.parseInt(at, 36);
}

export interface FollowSecrets {
	/** Of the private link. */
	token: string;
	/** To note down; twelve signs, ungrouped. */
	code: string;
	linkHash: string;
	codeHash: string;
}

/**
 * The link and the code of what a form sends: always the same for one ticket, so that a second press of the button shows what the first one
 * showed. The form's id would not do: a new place takes it as its own, and that one is public.
 */
export function secretsOf(ticket: string): FollowSecrets {
	const seed = ticket.length >= 60 ? ticket : randomBytes(32).toString('base64url');
	const token = hmac('visitor-link', seed).toString('base64url');
	for (let round = 0; ; round++) {
		const code = codeFrom(hmac('visitor-code', `${seed} ${round}`));
		if (code) return { token, code, linkHash: sha256(token), codeHash: sha256(code) };
	}
}

/** The hash of what was typed or opened; null when it is neither a code nor a link. */
export function followHash(text: string): FollowHash | null {
	const key = readFollowKey(text);
	if (!key) return null;
	return 'code' in key ? { code_hash: sha256(key.code) } : { link_hash: sha256(key.token) };
}
