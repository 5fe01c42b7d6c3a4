import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Territory } from '../../support/territory.ts';
import { openTerritory, outcomes, refusal, took } from '../../support/territory.ts';

let t: Territory;
beforeAll(async () => {
	t = await openTerritory();
});
afterAll(() => t.stop());

const undo = (key: 'moderator' | 'coordinator' | 'whole', decision_id: string) =>
	t.call<{ version: number; state: string }>(key, 'undo_decision', { decision_id });
async function ruleOf(proposalId: string): Promise<string> {
	const [row] = await t.supabase.sql<{ id: string }>('select id from private.decisions where proposal_id = $1', [proposalId]);
	return row!.id;
}

describe('deciding', () => {
	it('accepts some facts, edited if need be, and refuses the others with a reason', async () => {
		const id = await t.place();
		const p = await t.change('resident', id, {
			phone: [null, '02 40 00 00 00'],
			summary: [null, 'Super !!!'],
			city: [null, 'Ville']
		});
		expect(await t.decide('moderator', p.proposal_id, { outcome: 'accept', facts: ['phone'] })).toMatchObject(
			refusal(400, 'missing_reason', 'reason_code')
		);
		const decision = {
			outcome: 'accept',
			facts: ['phone', 'summary'],
			edits: { summary: 'Ouvert' },
			reason_code: 'not_verifiable',
			message: 'Merci'
		};
		expect(took(await t.decide('moderator', p.proposal_id, decision))).toMatchObject({ state: 'partly_accepted', version: 2 });
		const place = await t.read('anonymous', id);
		expect(place).toMatchObject({ phone: '02 40 00 00 00', summary: 'Ouvert', city: null });
		expect(place?.assurances['phone']).toMatchObject({ method: 'resident', by_role: 'resident' });
		const mine = await (await t.as('resident')).from('my_proposals').select('*').eq('id', p.proposal_id).single();
		expect(mine.data).toMatchObject({ state: 'partly_accepted', reason_code: 'not_verifiable', message: 'Merci' });
		expect(await t.decide('moderator', p.proposal_id)).toMatchObject(refusal(409, 'already_decided'));
	});

	it('asks, is answered by an amendment, and accepts', async () => {
		const id = await t.place();
		const p = await t.change('resident', id, { phone: [null, '02 40 00 00 00'] });
		expect(await t.decide('moderator', p.proposal_id, { outcome: 'ask' })).toMatchObject(
			refusal(400, 'missing_message', 'message')
		);
		expect(took(await t.decide('moderator', p.proposal_id, { outcome: 'ask', message: 'Vu sur place ?' })).state).toBe('asked');
		const amend = (amendment: object) => t.call('resident', 'amend_proposal', { proposal_id: p.proposal_id, amendment });
		expect(await amend({ operations: [{ fact: 'city', new: 'x' }] })).toMatchObject(refusal(400, 'unknown_fact', 'city'));
		expect(await amend({ operations: [{ fact: 'phone', new: 'x' }] })).toMatchObject(refusal(400, 'invalid_value', 'phone'));
		expect(took(await amend({ note: 'Oui', operations: [{ fact: 'phone', new: '02 40 00 00 09' }] }))).toMatchObject({
			state: 'open'
		});
		took(await t.decide('moderator', p.proposal_id));
		expect(await t.read('anonymous', id)).toMatchObject({ phone: '02 40 00 00 09' });
	});

	it('is never for the author, nor outside the scope before or after', async () => {
		const id = await t.place({ phone: '1 23' });
		const own = await t.change('moderator', id, { phone: ['jamais', '02 40 00 00 00'] });
		expect(await t.decide('moderator', own.proposal_id)).toMatchObject(refusal(403, 'own_proposal'));
		const position = (await t.read('anonymous', id))?.position;
		const move = await t.change('resident', id, { position: [position, t.point('ville-nord')] });
		expect(await t.decide('moderator', move.proposal_id)).toMatchObject(refusal(403, 'not_in_scope'));
		took(await t.decide('wholeModerator', move.proposal_id));
		expect(await t.read('anonymous', id)).toMatchObject({ area: 'ville-nord' });
		const category = await t.change('resident', await t.place(), { category: ['library', 'stadium'] });
		expect(await t.decide('moderatorOfCulture', category.proposal_id)).toMatchObject(refusal(403, 'not_in_scope'));
		took(await t.decide('moderator', category.proposal_id));
		expect(await t.read('anonymous', category.place_id)).toMatchObject({ theme: 'sport' });
	});

	it.each([
		[{}, refusal(400, 'invalid_decision', 'outcome')],
		[{ outcome: 'refuse' }, refusal(400, 'missing_reason', 'reason_code')],
		[{ outcome: 'refuse', reason_code: 'mood' }, refusal(400, 'invalid_reason_code', 'reason_code')],
		[{ outcome: 'accept', facts: ['name'] }, refusal(400, 'unknown_fact', 'name')],
		[{ outcome: 'accept', facts: [] }, refusal(400, 'invalid_decision')],
		[{ outcome: 'accept', facts: 5 }, refusal(400, 'invalid_decision')],
		[{ outcome: 'accept', edits: { name: 'x' } }, refusal(400, 'unknown_fact', 'name')],
		[{ outcome: 'accept', edits: { phone: 'x' } }, refusal(400, 'invalid_value', 'phone')],
		[{ outcome: 'accept', base_version: 7 }, refusal(409, 'changed_meanwhile')]
	])('by %j is refused, and the proposal waits on', async (decision, expected) => {
		const p = await t.change('resident', await t.place(), { phone: [null, '02 40 00 00 00'] });
		expect(await t.decide('moderator', p.proposal_id, decision)).toMatchObject(expected);
		expect(took(await t.decide('moderator', p.proposal_id)).state).toBe('accepted');
	});

	it('a claim lasts five minutes and keeps others away; a withdrawn proposal is gone', async () => {
		const p = await t.change('resident', await t.place(), { phone: [null, '02 40 00 00 00'] });
		const claim = (key: 'moderator' | 'wholeModerator') => t.call(key, 'claim_item', { item_id: p.proposal_id });
		took(await claim('moderator'));
		took(await claim('moderator'));
		expect(await claim('wholeModerator')).toMatchObject(refusal(409, 'claimed'));
		const withdraw = () => t.call('resident', 'withdraw_proposal', { proposal_id: p.proposal_id });
		expect(took(await withdraw())).toMatchObject({ state: 'withdrawn' });
		expect(await withdraw()).toMatchObject(refusal(409, 'already_decided'));
		expect(await t.decide('moderator', p.proposal_id)).toMatchObject(refusal(409, 'already_decided'));
	});
});

describe('undoing', () => {
	it('writes the inverse version, brings the older assurance back, and the proposal waits again', async () => {
		const id = await t.place({ phone: '02 40 00 00 00' });
		const before = await t.read('anonymous', id);
		const p = await t.change('resident', id, { phone: ['02 40 00 00 00', '02 40 00 00 01'] });
		const { decision_id } = took(await t.decide('moderator', p.proposal_id));
		await t.change('agent', id, { summary: [null, 'Entre-temps'] });
		expect(took(await undo('moderator', decision_id))).toMatchObject({ state: 'open', version: 4 });
		const after = await t.read('anonymous', id);
		expect(after).toMatchObject({ phone: '02 40 00 00 00', summary: 'Entre-temps' });
		expect(after?.assurances['phone']).toEqual(before?.assurances['phone']);
		expect(await undo('moderator', decision_id)).toMatchObject(refusal(409, 'already_undone'));
		took(await t.decide('moderator', p.proposal_id));
		expect(await t.read('anonymous', id)).toMatchObject({ phone: '02 40 00 00 01' });
	});

	it('is blocked when the fact has changed since', async () => {
		const id = await t.place();
		const p = await t.change('agent', id, { phone: [null, '02 40 00 00 00'] });
		await t.change('agent', id, { phone: ['02 40 00 00 00', '02 40 00 00 01'] });
		expect(await undo('moderator', await ruleOf(p.proposal_id))).toMatchObject(refusal(409, 'changed_meanwhile', 'phone'));
		const { data } = await (
			await t.as('moderator')
		)
			.from('decisions')
			.select('undoable')
			.eq('proposal_id', p.proposal_id)
			.single();
		expect(data).toEqual({ undoable: false });
	});

	it('of a creation ends the place, and of an end reopens it', async () => {
		const created = took(await t.submit('agent', { kind: 'create', operations: t.operations() }));
		const ended = took(await t.submit('agent', { kind: 'end', place_id: await t.place(), reason: 'closed' }));
		took(await undo('moderator', await ruleOf(created.proposal_id)));
		took(await undo('moderator', await ruleOf(ended.proposal_id)));
		expect(await t.read('anonymous', created.place_id)).toBeNull();
		expect(await t.read('anonymous', ended.place_id)).not.toBeNull();
		expect((await t.changesOf(created.place_id)).at(-1)).toMatchObject({ kind: 'ended', reason: 'undone' });
	});

	it('does not lead out of the scope, and does not open what a coordinator closed', async () => {
		const id = await t.place({}, 'ville-nord');
		const position = (await t.read('anonymous', id))?.position;
		const move = await t.change('whole', id, { position: [position, t.point()] });
		expect(await undo('moderator', await ruleOf(move.proposal_id))).toMatchObject(refusal(403, 'not_in_scope'));
		const other = await t.place();
		const closed = await t.change('whole', other, { openness: ['open', 'private'] });
		expect(await undo('moderator', await ruleOf(closed.proposal_id))).toMatchObject(
			refusal(403, 'coordinators_only', 'openness')
		);
		took(await undo('coordinator', await ruleOf(closed.proposal_id)));
		expect(await t.read('anonymous', other)).not.toBeNull();
	});
});

describe('a place', () => {
	it('ends with a reason, says so in the feed, and can be reopened', async () => {
		const id = await t.place();
		expect(took(await t.submit('agent', { kind: 'end', place_id: id, reason: 'moved' })).state).toBe('accepted');
		expect(await t.read('anonymous', id)).toBeNull();
		expect((await t.changesOf(id)).at(-1)).toMatchObject({ kind: 'ended', reason: 'moved' });
		expect(await t.submit('agent', { kind: 'end', place_id: id, reason: 'moved' })).toMatchObject(refusal(409, 'not_active'));
		expect(await t.submit('agent', { place_id: id, operations: [{ fact: 'phone', old: null, new: null }] })).toMatchObject(
			refusal(409, 'not_active')
		);
		expect(took(await t.submit('resident', { kind: 'reopen', place_id: id })).state).toBe('open');
		took(await t.submit('agent', { kind: 'reopen', place_id: id }));
		expect((await t.read('anonymous', id))?.history.map(({ kind }) => kind)).toEqual(['created', 'ended', 'reopened']);
	});

	it('merges into another, which its tombstone names', async () => {
		const [id, into] = [await t.place(), await t.place()];
		const merge = (into_place_id: string, key: 'agent' | 'resident' = 'agent') =>
			t.submit(key, { kind: 'merge', place_id: id, into_place_id });
		expect(await merge(id)).toMatchObject(refusal(409, 'not_active', 'into_place_id'));
		expect(await merge(randomUUID())).toMatchObject(refusal(404, 'unknown_place', 'into_place_id'));
		const p = took(await merge(into, 'resident'));
		expect(took(await t.decide('moderator', p.proposal_id))).toMatchObject({ state: 'accepted' });
		expect((await t.changesOf(id)).at(-1)).toMatchObject({ kind: 'merged', into_id: into });
		expect(await t.read('anonymous', id)).toBeNull();
	});

	it('and a fact of it can be withheld at once, and released', async () => {
		const id = await t.place({ phone: '02 40 00 00 00' });
		const withhold = (more: object) =>
			t.call('moderator', 'withhold', { withholding: { place_id: id, reason_code: 'personal_data', ...more } });
		took(await withhold({ fact: 'phone' }));
		const hidden = await t.read('anonymous', id);
		expect(hidden).toMatchObject({ phone: null });
		expect(JSON.stringify(hidden)).not.toContain('phone":{');
		took(await withhold({}));
		expect(await t.read('anonymous', id)).toBeNull();
		took(await withhold({ release: true }));
		took(await withhold({ fact: 'phone', release: true }));
		expect(await t.read('anonymous', id)).toMatchObject({ phone: '02 40 00 00 00' });
		expect((await t.changesOf(id)).map(({ kind }) => kind)).toEqual(['created', 'updated', 'withdrawn', 'created', 'updated']);
		expect(await withhold({ fact: 'name' })).toMatchObject(refusal(400, 'unknown_fact', 'name'));
		expect(await withhold({ reason_code: null })).toMatchObject(refusal(400, 'missing_reason', 'reason_code'));
	});
});

describe('a steward', () => {
	it('changes its own place at once, others’ wait, and hands over', async () => {
		const id = await t.place({ steward: 'les-amis' }, 'ville-nord');
		expect(outcomes(await t.change('member', id, { phone: [null, '02 40 00 00 00'], contact_name: [null, 'Jeanne'] }))).toEqual({
			phone: 'accepted',
			contact_name: 'accepted'
		});
		expect((await t.read('anonymous', id))?.assurances['phone']).toMatchObject({
			method: 'steward',
			by_role: 'steward',
			by_organisation: 'les-amis'
		});
		expect(outcomes(await t.change('member', await t.place(), { phone: [null, '02 40 00 00 00'] }))).toEqual({
			phone: 'pending'
		});
		expect(outcomes(await t.change('member', id, { steward: ['les-amis', 'le-collectif'] }))).toEqual({ steward: 'accepted' });
		expect(outcomes(await t.change('member', id, { summary: [null, 'Encore nous'] }))).toEqual({ summary: 'pending' });
	});

	it('publishes a new place only where its organisation was given the right', async () => {
		const create = async (key: 'member' | 'publisher', facts: Record<string, unknown>, area?: 'ville-nord') =>
			took(await t.submit(key, { kind: 'create', operations: t.operations(facts, area) })).state;
		expect(await create('member', { steward: 'les-amis' })).toBe('open');
		expect(await create('publisher', { steward: 'la-ville' })).toBe('accepted');
		expect(await create('publisher', { steward: 'la-ville' }, 'ville-nord')).toBe('open');
		expect(await create('publisher', { steward: 'la-ville', category: 'stadium' })).toBe('open');
		expect(await create('publisher', { steward: 'les-amis' })).toBe('open');
	});

	it('who wants a closed place and may not close it does not get an open one at once', async () => {
		const answer = took(await t.submit('agent', { kind: 'create', operations: t.operations({ openness: 'private' }) }));
		expect(answer).toMatchObject({ state: 'open' });
		expect(outcomes(answer)['openness']).toBe('refused');
	});
});
