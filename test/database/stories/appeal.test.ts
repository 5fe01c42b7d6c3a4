import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonKey, Territory } from '../../support/territory.ts';
import { openTerritory, refusal, took } from '../../support/territory.ts';

let t: Territory;
beforeAll(async () => {
	t = await openTerritory();
});
afterAll(() => t.stop());

const phone = '02 40 00 00 00';
const contest = (key: PersonKey, decision_id: string, text: unknown = 'J’y étais, c’est vrai.') =>
	t.call<{ appeal_id: string; state: string }>(key, 'contest_decision', { appeal: { decision_id, text } });
const hear = (key: PersonKey, appeal_id: string, decision: object) =>
	t.call<{ state: string; version: number | null }>(key, 'decide_appeal', { appeal_id, decision });
const reversed = { outcome: 'reversed', message: 'Vérifié depuis.' };

/** A neighbour's word that the moderator refused. */
async function refused(facts: Record<string, [unknown, unknown]> = { phone: [null, phone] }) {
	const place = await t.place();
	const { proposal_id } = await t.change('neighbour', place, facts);
	const { decision_id } = took(await t.decide('moderator', proposal_id, { outcome: 'refuse', reason_code: 'not_verifiable' }));
	return { place, proposal: proposal_id, decision: decision_id };
}
async function queueOf(key: PersonKey, decision: string) {
	const { data, error } = await (await t.as(key)).from('appeals_queue').select('*').eq('decision_id', decision);
	if (error) throw error;
	return data as { id: string; hearable: boolean; contested: string[]; text: string }[];
}
async function own(decision: string) {
	const { data, error } = await (await t.as('neighbour')).from('my_decisions').select('*').eq('id', decision);
	if (error) throw error;
	return data[0] as { appeal_state: string | null; answer: string | null; contestable_until: string | null } | undefined;
}
const told = async (topic: string) =>
	t.supabase.sql<{ subject_id: string; data: Record<string, unknown> }>(
		'select subject_id, data from private.outbox where recipient_id = $1 and topic = $2',
		[await t.contributor('neighbour'), topic]
	);

describe('a decision is contested', () => {
	it('once, by its author, with a reason', async () => {
		const { decision } = await refused();
		expect(await own(decision)).toMatchObject({ appeal_state: null });
		expect((await own(decision))?.contestable_until).toMatch(/^\d{4}-/);
		expect(await contest('resident', decision)).toMatchObject(refusal(404, 'unknown_decision'));
		expect(await contest('neighbour', decision, ' ')).toMatchObject(refusal(400, 'missing_message', 'text'));
		expect(await contest('neighbour', decision, 5)).toMatchObject({ status: 400 });
		const { appeal_id, state } = took(await contest('neighbour', decision));
		expect(state).toBe('open');
		expect(took(await contest('neighbour', decision)).appeal_id).toBe(appeal_id);
		expect(await contest('neighbour', decision, 'Encore')).toMatchObject(refusal(409, 'already_contested'));
		expect((await told('appeal_received')).filter(({ subject_id }) => subject_id === appeal_id)).toHaveLength(1);
	});

	it('not after six months, nor when there is nothing to contest', async () => {
		const old = await refused();
		await t.supabase.sql(`update private.decisions set decided_at = decided_at - interval '7 months' where id = $1`, [
			old.decision
		]);
		expect(await contest('neighbour', old.decision)).toMatchObject(refusal(410, 'too_late'));
		expect(await own(old.decision)).toBeUndefined();
		const place = await t.place();
		const { proposal_id } = await t.change('neighbour', place, { phone: [null, phone] });
		const asked = took(await t.decide('moderator', proposal_id, { outcome: 'ask', message: 'Vu ?' }));
		expect(await contest('neighbour', asked.decision_id)).toMatchObject(refusal(409, 'not_contestable'));
		const accepted = took(await t.decide('moderator', proposal_id));
		expect(await contest('neighbour', accepted.decision_id)).toMatchObject(refusal(409, 'not_contestable'));
	});

	it('by a visitor through the web form only', async () => {
		const { decision } = await refused();
		const args = { contributor_id: await t.contributor('neighbour'), appeal: { decision_id: decision, text: 'Si.' } };
		expect((await t.call('neighbour', 'contest_decision_for', args)).error?.code).toBe('42501');
		expect(took(await t.call<{ state: string }>('service', 'contest_decision_for', args)).state).toBe('open');
	});
});

describe('an appeal is heard', () => {
	it('by somebody else in scope, and reversed: what had been refused is done', async () => {
		const { place, decision } = await refused();
		const { appeal_id } = took(await contest('neighbour', decision));
		expect(await queueOf('moderator', decision)).toMatchObject([{ hearable: false }]);
		expect(await queueOf('coordinator', decision)).toMatchObject([{ hearable: true, contested: ['phone'] }]);
		expect(await queueOf('neighbour', decision)).toEqual([]);
		expect(await hear('moderator', appeal_id, reversed)).toMatchObject(refusal(403, 'own_decision'));
		expect(await hear('neighbour', appeal_id, reversed)).toMatchObject(refusal(403, 'own_proposal'));
		expect(await hear('resident', appeal_id, reversed)).toMatchObject(refusal(403, 'not_in_scope'));
		expect(await hear('resident', appeal_id, { outcome: 'upheld', message: 'Non.' })).toMatchObject(refusal(403, 'not_in_scope'));
		expect(await hear('coordinator', appeal_id, { outcome: 'reversed' })).toMatchObject(
			refusal(400, 'missing_message', 'message')
		);
		expect(took(await hear('coordinator', appeal_id, reversed))).toMatchObject({ state: 'reversed', version: 2 });
		expect(await t.read('anonymous', place)).toMatchObject({ phone });
		expect(await own(decision)).toMatchObject({ appeal_state: 'reversed', answer: 'Vérifié depuis.' });
		expect((await told('appeal_decided')).at(-1)?.data).toMatchObject({ outcome: 'reversed', message: 'Vérifié depuis.' });
		expect(await hear('coordinator', appeal_id, reversed)).toMatchObject(refusal(409, 'already_decided'));
	});

	it('and upheld, with reasons, leaves everything as it is', async () => {
		const { place, proposal, decision } = await refused();
		const { appeal_id } = took(await contest('neighbour', decision));
		took(await hear('wholeModerator', appeal_id, { outcome: 'upheld', message: 'Toujours introuvable.' }));
		expect(await t.read('anonymous', place)).toMatchObject({ phone: null, version: 1 });
		expect(await own(decision)).toMatchObject({ appeal_state: 'upheld', answer: 'Toujours introuvable.' });
		expect(await t.decide('coordinator', proposal)).toMatchObject(refusal(409, 'already_decided'));
	});

	it('about the refused part only, and about nothing that was refused at the door', async () => {
		const place = await t.place({ steward: 'les-amis' });
		const { proposal_id } = await t.change('neighbour', place, {
			phone: [null, phone],
			city: [null, 'Ville'],
			licence: ['etalab-2.0', 'ODbL-1.0']
		});
		const decision = { outcome: 'accept', facts: ['city'], reason_code: 'not_verifiable' };
		const { decision_id } = took(await t.decide('moderator', proposal_id, decision));
		const { appeal_id } = took(await contest('neighbour', decision_id));
		expect(await queueOf('coordinator', decision_id)).toMatchObject([{ contested: ['phone'] }]);
		took(await hear('coordinator', appeal_id, reversed));
		expect(await t.read('anonymous', place)).toMatchObject({ phone, city: 'Ville', licence: 'etalab-2.0', version: 3 });
	});

	it('also when a new place was taken without some of its facts', async () => {
		const operations = t.operations({ phone });
		const p = took(await t.submit('neighbour', { kind: 'create', operations }));
		const decision = { outcome: 'accept', facts: ['name', 'category', 'position'], reason_code: 'not_verifiable' };
		const { decision_id } = took(await t.decide('moderator', p.proposal_id, decision));
		const { appeal_id } = took(await contest('neighbour', decision_id));
		took(await hear('coordinator', appeal_id, reversed));
		expect(await t.read('anonymous', p.place_id)).toMatchObject({ phone, version: 2 });
	});

	it('no longer once the decision was undone: the proposal waits again', async () => {
		const { decision } = await refused();
		const { appeal_id } = took(await contest('neighbour', decision));
		took(await t.call('moderator', 'undo_decision', { decision_id: decision }));
		expect(await hear('coordinator', appeal_id, reversed)).toMatchObject(refusal(409, 'already_undone'));
		expect(await queueOf('coordinator', decision)).toEqual([]);
		expect(await own(decision)).toMatchObject({ appeal_state: 'moot' });
	});
});

describe('where nobody else could, whom the settings name hears it', () => {
	const name = (contributor_id: string | null) =>
		t.call('whole', 'save_settings', { setting: { key: 'appeals', value: { contributor_id } } });

	it('somebody from elsewhere, for this proposal and nothing else', async () => {
		const { place, proposal, decision } = await refused();
		const { appeal_id } = took(await contest('neighbour', decision));
		const sport = await t.contributor('moderatorOfCulture');
		await t.supabase.sql(`update private.grants set themes = '{sport}' where contributor_id = $1`, [sport]);
		expect(await hear('moderatorOfCulture', appeal_id, reversed)).toMatchObject(refusal(403, 'not_in_scope'));
		expect(await name(await t.contributor('resident'))).toMatchObject(refusal(400, 'invalid_setting', 'value'));
		took(await name(sport));
		expect(await queueOf('moderatorOfCulture', decision)).toMatchObject([{ hearable: true }]);
		const other = await t.change('neighbour', place, { city: [null, 'Ville'] });
		expect(await t.decide('moderatorOfCulture', other.proposal_id)).toMatchObject(refusal(403, 'not_in_scope'));
		took(await hear('moderatorOfCulture', appeal_id, reversed));
		expect(await t.read('anonymous', place)).toMatchObject({ phone, city: null });
		expect(await t.decide('moderatorOfCulture', proposal)).toMatchObject({ status: 403 });
	});

	it('even the decider, when she is named and alone; and her name is read by nobody', async () => {
		const { decision } = await refused();
		const { appeal_id } = took(await contest('neighbour', decision));
		took(await name(await t.contributor('moderator')));
		expect(await hear('moderator', appeal_id, reversed)).toMatchObject(refusal(403, 'own_decision'));
		const away = await t.supabase.sql<{ id: string }>(
			`delete from private.grants where role in ('moderator', 'coordinator') and contributor_id <> $1 returning id`,
			[await t.contributor('moderator')]
		);
		expect(away.length).toBeGreaterThan(0);
		took(await hear('moderator', appeal_id, { outcome: 'upheld', message: 'Relu à tête reposée.' }));
		const { data } = await t.supabase.anon().from('settings').select('*').eq('key', 'appeals');
		expect(data).toEqual([]);
	});
});
