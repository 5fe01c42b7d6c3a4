import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonKey, Result, Territory } from '../../support/territory.ts';
import { openTerritory, refusal, took } from '../../support/territory.ts';
import { byCode, byLink, entry, makeVisitor } from '../../support/visitors.ts';
import type { Visitor } from '../../support/visitors.ts';

let t: Territory;
beforeAll(async () => {
	t = await openTerritory();
});
afterAll(() => t.stop());

interface Receipt {
	report_id: string;
	state: string;
	received_at: string;
	lane: 'queue' | 'unproven';
	mailed: boolean;
}

const body = (place_id: string, more: object = {}) => ({
	client_id: randomUUID(),
	place_id,
	kind: 'wrong',
	text: 'Fermé le lundi',
	...more
});
const report = (visitor: Visitor, place: string, more: object = {}): Promise<Result<Receipt>> =>
	t.call('service', 'submit_report', { report: entry(visitor, body(place, more)) });
const settle = (key: PersonKey, report_id: string, decision: object = { outcome: 'accept' }) =>
	t.call<{ state: string }>(key, 'decide_report', { report_id, decision });
const waiting = async (key: PersonKey) => (await (await t.as(key)).from('report_queue').select('*')).data!;
const followed = async (visitor: Visitor) =>
	took(await t.call<{ items: Record<string, unknown>[] }>('service', 'follow_contributions', { key: byCode(visitor) })).items;

describe('a report', () => {
	it('of a visitor is in the queue with no address in it, is settled, and she hears back', async () => {
		const visitor = makeVisitor();
		const place = await t.place({ name: 'Maison du port' });
		const receipt = took(await report(visitor, place, { email: 'visiteuse@example.org', name: 'Vera' }));
		expect(receipt).toMatchObject({ state: 'open', lane: 'queue', mailed: true });
		const item = (await waiting('moderator')).find(({ id }) => id === receipt.report_id);
		expect(item).toMatchObject({
			...{ kind: 'wrong', urgent: false, place_name: 'Maison du port', text: 'Fermé le lundi', author_role: 'visitor' },
			...{ author_name: 'Vera', reachable: true, mine: false, other_open: 0 }
		});
		expect(JSON.stringify(item)).not.toContain('example.org');
		expect(took(await settle('moderator', receipt.report_id, { outcome: 'ask', message: 'Tous les lundis ?' })).state).toBe(
			'asked'
		);
		expect(await followed(visitor)).toMatchObject([{ subject: 'report', state: 'asked', message: 'Tous les lundis ?' }]);
		const answer = { act: 'answer', item_id: receipt.report_id, note: 'Oui' };
		took(await t.call('service', 'act_on_contribution', { key: byLink(visitor.token), act: answer }));
		expect(took(await settle('moderator', receipt.report_id, { outcome: 'accept', message: 'Corrigé' })).state).toBe('accepted');
		expect(await followed(visitor)).toMatchObject([{ state: 'accepted', message: 'Corrigé', text: 'Fermé le lundi\n\nOui' }]);
		const told = await t.supabase.sql(
			'select topic, data ->> $2 as outcome from private.outbox where subject_id = $1 order by created_at',
			[receipt.report_id, 'outcome']
		);
		expect(told).toEqual([
			{ topic: 'report_received', outcome: null },
			{ topic: 'report_decided', outcome: 'ask' },
			{ topic: 'report_decided', outcome: 'accept' }
		]);
		const [receiptMail] = await t.supabase.sql<{ said: object }>(
			`select private.mail_item(o) -> 'data' as said from private.outbox as o where subject_id = $1 and topic = 'report_received'`,
			[receipt.report_id]
		);
		expect(receiptMail!.said).toMatchObject({ place_name: 'Maison du port' });
		expect(await settle('moderator', receipt.report_id)).toMatchObject(refusal(409, 'report_decided'));
	});

	it('of somebody signed in is hers, and she does not decide on it', async () => {
		const place = await t.place();
		const contributor_id = await t.contributor('moderator');
		const call = () => t.call<Receipt>('service', 'submit_report', { report: { ...sent, contributor_id } });
		const sent = body(place);
		const { report_id, lane } = took(await call());
		expect(took(await call()).report_id).toBe(report_id);
		expect(lane).toBe('queue');
		const mine = (await (await t.as('moderator')).from('my_reports').select('*')).data;
		expect(mine).toMatchObject([{ id: report_id, state: 'open' }]);
		expect((await (await t.as('resident')).from('my_reports').select('*')).data).toEqual([]);
		expect(await settle('moderator', report_id)).toMatchObject(refusal(403, 'own_report'));
		took(await settle('wholeModerator', report_id));
	});

	it('of somebody signed in is completed by her answer or withdrawn, by nobody else, and not once it is decided', async () => {
		const contributor_id = await t.contributor('resident');
		const sent = { ...body(await t.place()), contributor_id };
		const { report_id } = took(await t.call<Receipt>('service', 'submit_report', { report: sent }));
		took(await settle('moderator', report_id, { outcome: 'ask', message: 'Depuis quand ?' }));
		const act = (key: PersonKey, what: object) => t.call(key, 'act_on_report', { report_id, act: what });
		expect(await act('neighbour', { act: 'withdraw' })).toMatchObject(refusal(404, 'unknown_report'));
		expect(await act('resident', { act: 'answer' })).toMatchObject(refusal(400, 'invalid_act', 'note'));
		for (const _twice of [1, 2]) took(await act('resident', { act: 'answer', note: 'Depuis lundi.' }));
		const seen = (await waiting('moderator')).find(({ id }) => id === report_id);
		expect(seen).toMatchObject({ state: 'open', text: `${sent.text}\n\nDepuis lundi.` });
		expect(took(await act('resident', { act: 'withdraw' }))).toMatchObject({ state: 'withdrawn' });
		expect((await waiting('moderator')).some(({ id }) => id === report_id)).toBe(false);
		expect(await act('resident', { act: 'answer', note: 'Encore.' })).toMatchObject(refusal(409, 'report_decided'));
	});

	it('is for moderators of that place only: shown, claimed and decided', async () => {
		const { report_id: id } = took(await report(makeVisitor(), await t.place({}, 'ville-nord')));
		expect((await waiting('moderator')).some((item) => item.id === id)).toBe(false);
		expect(await waiting('resident')).toEqual([]);
		for (const key of ['moderator', 'resident', 'agent'] as const) {
			expect(await settle(key, id)).toMatchObject(refusal(403, 'not_in_scope'));
			expect(await t.call(key, 'claim_item', { item_id: id })).toMatchObject(refusal(403, 'not_in_scope'));
		}
		took(await t.call('wholeModerator', 'claim_item', { item_id: id }));
		expect(await t.call('whole', 'claim_item', { item_id: id })).toMatchObject(refusal(409, 'claimed'));
		expect((await waiting('whole')).find((item) => item.id === id)).toMatchObject({ claimed: true });
		expect((await waiting('wholeModerator')).find((item) => item.id === id)).toMatchObject({ claimed: false });
	});

	it.each([
		[{ kind: 'gossip' }, refusal(400, 'invalid_kind', 'kind')],
		[{ kind: 'wrong', text: ' ' }, refusal(400, 'missing_text', 'text')],
		[{ kind: 'illegal_or_urgent', text: 'x' }, refusal(400, 'missing_good_faith', 'good_faith')],
		[{ url: 'javascript:alert(1)' }, refusal(400, 'invalid_value', 'url')],
		[{ email: 'nom' }, refusal(400, 'invalid_value', 'email')],
		[{ text: 'x'.repeat(2001) }, refusal(400, 'invalid_value', 'text')],
		[{ client_id: 'x' }, refusal(400, 'invalid_id', 'client_id')],
		[{ place_id: randomUUID() }, refusal(404, 'unknown_place', 'place_id')],
		[{ contributor_id: randomUUID() }, refusal(404, 'unknown_holder', 'contributor_id')]
	])('with %j is refused, and nothing of it stays', async (more, expected) => {
		const visitor = makeVisitor();
		expect(await report(visitor, await t.place(), more)).toMatchObject(expected);
		expect(await t.call('service', 'follow_contributions', { key: byCode(visitor) })).toMatchObject(refusal(404, 'unknown_link'));
	});

	it('without proof waits beside the queue, urgent ones marked as such', async () => {
		const urgent = { kind: 'illegal_or_urgent', good_faith: true, proven: false };
		const { report_id: id, lane } = took(await report(makeVisitor(), await t.place(), urgent));
		expect(lane).toBe('unproven');
		expect((await waiting('moderator')).some((item) => item.id === id)).toBe(false);
		const beside = (await (await t.as('moderator')).from('unproven_queue').select('*').eq('id', id)).data;
		expect(beside).toMatchObject([{ subject: 'report', urgent: true, text: 'Fermé le lundi' }]);
		took(await t.call('moderator', 'sort_unproven', { sorting: { items: [id], keep: false, reason_code: 'offensive' } }));
		expect((await waiting('moderator')).some((item) => item.id === id)).toBe(false);
	});

	it('has its author’s name also when her photo went first', async () => {
		const visitor = makeVisitor();
		const place_id = await t.place();
		const photo = { sha256: 'a'.repeat(64), place_id };
		took(await t.call('service', 'register_visitor_photo', { visitor: entry(visitor), photo }));
		const { report_id } = took(await report(visitor, place_id, { name: 'Vera' }));
		took(await report(visitor, place_id, { name: 'Une autre' }));
		expect((await waiting('moderator')).find(({ id }) => id === report_id)).toMatchObject({ author_name: 'Vera' });
	});

	it('withdrawn meanwhile does not hold up the heap that it is sorted with', async () => {
		const visitors = [makeVisitor(), makeVisitor()];
		const items: string[] = [];
		for (const visitor of visitors) items.push(took(await report(visitor, await t.place(), { proven: false })).report_id);
		const act = { act: 'withdraw', item_id: items[0] };
		took(await t.call('service', 'act_on_contribution', { key: byCode(visitors[0]!), act }));
		expect(took(await t.call('moderator', 'sort_unproven', { sorting: { items, keep: false } }))).toEqual({ sorted: 1 });
		expect(await followed(visitors[0]!)).toMatchObject([{ state: 'withdrawn', unproven: false }]);
		expect(await followed(visitors[1]!)).toMatchObject([{ state: 'refused' }]);
	});

	it('is not vouched for by a link that was mailed to somebody else', async () => {
		const [hers, mine] = [makeVisitor(), makeVisitor()];
		took(await report(hers, await t.place(), { proven: false, email: 'victime@example.org' }));
		took(await report(mine, await t.place(), { email: 'moi@example.org' }));
		const [row] = await t.supabase.sql<{ token: string }>(
			`select private.mint_visitor_link(contributor_id) as token from private.visitor_contacts where link_hash = decode($1, 'hex')`,
			[mine.link_hash]
		);
		const key = { ...byCode(hers), ...byLink(row!.token) };
		expect(await t.call('service', 'act_on_contribution', { key, act: { act: 'confirm' } })).toMatchObject(
			refusal(403, 'link_not_mailed')
		);
		expect(took(await t.call('service', 'follow_contributions', { key }))).toMatchObject({ mailed: false, confirmed: false });
		took(await t.call('service', 'act_on_contribution', { key: byLink(row!.token), act: { act: 'confirm' } }));
	});

	it('is withdrawn by who sent it', async () => {
		const visitor = makeVisitor();
		const { report_id: item_id } = took(await report(visitor, await t.place()));
		const stranger = makeVisitor();
		took(await report(stranger, await t.place()));
		expect(
			await t.call('service', 'act_on_contribution', { key: byCode(stranger), act: { act: 'withdraw', item_id } })
		).toMatchObject(refusal(404, 'unknown_proposal'));
		const withdraw = () => t.call('service', 'act_on_contribution', { key: byCode(visitor), act: { act: 'withdraw', item_id } });
		took(await withdraw());
		expect(await withdraw()).toMatchObject(refusal(409, 'report_decided'));
		expect(await settle('moderator', item_id)).toMatchObject(refusal(409, 'report_decided'));
	});
});

describe('whatever is sent to the doors of visitors', () => {
	it('is answered, or refused with a reason and without a trace', async () => {
		const place = await t.place();
		const visitor = makeVisitor();
		took(await report(visitor, place));
		const good = {
			submit_report: { report: entry(visitor, body(place, { email: 'a@example.org', name: 'A', url: 'https://a.example' })) },
			submit_visitor_contribution: {
				contribution: entry(visitor, {
					proposal: {
						client_id: randomUUID(),
						kind: 'update',
						place_id: place,
						operations: [{ fact: 'phone', old: null, new: '0240000000' }]
					}
				})
			},
			follow_contributions: { key: byCode(visitor) },
			act_on_contribution: { key: byCode(visitor), act: { act: 'answer', item_id: randomUUID(), note: 'x', operations: [] } }
		};
		const counts = async () =>
			t.supabase.sql(
				['contributors', 'visitor_contacts', 'proposals', 'operations', 'reports', 'unproven_items', 'outbox']
					.map((name) => `select '${name}' as name, count(*)::int as n from private.${name}`)
					.join(' union all ')
			);
		const names = Object.keys(good) as (keyof typeof good)[];
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.jsonValue({ maxDepth: 2 }), async (name, at, value) => {
				const args = structuredClone(good[name]) as Record<string, unknown>;
				const paths = leaves(args);
				put(args, paths[at % paths.length]!, value);
				const before = await counts();
				const { status, error } = await t.call('service', name, args);
				expect(status, JSON.stringify({ name, args, error })).toBeLessThan(500);
				if (error) expect(error.code, JSON.stringify({ name, args, error })).toMatch(/^(PT4\d\d|22\w{3})$/);
				if (error) expect(await counts()).toEqual(before);
			}),
			{ numRuns: 120 }
		);
	});
});

/** Every path inside, the branches too. */
function leaves(value: unknown, path: string[] = []): string[][] {
	if (typeof value !== 'object' || value === null) return [path];
	const inner = Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
	return path.length > 0 ? [path, ...inner] : inner;
}

function put(target: Record<string, unknown>, [head, ...rest]: string[], value: unknown): void {
	if (rest.length === 0) target[head!] = value;
	else put(target[head!] as Record<string, unknown>, rest, value);
}
