import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { z } from 'zod';
import { keyFor } from './secrets.ts';

/**
 * A silent proof of work (https://altcha.org, MIT): about 256 times PBKDF2 with 10,000 rounds, a second of a laptop, some of a cheap phone, computed
 * beside the page. It tells nothing about the person, and costs who sends ten thousand posts hours of a processor.
 */
const work = { algorithm: 'PBKDF2/SHA-256', cost: 10_000, keyPrefix: '00' } as const;
/** Nobody fills a form for longer than a day. */
const validMs = 24 * 3_600_000;

/** The riddle of one form, as JSON for its page; it opens this form and no other. */
export async function challengeFor(formId: string, now: number): Promise<string> {
	const expiresAt = new Date(now + validMs);
	return JSON.stringify(
		await createChallenge({ ...work, deriveKey, expiresAt, data: { form: formId }, hmacSignatureSecret: keyFor('visitor-proof') })
	);
}

const proof = z.object({
	challenge: z.object({
		parameters: z.looseObject({
			algorithm: z.literal(work.algorithm),
			cost: z.literal(work.cost),
			nonce: z.string().max(64),
			salt: z.string().max(64),
			keyLength: z.int().max(64),
			keyPrefix: z.string().max(8),
			expiresAt: z.number(),
			data: z.object({ form: z.string() })
		}),
		signature: z.string().max(128)
	}),
	solution: z.object({ counter: z.int().nonnegative(), derivedKey: z.string().max(128) })
});

/** Whether the page of this form did its work. Anything that is not a proof is simply none. */
export async function isProof(text: string, formId: string): Promise<boolean> {
	if (text.length === 0 || text.length > 4000) return false;
	try {
		const { challenge, solution } = proof.parse(JSON.parse(text));
		if (challenge.parameters.data.form !== formId) return false;
		const { verified } = await verifySolution({ challenge, solution, deriveKey, hmacSignatureSecret: keyFor('visitor-proof') });
		return verified;
	} catch {
		return false;
	}
}
