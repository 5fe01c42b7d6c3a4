import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Result, Territory } from '../../support/territory.ts';
import { openTerritory, outcomes, refusal, took } from '../../support/territory.ts';
import { byCode, byLink, entry, makeVisitor } from '../../support/visitors.ts';
import type { Visitor } from '../../support/visitors.ts';

let t: Territory;
beforeAll(async () => {
	t = await openTerritory();
});
afterAll(() => t.stop());

type Receipt = Answer & { received_at: string; lane: 'queue' | 'unproven'; mailed: boolean };
interface Followed {
	has_email: boolean;
	confirmed: boolean;
	mailed: boolean;
	items: Record<string, unknown>[];
}

const contribute = (visitor: Visitor, proposal: object, more: object = {}): Promise<Result<Receipt>> =>
	t.call('service', 'submit_visitor_contribution', {
		contribution: entry(visitor, { ...more, proposal: { client_id: randomUUID(), kind: 'update', ...proposal } })
	});
const phone = (place_id: string, value = '02 40 00 00 00') => ({
	place_id,
	operations: [{ fact: 'phone', old: null, new: value }]
});
const follow = (key: object) => t.call<Followed>('service', 'follow_contributions', { key });
const act = (key: object, what: object) => t.call<{ state: string }>('service', 'act_on_contribution', { key, act: what });
const mint = async (visitor: Visitor) =>
	(
		await t.supabase.sql<{ token: string }>(
			`select private.mint_visitor_link(contributor_id) as token from private.visitor_contacts where link_hash = decode($1, 'hex')`,
			[visitor.link_hash]
		)
	)[0]!.token;
const queued = async (key: 'wholeModerator' | 'moderator', relation = 'moderation_queue') =>
	(await (await t.as(key)).from(relation).select('id').order('id')).data!.map(({ id }) => id as string);

describe('contributing without an account', () => {
	it('waits, is decided, and the link and the code tell what became of it', async () => {
		const id = await t.place();
		const visitor = makeVisitor();
		const receipt = took(await contribute(visitor, { ...phone(id), note: 'Vu sur la porte' }));
		expect(receipt).toMatchObject({ state: 'open', lane: 'queue', mailed: false });
		expect(await queued('moderator')).toContain(receipt.proposal_id);
		took(await t.decide('moderator', receipt.proposal_id, { outcome: 'accept', message: 'Merci !' }));
		expect(await t.read('anonymous', id)).toMatchObject({ phone: '02 40 00 00 00' });
		for (const key of [byLink(visitor.token), byCode(visitor)])
			expect(took(await follow(key)).items).toMatchObject([
				{ subject: 'proposal', id: receipt.proposal_id, state: 'accepted', message: 'Merci !', text: 'Vu sur la porte' }
			]);
	});

	it('publishes nothing and vouches for nothing, neither at once nor when it is accepted', async () => {
		const id = await t.place({ summary: 'Déjà là' });
		const before = await t.read('anonymous', id);
		const same = took(
			await contribute(makeVisitor(), { place_id: id, operations: [{ fact: 'summary', old: 'Déjà là', new: 'Déjà là' }] })
		);
		expect(outcomes(same)).toEqual({ summary: 'confirmed' });
		expect(await t.read('anonymous', id)).toEqual(before);
		const other = took(await contribute(makeVisitor(), phone(id)));
		took(await t.decide('moderator', other.proposal_id));
		const after = await t.read('anonymous', id);
		expect(after?.assurances).toEqual(before?.assurances);
		expect(after?.history.at(-1)).toMatchObject({ by_role: 'visitor' });
	});

	it('may not touch what is the steward’s, nor a place that is not public', async () => {
		const id = await t.place();
		const answer = took(
			await contribute(makeVisitor(), {
				place_id: id,
				operations: [{ fact: 'contact_name', old: null, new: 'Moi' }]
			})
		);
		expect(outcomes(answer)).toEqual({ contact_name: 'refused' });
		const hidden = await t.place({ openness: 'private' });
		expect(await contribute(makeVisitor(), phone(hidden))).toMatchObject(refusal(404, 'unknown_place', 'place_id'));
	});

	it('has one effect for one client_id, even when two posts arrive together', async () => {
		const id = await t.place();
		const visitor = makeVisitor();
		const proposal = { client_id: randomUUID(), ...phone(id) };
		const both = await Promise.all([contribute(visitor, proposal), contribute(visitor, proposal)]);
		expect(new Set(both.map((answer) => took(answer).proposal_id)).size).toBe(1);
		expect(took(await follow(byLink(visitor.token))).items).toHaveLength(1);
	});

	it('one link holds five things, and no more', async () => {
		const visitor = makeVisitor();
		for (let n = 0; n < 5; n++) took(await contribute(visitor, phone(await t.place())));
		expect(await contribute(visitor, phone(await t.place()))).toMatchObject(refusal(429, 'visitor_link_full'));
	});

	it('that is refused leaves no visitor behind', async () => {
		const count = () => t.supabase.sql('select count(*)::int as n from private.contributors');
		const before = await count();
		expect(await contribute(makeVisitor(), phone(randomUUID()))).toMatchObject(refusal(404, 'unknown_place'));
		expect(await contribute(makeVisitor(), phone(await t.place()), { email: 'pas une adresse' })).toMatchObject(
			refusal(400, 'invalid_value', 'email')
		);
		expect(await count()).toEqual(before);
	});
});

describe('following', () => {
	it('answers a question once, completes, and withdraws', async () => {
		const visitor = makeVisitor();
		const { proposal_id: id } = took(await contribute(visitor, { ...phone(await t.place()), note: 'Vu' }));
		took(await t.decide('moderator', id, { outcome: 'ask', message: 'Vu quand ?' }));
		expect(took(await follow(byCode(visitor))).items[0]).toMatchObject({ state: 'asked', message: 'Vu quand ?' });
		const answer = { act: 'answer', item_id: id, note: 'Mardi' };
		expect(took(await act(byCode(visitor), answer))).toMatchObject({ state: 'open' });
		took(await act(byCode(visitor), answer));
		expect(took(await follow(byCode(visitor))).items[0]).toMatchObject({ state: 'open', text: 'Vu\n\nMardi' });
		took(await act(byCode(visitor), { act: 'withdraw', item_id: id }));
		expect(await act(byCode(visitor), answer)).toMatchObject(refusal(409, 'already_decided'));
	});

	it('opens nothing of anyone else', async () => {
		const [mine, hers] = [makeVisitor(), makeVisitor()];
		const { proposal_id: id } = took(await contribute(hers, phone(await t.place())));
		took(await contribute(mine, phone(await t.place())));
		expect(await act(byLink(mine.token), { act: 'withdraw', item_id: id })).toMatchObject(refusal(404, 'unknown_proposal'));
		expect(await act(byLink(mine.token), { act: 'answer', item_id: id, note: 'x' })).toMatchObject(
			refusal(404, 'unknown_proposal')
		);
		expect(await follow(byLink(randomUUID()))).toMatchObject(refusal(404, 'unknown_link'));
		expect(await follow({ link_hash: 'x' })).toMatchObject(refusal(400, 'invalid_id'));
	});
});

describe('what nobody has vouched for', () => {
	it('waits beside the queue until a moderator lets it in', async () => {
		const { proposal_id: id, lane } = took(await contribute(makeVisitor(), phone(await t.place()), { proven: false }));
		expect(lane).toBe('unproven');
		expect(await queued('moderator')).not.toContain(id);
		expect(await queued('moderator', 'unproven_queue')).toContain(id);
		expect(await t.call('moderator', 'sort_unproven', { sorting: { items: [id], keep: 'yes' } })).toMatchObject(
			refusal(400, 'invalid_sorting')
		);
		expect(took(await t.call('moderator', 'sort_unproven', { sorting: { items: [id], keep: true } }))).toEqual({ sorted: 1 });
		expect(await queued('moderator')).toContain(id);
	});

	it('is refused in bulk, and its author reads why', async () => {
		const visitors = [makeVisitor(), makeVisitor()];
		const items: string[] = [];
		for (const visitor of visitors)
			items.push(took(await contribute(visitor, phone(await t.place()), { proven: false })).proposal_id);
		const sorting = { items, keep: false, reason_code: 'advertising' };
		expect(await t.call('resident', 'sort_unproven', { sorting })).toMatchObject(refusal(403, 'not_in_scope'));
		expect(took(await t.call('moderator', 'sort_unproven', { sorting }))).toEqual({ sorted: 2 });
		expect(took(await t.call('moderator', 'sort_unproven', { sorting }))).toEqual({ sorted: 0 });
		expect(took(await follow(byLink(visitors[0]!.token))).items[0]).toMatchObject({
			state: 'refused',
			reason_code: 'advertising'
		});
	});

	it('enters the queue when its author opens the link that was mailed, and not by the one she noted', async () => {
		const visitor = makeVisitor();
		const { proposal_id: id, mailed } = took(
			await contribute(visitor, phone(await t.place()), { proven: false, email: 'Visiteuse@Example.org' })
		);
		expect(mailed).toBe(true);
		expect(await t.supabase.sql('select topic, data from private.outbox where subject_id = $1', [id])).toMatchObject([
			{ topic: 'contribution_received', data: { unproven: true } }
		]);
		expect(await act(byLink(visitor.token), { act: 'confirm' })).toMatchObject(refusal(403, 'link_not_mailed'));
		const link = byLink(await mint(visitor));
		expect(took(await follow(link))).toMatchObject({ mailed: true, confirmed: false, items: [{ unproven: true }] });
		took(await act(link, { act: 'confirm' }));
		expect(took(await follow(byLink(visitor.token)))).toMatchObject({ mailed: false, confirmed: true });
		expect(await queued('moderator')).toContain(id);
	});

	it('in a flood neither fills the queue, nor mails a stranger, nor stops a person', async () => {
		await t.supabase.sql(
			`update private.settings set value = '{"proven_per_day": 1000, "unproven_per_day": 40, "mails_per_day": 200}' where key = 'visitors'`
		);
		const place = await t.place();
		const before = await queued('wholeModerator');
		const flood = await Promise.all(
			Array.from({ length: 60 }, () =>
				contribute(makeVisitor(), phone(place, '02 40 99 99 99'), { proven: false, email: 'victime@example.org' })
			)
		);
		expect(flood.filter(({ error }) => !error).length).toBeLessThanOrEqual(40);
		expect(flood.find(({ error }) => error)).toMatchObject(refusal(429, 'visitors_full'));
		expect(await queued('wholeModerator')).toEqual(before);
		const [mails] = await t.supabase.sql<{ n: number }>(
			`select count(*)::int as n from private.outbox as o join private.visitor_contacts as c on c.contributor_id = o.recipient_id where c.email = 'victime@example.org'`
		);
		expect(mails!.n).toBeLessThanOrEqual(3);
		const person = took(await contribute(makeVisitor(), phone(place)));
		expect(person.lane).toBe('queue');
		expect(await queued('wholeModerator')).toContain(person.proposal_id);
		await t.supabase.sql(`delete from private.unproven_items`);
	});

	it('and a crowd of photos or links without a word take nobody’s place; who proves herself is never sent away', async () => {
		const limits = (proven: number, unproven: number) =>
			t.supabase.sql(
				`update private.settings set value = jsonb_build_object('proven_per_day', $1::int, 'unproven_per_day', $2::int, 'mails_per_day', 200) where key = 'visitors'`,
				[proven, unproven]
			);
		const [present] = await t.supabase.sql<{ n: number }>('select count(*)::int as n from private.visitor_contacts');
		await limits(present!.n + 2, 500);
		for (let n = 0; n < 5; n++) {
			const photo = { visitor: entry(makeVisitor()), photo: { sha256: makeVisitor().link_hash } };
			took(await t.call('service', 'register_visitor_photo', photo));
		}
		const place = await t.place();
		expect(took(await contribute(makeVisitor(), phone(place))).lane).toBe('queue');
		await limits(0, 0);
		expect(took(await contribute(makeVisitor(), phone(place))).lane).toBe('unproven');
		expect(await contribute(makeVisitor(), phone(place), { proven: false })).toMatchObject(refusal(429, 'visitors_full'));
		await limits(1000, 500);
		await t.supabase.sql(`delete from private.unproven_items`);
	});
});

describe('a visitor’s address', () => {
	it('is written to three times a day, however many forms and things each sends', async () => {
		const email = 'trois@example.org';
		const mailed: boolean[] = [];
		for (let form = 0; form < 2; form++) {
			const visitor = makeVisitor();
			for (let n = 0; n < 3; n++) mailed.push(took(await contribute(visitor, phone(await t.place()), { email })).mailed);
		}
		expect(mailed).toEqual([true, true, true, false, false, false]);
	});

	it('that wants no such mail gets none by another form either', async () => {
		const email = 'silence@example.org';
		took(await contribute(makeVisitor(), phone(await t.place()), { email }));
		await t.supabase.sql(
			`insert into private.notification_settings (contributor_id, muted) select contributor_id, array['contributions'] from private.visitor_contacts where email = $1`,
			[email]
		);
		expect(took(await contribute(makeVisitor(), phone(await t.place()), { email })).mailed).toBe(false);
	});

	it('is forgotten after twelve months with her name and her links; what she gave stays', async () => {
		const visitor = makeVisitor();
		const { proposal_id: id } = took(
			await contribute(visitor, phone(await t.place()), { email: 'ancienne@example.org', name: 'Ancienne' })
		);
		await mint(visitor);
		const purge = async () => (await t.supabase.sql<{ n: number }>('select private.purge_visitor_contacts() as n'))[0]!.n;
		expect(await purge()).toBe(0);
		await t.supabase.sql(`update private.visitor_contacts set created_at = now() - interval '13 months' where email = $1`, [
			'ancienne@example.org'
		]);
		expect(await purge()).toBe(1);
		expect(await follow(byLink(visitor.token))).toMatchObject(refusal(404, 'unknown_link'));
		const [author] = await t.supabase.sql(
			`select c.display_name, (select count(*)::int from private.visitor_links as l where l.contributor_id = c.id) as links
			from private.proposals as p join private.contributors as c on c.id = p.author_id where p.id = $1`,
			[id]
		);
		expect(author).toEqual({ display_name: null, links: 0 });
	});
});
