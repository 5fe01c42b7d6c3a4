import type { Entry } from '../db/visitors.ts';
import { Failure } from '../errors.ts';
import { networkFrom } from '../throttle.ts';
import { limits, rateLimiter } from '../rate-limit.ts';
import type { Limit } from '../rate-limit.ts';
import { isProof } from './proof.ts';
import { readTicket, secretsOf } from './secrets.ts';
import type { FollowSecrets } from './secrets.ts';

/** Nobody reads a form and fills it in less, milliseconds. */
const quickestMs = 2000;

/** What the form of somebody without an account posts beside what she says. */
export interface VisitorPost {
	formId: string;
	ticket: string;
	proof: string;
	/** The field that no person sees. */
	trap: string;
	email?: string | undefined;
	name?: string | undefined;
}

export interface Admission {
	entry: Entry;
	secrets: FollowSecrets;
}

/** Neighbours count together: a /24, or the /48 that a provider gives to one house or one company. */
export const wideNetwork = (network: string): string => (network.includes('.') ? network : network.slice(0, 12));

const within = (tried: readonly Limit[], who: readonly string[], now: number) =>
	tried.map((limit) => rateLimiter.take(limit, who, now).allowed).every(Boolean);

/**
 * Judges who stands at the door, and turns away only what is too much: a post without proof, or one that a machine would send, is taken all the
 * same and waits beside the queue. @throws Failure `visitors_busy` when this network has sent too much
 */
export async function admit(
	event: { getClientAddress(): string },
	locale: 'fr' | 'en',
	post: VisitorPost,
	now: number
): Promise<Admission> {
	const shownAt = readTicket(post.ticket, post.formId);
	const human = shownAt !== null && now - shownAt >= quickestMs && !post.trap && (await isProof(post.proof, post.formId));
	const network = [wideNetwork(networkFrom(event))];
	const proven = human && within([limits.visitor, limits.visitorDay], network, now);
	if (!proven && !within([limits.unproven, limits.unprovenDay], network, now)) throw new Failure('visitors_busy');
	const secrets = secretsOf(post.ticket);
	const { linkHash, codeHash } = secrets;
	return { secrets, entry: { linkHash, codeHash, proven, locale, email: post.email, name: post.name } };
}
