import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { codeAlphabet, codeFrom, groupCode, readFollowKey } from '../../src/lib/domain/follow-key.ts';
import { damageToolOf, referenceOf, reportForm } from '../../src/lib/domain/report.ts';
import { Failure } from '../../src/lib/server/errors.ts';
import { limits, networkOf } from '../../src/lib/server/rate-limit.ts';
import { connectSupabase } from '../../src/lib/server/supabase.ts';
import { admit, wideNetwork } from '../../src/lib/server/visitors/admit.ts';
import { challengeFor, isProof } from '../../src/lib/server/visitors/proof.ts';
import { followHash, makeTicket, readTicket, secretsOf } from '../../src/lib/server/visitors/secrets.ts';

beforeAll(() => connectSupabase({ url: 'http://127.0.0.1:9', publishableKey: 'p'.repeat(40), secretKey: 's'.repeat(40) }));

/** What the page of a form does, as the browser would. */
async function work(challenge: string): Promise<string> {
	const riddle = JSON.parse(challenge) as Parameters<typeof solveChallenge>[0]['challenge'];
	return JSON.stringify({ challenge: riddle, solution: await solveChallenge({ challenge: riddle, deriveKey }) });
}

describe('the code to note down', () => {
	it('has twelve signs that nobody confuses, and is read however it is typed', () => {
		const code = codeFrom(new Uint8Array(32).map((_none, at) => at * 7))!;
		expect(code).toHaveLength(12);
		expect([...'01OILUVSZ25'].filter((sign) => codeAlphabet.includes(sign))).toEqual([]);
		for (const typed of [code, groupCode(code), ` ${groupCode(code).toLowerCase()} `, code.replace(/(....)/g, '$1 ')])
			expect(readFollowKey(typed)).toEqual({ code });
		expect(codeFrom(new Uint8Array(32).fill(255))).toBeNull();
	});

	it.each(['', 'ABCD', 'ABCD-EFGH-JKM0', '../../etc', 'x'.repeat(81)])('%j is neither a code nor a link', (typed) => {
		expect(readFollowKey(typed)).toBeNull();
	});

	it('leads where the link of the same form leads, which is never told by the form’s id', () => {
		const ticket = makeTicket(randomUUID(), 0);
		const { token, code, linkHash, codeHash } = secretsOf(ticket);
		expect(secretsOf(ticket)).toEqual(secretsOf(ticket));
		expect(followHash(`https://carte.example.org/follow/${token}`)).toEqual({ link_hash: linkHash });
		expect(followHash(groupCode(code))).toEqual({ code_hash: codeHash });
		expect(secretsOf('').token).not.toBe(secretsOf('').token);
	});
});

describe('the ticket of a form', () => {
	it('says when the form was shown, and is of no use for another form', () => {
		const form = randomUUID();
		const ticket = makeTicket(form, 1_700_000_000_000);
		expect(readTicket(ticket, form)).toBe(1_700_000_000_000);
		expect(readTicket(ticket, randomUUID())).toBeNull();
		expect(readTicket(ticket.replace(/^\w/, 'z'), form)).toBeNull();
		expect(readTicket('', form)).toBeNull();
	});
});

describe('the proof of work', () => {
	it('opens its own form only', async () => {
		const form = randomUUID();
		const proof = await work(await challengeFor(form, Date.now()));
		expect(await isProof(proof, form)).toBe(true);
		expect(await isProof(proof, randomUUID())).toBe(false);
	});

	it('that is made easier, invented or too old is none', async () => {
		const form = randomUUID();
		const challenge = await challengeFor(form, Date.now());
		const easier = await work(challenge.replace('"keyPrefix":"00"', '"keyPrefix":"0"'));
		expect(await isProof(easier, form)).toBe(false);
		const guessed = { challenge: JSON.parse(challenge) as object, solution: { counter: 1, derivedKey: '00'.repeat(32) } };
		expect(await isProof(JSON.stringify(guessed), form)).toBe(false);
		expect(await isProof(await work(await challengeFor(form, Date.now() - 25 * 3_600_000)), form)).toBe(false);
		for (const text of ['', '{}', 'null', '{"challenge":', 'x'.repeat(5000)]) expect(await isProof(text, form)).toBe(false);
	});
});

describe('who stands at the door', () => {
	const from = (address: string) => ({ getClientAddress: () => address });
	/** A post as a page sends it. */
	async function post(shownFor: number, now: number, more: object = {}) {
		const formId = randomUUID();
		const proof = await work(await challengeFor(formId, now));
		return { formId, ticket: makeTicket(formId, now - shownFor), proof, trap: '', ...more };
	}

	it('is a person when the page did its work, in the time a person takes', async () => {
		const now = Date.now();
		const lane = async (shownFor: number, more?: object) =>
			(await admit(from('198.51.100.1'), 'fr', await post(shownFor, now, more), now)).entry.proven;
		expect(await lane(2500)).toBe(true);
		expect(await lane(500)).toBe(false);
		expect(await lane(2500, { trap: 'https://spam.example' })).toBe(false);
		expect(await lane(2500, { proof: '' })).toBe(false);
		expect(await lane(2500, { ticket: '' })).toBe(false);
	});

	it('is sent away when a network floods the lane without proof, while people there still get in', async () => {
		const now = Date.now();
		const bare = () => admit(from('203.0.113.7'), 'fr', { formId: randomUUID(), ticket: '', proof: '', trap: '' }, now);
		for (let n = 0; n < limits.unproven.max; n++) expect((await bare()).entry.proven).toBe(false);
		await expect(bare()).rejects.toThrow(Failure);
		expect((await admit(from('203.0.113.200'), 'fr', await post(2500, now), now)).entry.proven).toBe(true);
		await expect(
			admit(from('192.0.2.1'), 'fr', { formId: randomUUID(), ticket: '', proof: '', trap: '' }, now)
		).resolves.toBeDefined();
	});

	it('is counted with its neighbours: a /24, a /48', () => {
		expect(wideNetwork(networkOf('203.0.113.7'))).toBe(wideNetwork(networkOf('203.0.113.250')));
		expect(wideNetwork(networkOf('2001:db8:1:aa::1'))).toBe(wideNetwork(networkOf('2001:db8:1:ff::2')));
		expect(wideNetwork(networkOf('2001:db8:1::1'))).not.toBe(wideNetwork(networkOf('2001:db8:2::1')));
	});
});

describe('a report', () => {
	const complaint = (form: object) => reportForm.safeParse({ kind: 'wrong', text: 'x', ...form }).error?.issues[0]?.message;

	it.each([
		[{}, undefined],
		[{ kind: '' }, 'kind'],
		[{ kind: 'wrong', text: '  ' }, 'text'],
		[{ kind: 'gone', text: '' }, undefined],
		[{ kind: 'illegal_or_urgent' }, 'good_faith'],
		[{ kind: 'illegal_or_urgent', good_faith: 'yes', url: '', email: '', name: '' }, undefined],
		[{ url: 'javascript:alert(1)' }, 'url'],
		[{ email: 'nom' }, 'email'],
		[{ text: 'x'.repeat(2001) }, 'too_long']
	])('%j → %s', (form, expected) => {
		expect(complaint(form)).toBe(expected);
	});

	it('has a number that can be said on the phone', () => {
		expect(referenceOf('1b4e28ba-2fa1-4d2b-883f-0016d3cca427')).toBe('1B4E-28BA');
	});

	it('of something damaged goes to the town’s own tool, if there is one that can be reached', () => {
		expect(damageToolOf({ name: 'Ma rue', url: 'https://rue.example.org', email: '', phone: '' })).toMatchObject({
			name: 'Ma rue'
		});
		for (const none of [undefined, null, {}, { name: 'x', url: 'javascript:alert(1)', email: 'x', phone: 'x' }])
			expect(damageToolOf(none)).toBeNull();
	});
});
