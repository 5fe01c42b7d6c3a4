import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonKey, Territory } from '../../support/territory.ts';
import { openTerritory, refusal, took } from '../../support/territory.ts';

let t: Territory;
beforeAll(async () => {
	t = await openTerritory();
});
afterAll(() => t.stop());

interface Row {
	id: string;
	handed_to_me: boolean | null;
	handed_name: string | null;
	handed_message: string | null;
	withheld_facts: string[];
}

/** What waits with a neighbour's word on a fresh place. */
async function waiting(facts: Record<string, unknown> = { phone: '02 40 00 00 00' }): Promise<{ place: string; item: string }> {
	const place = await t.place();
	const answer = await t.change(
		'neighbour',
		place,
		Object.fromEntries(Object.entries(facts).map(([fact, value]) => [fact, [null, value]]))
	);
	return { place, item: answer.proposal_id };
}
async function row(key: PersonKey, item: string): Promise<Row | undefined> {
	const { data, error } = await (await t.as(key)).from('moderation_queue').select('*').eq('id', item);
	if (error) throw error;
	return data[0] as Row | undefined;
}
const hand = (key: PersonKey, item_id: string, handing: object) => t.call(key, 'hand_item', { item_id, handing });
const about = async (key: PersonKey, item_id: string) =>
	took(
		await t.call<{
			record: Record<string, number>;
			others: { id: string }[];
			colleagues: { id: string; away_until: string | null }[];
			questions: { message: string }[];
		}>(key, 'moderation_item', { item_id })
	);
async function told(key: PersonKey, topic: string): Promise<unknown[]> {
	return t.supabase.sql('select subject_id from private.outbox where recipient_id = $1 and topic = $2', [
		await t.contributor(key),
		topic
	]);
}
const day = async (ahead: number) => {
	const [found] = await t.supabase.sql<{ day: string }>(`select (private.today() + $1::int)::text as day`, [ahead]);
	return found!.day;
};

describe('an item', () => {
	it('comes with what helps to decide, and with counts of its author only', async () => {
		const { place, item } = await waiting();
		const other = await t.change('resident', place, { city: [null, 'Ville'] });
		took(await t.decide('moderator', item, { outcome: 'ask', message: 'Vu quand ?' }));
		const refused = await waiting();
		took(await t.decide('moderator', refused.item, { outcome: 'refuse', reason_code: 'advertising' }));
		await t.contributor('wholeModerator');
		const found = await about('moderator', item);
		expect(found.record).toMatchObject({ refused: 1 });
		expect(found.others.map(({ id }) => id)).toEqual([other.proposal_id]);
		expect(found.questions.map(({ message }) => message)).toEqual(['Vu quand ?']);
		expect(found.colleagues.map(({ id }) => id)).toContain(await t.contributor('wholeModerator'));
		expect(found.colleagues.map(({ id }) => id)).not.toContain(await t.contributor('moderator'));
		expect(JSON.stringify(found)).not.toContain('Nadir');
		expect(await t.call('resident', 'moderation_item', { item_id: item })).toMatchObject(refusal(404, 'unknown_proposal'));
		const withholding = { place_id: place, fact: 'summary', reason_code: 'personal_data' };
		took(await t.call('moderator', 'withhold', { withholding }));
		expect((await row('moderator', item))?.withheld_facts).toEqual(['summary']);
	});

	it('is handed to a colleague in scope, who is told once, and given back', async () => {
		const { item } = await waiting();
		const to = await t.contributor('coordinator');
		took(await hand('moderator', item, { to, message: 'Tu connais le lieu' }));
		took(await hand('moderator', item, { to, message: 'Tu connais le lieu' }));
		expect(await row('coordinator', item)).toMatchObject({ handed_to_me: true, handed_message: 'Tu connais le lieu' });
		expect(await row('wholeModerator', item)).toMatchObject({ handed_to_me: false, handed_name: 'Cora Centre' });
		expect(await told('coordinator', 'item_handed')).toHaveLength(1);
		expect(await hand('moderator', item, { to: await t.contributor('moderatorOfCulture') })).toMatchObject({ status: 200 });
		expect(await hand('moderator', item, { to: await t.contributor('resident') })).toMatchObject(
			refusal(403, 'not_a_colleague', 'to')
		);
		expect(await hand('moderator', item, { to: await t.contributor('neighbour') })).toMatchObject(
			refusal(403, 'not_a_colleague', 'to')
		);
		expect(await hand('neighbour', item, { to })).toMatchObject(refusal(403, 'not_in_scope'));
		took(await hand('moderator', item, { to: null }));
		expect(await row('coordinator', item)).toMatchObject({ handed_to_me: null, handed_name: null, handed_message: null });
	});

	it('returns to the queue while the colleague is away, and is hers again after', async () => {
		const { item } = await waiting();
		const to = await t.contributor('coordinator');
		took(await hand('moderator', item, { to }));
		const absent = (until: string | null) => t.call('coordinator', 'save_absence', { absence: { until } });
		took(await absent(await day(3)));
		expect(await row('moderator', item)).toMatchObject({ handed_to_me: null, handed_name: null });
		const { item: another } = await waiting();
		expect(await hand('moderator', another, { to })).toMatchObject(refusal(409, 'colleague_away', 'to'));
		expect((await about('moderator', another)).colleagues).toContainEqual(
			expect.objectContaining({ id: to, away_until: await day(3) })
		);
		expect(took(await t.call<{ away_until: string }>('coordinator', 'my_desk', {})).away_until).toBe(await day(3));
		took(await absent(null));
		expect(await row('coordinator', item)).toMatchObject({ handed_to_me: true });
		expect(await absent(await day(-1))).toMatchObject(refusal(400, 'invalid_date', 'until'));
		expect(await absent('2026-02-30')).toMatchObject({ status: 400 });
		expect(await t.call('agent', 'save_absence', { absence: { until: null } })).toMatchObject(refusal(403, 'not_in_scope'));
	});
});

describe('several at once', () => {
	const batch = (entries: object[], rehearsal = false) =>
		t.call<{ proposal_id: string; state?: string; error?: { code: string } }[]>('moderator', 'decide_batch', {
			entries,
			rehearsal
		});
	const accept = (proposal_id: string) => ({ proposal_id, decision: { outcome: 'accept' } });

	it('are rehearsed without a trace, then decided one by one, whatever happens to one of them', async () => {
		const place = await t.place();
		const first = await t.change('neighbour', place, { phone: [null, '02 40 00 00 01'] });
		const second = await t.change('resident', place, { phone: [null, '02 40 00 00 02'] });
		const conflict = await t.change('neighbour', place, { summary: ['jamais', 'x'] });
		const own = await t.change('moderator', place, { city: ['jamais', 'Ville'] });
		const far = await t.change('neighbour', await t.place({}, 'ville-nord'), { phone: [null, '02 40 00 00 03'] });
		const all = [first, second, conflict, own, far].map(({ proposal_id }) => accept(proposal_id));
		const rehearsed = took(await batch([...all, { proposal_id: 'x' }], true));
		expect(rehearsed.map(({ state, error }) => state ?? error?.code)).toEqual([
			...['accepted', 'accepted', 'conflict', 'own_proposal', 'not_in_scope', 'invalid_id']
		]);
		expect(await t.read('anonymous', place)).toMatchObject({ phone: null, version: 1 });
		expect((await t.changesOf(place)).map(({ kind }) => kind)).toEqual(['created']);
		const done = took(await batch(all));
		expect(done.map(({ state, error }) => state ?? error?.code)).toEqual([
			'accepted',
			'accepted',
			'conflict',
			'own_proposal',
			'not_in_scope'
		]);
		expect(await t.read('anonymous', place)).toMatchObject({ phone: '02 40 00 00 02', summary: null, version: 3 });
		const again = took(await batch(all));
		expect(again.map(({ error }) => error?.code)).toEqual([
			'already_decided',
			'already_decided',
			'conflict',
			'own_proposal',
			'not_in_scope'
		]);
		expect(await batch([1] as unknown as object[])).toMatchObject(refusal(400, 'invalid_batch'));
	});

	it('leave alone what a colleague is reading', async () => {
		const { item } = await waiting();
		took(await t.call('coordinator', 'claim_item', { item_id: item }));
		expect(took(await batch([accept(item)]))[0]?.error?.code).toBe('claimed');
	});
});

describe('two places made one', () => {
	const merge = (key: PersonKey, merging: object) =>
		t.call<{ state: string; proposal_id: string }>(key, 'merge_places', { merging: { client_id: randomUUID(), ...merging } });
	const offer = () => ({ id: randomUUID(), name: 'Permanence' });

	it('keep fact by fact what was chosen, and the other address leads there', async () => {
		const { id: offerId, ...facts } = offer();
		const gone = await t.place({ phone: '02 40 00 00 01', summary: 'Le bon résumé', [`offer:${offerId}`]: facts });
		const kept = await t.place({ phone: '02 40 00 00 02', summary: 'Le mauvais' });
		const client_id = randomUUID();
		const merging = { client_id, place_id: gone, into_place_id: kept, take: ['summary', `offer:${offerId}`], versions: [1, 1] };
		const answer = took(await merge('moderator', merging));
		const place = await t.read('anonymous', kept);
		expect(place).toMatchObject({ phone: '02 40 00 00 02', summary: 'Le bon résumé', version: 2 });
		expect(place?.offers).toEqual([expect.objectContaining({ name: 'Permanence' })]);
		expect(await t.read('anonymous', gone)).toBeNull();
		expect((await t.changesOf(gone)).at(-1)).toMatchObject({ kind: 'merged', into_id: kept });
		expect(took(await merge('moderator', merging))).toEqual(answer);
		expect((await t.read('anonymous', kept))?.version).toBe(2);
	});

	it('by deciding on a proposal to merge, both or neither', async () => {
		const gone = await t.place({ summary: 'Le bon résumé' });
		const kept = await t.place();
		const p = took(await t.submit('neighbour', { kind: 'merge', place_id: gone, into_place_id: kept }));
		const merging = { place_id: gone, into_place_id: kept, proposal_id: p.proposal_id };
		expect(await merge('moderator', { ...merging, take: ['summary'], versions: [1, 9] })).toMatchObject(
			refusal(409, 'changed_meanwhile')
		);
		expect(await merge('moderator', { ...merging, take: ['summary', 'steward'] })).toMatchObject(
			refusal(400, 'unknown_fact', 'steward')
		);
		expect(await t.read('anonymous', kept)).toMatchObject({ summary: null, version: 1 });
		took(await merge('moderator', { ...merging, take: ['summary'] }));
		expect(await t.read('anonymous', kept)).toMatchObject({ summary: 'Le bon résumé' });
		expect(await t.read('anonymous', gone)).toBeNull();
		expect(await merge('moderator', merging)).toMatchObject(refusal(409, 'already_decided'));
	});

	it('never open what was closed, nor reach out of scope', async () => {
		const gone = await t.place({ phone: '02 40 00 00 01', fact_openness: { phone: 'shared' } });
		const kept = await t.place();
		expect(await merge('moderator', { place_id: gone, into_place_id: kept, take: ['phone'] })).toMatchObject(
			refusal(409, 'less_open', 'phone')
		);
		const secret = await t.place({ phone: '02 40 00 00 02', fact_openness: { phone: 'private' } });
		const partners = await t.place({ fact_openness: { phone: 'shared' } });
		expect(await merge('whole', { place_id: secret, into_place_id: partners, take: ['phone'] })).toMatchObject(
			refusal(409, 'less_open', 'phone')
		);
		const far = await t.place({}, 'ville-nord');
		expect(await merge('moderator', { place_id: gone, into_place_id: far })).toMatchObject(refusal(403, 'not_in_scope'));
		expect(await merge('resident', { place_id: gone, into_place_id: kept })).toMatchObject(refusal(403, 'not_in_scope'));
		expect(await merge('moderator', { place_id: gone, into_place_id: gone })).toMatchObject(refusal(404, 'unknown_place'));
		expect((await t.read('anonymous', kept))?.version).toBe(1);
	});
});
