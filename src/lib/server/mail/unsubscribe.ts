import { createHmac, timingSafeEqual } from 'node:crypto';
import { families } from '../../domain/notification.ts';
import type { Family } from '../../domain/notification.ts';

/** Who stops hearing about what. */
export interface Unsubscription {
	recipientId: string;
	family: Family;
}

const macBytes = 16;

/**
 * The token of a mail's « no more of these »: who, which family, and a signature that only this installation can make. It opens nothing
 * else, so it doesn't expire: a mail of last year has to keep its word.
 * @param secret the installation's secret key
 */
export function unsubscribeToken(secret: string, { recipientId, family }: Unsubscription): string {
	const claim = Buffer.concat([Buffer.from(recipientId.replaceAll('-', ''), 'hex'), Buffer.from([families.indexOf(family)])]);
	return Buffer.concat([claim, sign(secret, claim)]).toString('base64url');
}

/** What a token says; null when it is not one of ours. */
export function readUnsubscribeToken(secret: string, token: string): Unsubscription | null {
	const bytes = Buffer.from(token, 'base64url');
	const claim = bytes.subarray(0, 17);
	if (bytes.length !== 17 + macBytes || !timingSafeEqual(sign(secret, claim), bytes.subarray(17))) return null;
	const family = families[claim[16] ?? families.length];
	const hex = claim.subarray(0, 16).toString('hex');
	return family ? { recipientId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'), family } : null;
}

const sign = (secret: string, claim: Buffer) =>
	createHmac('sha256', secret).update('alentour-unsubscribe-1').update(claim).digest().subarray(0, macBytes);
