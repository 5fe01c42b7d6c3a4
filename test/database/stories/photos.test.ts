import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { propose, sendPhoto, sha256, storePhoto } from '../../support/photos.ts';
import type { Registered } from '../../support/photos.ts';
import type { Answer, PersonKey, Territory } from '../../support/territory.ts';
import { openTerritory, outcomes, refusal, took } from '../../support/territory.ts';
import { entry, makeVisitor } from '../../support/visitors.ts';

let t: Territory;
beforeAll(async () => {
	t = await openTerritory();
});
afterAll(() => t.stop());

const shown = async (id: string) => ((await t.read('anonymous', id))?.['photos'] as { id: string }[]).map((photo) => photo.id);
const seen = async (key: PersonKey, ...ids: string[]) =>
	took(await t.call<{ id: string; state: string; decides?: boolean }[]>(key, 'see_photos', { photo_ids: ids })).map(
		({ id, state }) => [id, state]
	);
const rowOf = async (id: string) =>
	(await t.supabase.sql<Record<string, unknown>>('select * from private.photos where id = $1', [id]))[0]!;
const retire = async () => took(await t.call<string[]>('service', 'retire_photos', {}));
const later = (id: string, interval: string) =>
	t.supabase.sql(
		`update private.photos set left_at = left_at - $2::interval, created_at = created_at - $2::interval where id = $1`,
		[id, interval]
	);
const withholdPhoto = (key: PersonKey, photo_id: string, more: object = { reason_code: 'personal_data' }) =>
	t.call<{ state: string }>(key, 'withhold', { withholding: { photo_id, ...more } });

describe('a photo', () => {
	it('waits with its proposal, seen by its author and the moderators in scope alone, then is everyone’s', async () => {
		const id = await t.place();
		const photo = await sendPhoto(t, 'resident', { place_id: id, alt: 'La façade', own_work: true });
		expect(await seen('moderator', photo)).toEqual([]);
		const answer = took(await propose(t, 'resident', id, [photo]));
		expect(outcomes(answer)).toEqual({ photos: 'pending' });
		expect(await shown(id)).toEqual([]);
		expect(await seen('resident', photo)).toEqual([[photo, 'pending']]);
		expect(await seen('moderator', photo)).toEqual([[photo, 'pending']]);
		for (const other of ['neighbour', 'agent', 'member'] as const) expect(await seen(other, photo)).toEqual([]);
		took(await t.decide('moderator', answer.proposal_id));
		expect((await t.read('anonymous', id))?.['photos']).toEqual([
			{ id: photo, alt: 'La façade', licence: 'etalab-2.0', width: 1600, height: 1200 }
		]);
		expect((await t.changesOf(id)).at(-1)).toMatchObject({ kind: 'updated', facts: ['photos'] });
	});

	it('comes with a new place, and is shown from its first version', async () => {
		const place_id = randomUUID();
		const photo = await sendPhoto(t, 'agent', { place_id });
		const operations = [...t.operations(), { fact: 'photos', old: null, new: [photo] }];
		expect(took(await t.submit('agent', { kind: 'create', place_id, operations })).state).toBe('accepted');
		expect(await shown(place_id)).toEqual([photo]);
		expect((await t.read('anonymous', place_id))?.['photos']).toMatchObject([{ licence: null, alt: '' }]);
	});

	it('sent twice for the same place is one, and another’s or another place’s is another', async () => {
		const id = await t.place();
		const photo = { sha256: sha256(randomBytes(8)), place_id: id };
		const register = async (key: PersonKey, more: object = {}) =>
			took(await t.call<Registered>(key, 'register_photo', { photo: { ...photo, ...more } })).photo_id;
		const [first, second] = await Promise.all([register('resident'), register('resident')]);
		expect(second).toBe(first);
		await storePhoto(t, first);
		took(await propose(t, 'resident', id, [first]));
		expect(await register('resident', { alt: 'La même' })).toBe(first);
		expect(await register('neighbour')).not.toBe(first);
		expect(await register('resident', { place_id: await t.place() })).not.toBe(first);
	});

	it('without its bytes, of somebody else, of another place or never sent cannot be added', async () => {
		const id = await t.place();
		const register = { photo: { sha256: sha256(randomBytes(8)) } };
		const { photo_id: empty } = took(await t.call<Registered>('resident', 'register_photo', register));
		const anothers = await sendPhoto(t, 'neighbour');
		const elsewhere = await sendPhoto(t, 'resident');
		const other = await t.place();
		const answer = took(await propose(t, 'resident', other, [elsewhere]));
		took(await t.decide('moderator', answer.proposal_id));
		for (const photo of [empty, anothers, elsewhere])
			expect(await propose(t, 'resident', id, [photo])).toMatchObject(refusal(400, 'unknown_photo', 'photos'));
		expect(await propose(t, 'resident', id, [randomUUID()])).toMatchObject(refusal(400, 'invalid_value', 'photos'));
		// Both wait for two places; the first one taken has it.
		const wanted = await sendPhoto(t, 'resident');
		const proposals = [took(await propose(t, 'resident', id, [wanted])), took(await propose(t, 'resident', other, [wanted]))];
		took(await t.decide('moderator', proposals[0]!.proposal_id));
		expect(await t.decide('moderator', proposals[1]!.proposal_id)).toMatchObject(refusal(409, 'photo_gone', 'photos'));
	});

	it('is described by its author while it waits, and by nobody else', async () => {
		const photo = await sendPhoto(t, 'resident', { alt: 'a' });
		const describe = (key: PersonKey, more: object) => t.call(key, 'register_photo', { photo: { photo_id: photo, ...more } });
		took(await describe('resident', { alt: 'La cour', own_work: true }));
		expect(await rowOf(photo)).toMatchObject({ alt: 'La cour', own_work: true, licence: 'etalab-2.0' });
		expect(await describe('neighbour', { alt: 'x' })).toMatchObject(refusal(404, 'unknown_photo'));
		expect(await describe('resident', { alt: 'x'.repeat(301) })).toMatchObject(refusal(400, 'invalid_value'));
		const id = await t.place();
		took(await t.decide('moderator', took(await propose(t, 'resident', id, [photo])).proposal_id));
		took(await describe('resident', { alt: 'Autre chose' }));
		expect(await rowOf(photo)).toMatchObject({ alt: 'La cour' });
	});

	it('keeps the words that a moderator is reading, whatever its author says meanwhile', async () => {
		const id = await t.place();
		const photo = await sendPhoto(t, 'resident', { place_id: id, alt: 'La cour' });
		const { proposal_id } = took(await propose(t, 'resident', id, [photo]));
		const again = async () => {
			const photo_again = { photo_id: photo, alt: 'Tout autre chose', own_work: true };
			took(await t.call('resident', 'register_photo', { photo: photo_again }));
			expect(await rowOf(photo)).toMatchObject({ alt: 'La cour', own_work: false });
		};
		await again();
		took(await t.decide('moderator', proposal_id, { outcome: 'ask', message: 'Quand ?' }));
		await again();
		// Nor by way of a second proposal with the same photo, taken back at once.
		const second = took(await propose(t, 'resident', await t.place(), [photo]));
		took(await t.call('resident', 'withdraw_proposal', { proposal_id: second.proposal_id }));
		await again();
		const { decision_id } = took(await t.decide('moderator', proposal_id, { outcome: 'refuse', reason_code: 'not_verifiable' }));
		took(await t.call('resident', 'contest_decision', { appeal: { decision_id, text: 'Si.' } }));
		await again();
	});

	it('of a visitor is registered in her name by the service key alone', async () => {
		const visitor = makeVisitor();
		const args = { visitor: entry(visitor), photo: { sha256: sha256(randomBytes(8)) } };
		const { photo_id } = took(await t.call<Registered>('service', 'register_visitor_photo', args));
		expect((await t.call('whole', 'register_visitor_photo', args)).error?.code).toBe('42501');
		await storePhoto(t, photo_id);
		const operations = [{ fact: 'photos', add: [photo_id] }];
		const proposal = { client_id: randomUUID(), kind: 'update', place_id: await t.place(), operations };
		const stolen = { proposal: { ...proposal, client_id: randomUUID() } };
		const thief = await t.call('service', 'submit_visitor_contribution', { contribution: entry(makeVisitor(), stolen) });
		expect(thief).toMatchObject(refusal(400, 'unknown_photo'));
		const sent = took(
			await t.call<Answer>('service', 'submit_visitor_contribution', { contribution: entry(visitor, { proposal }) })
		);
		took(await t.decide('moderator', sent.proposal_id));
		expect(await rowOf(photo_id)).toMatchObject({ state: 'published', place_id: sent.place_id });
	});
});

describe('a photo that should not be shown', () => {
	it('is withheld at once, alone, and shown again when released', async () => {
		const id = await t.place();
		const [kept, hidden] = [await sendPhoto(t, 'agent'), await sendPhoto(t, 'agent')];
		took(await propose(t, 'agent', id, [kept, hidden]));
		expect(await withholdPhoto('resident', hidden)).toMatchObject(refusal(403, 'not_in_scope'));
		expect(await withholdPhoto('moderator', hidden, {})).toMatchObject(refusal(400, 'missing_reason'));
		took(await withholdPhoto('moderator', hidden));
		expect(await shown(id)).toEqual([kept]);
		expect((await t.changesOf(id)).at(-1)).toMatchObject({ kind: 'updated', facts: ['photos'] });
		expect(await seen('agent', hidden)).toEqual([]);
		expect(await seen('moderator', hidden)).toEqual([[hidden, 'withheld']]);
		// Another change of the place does not bring it back.
		took(await propose(t, 'agent', id, [await sendPhoto(t, 'agent')]));
		expect(await shown(id)).not.toContain(hidden);
		expect(took(await withholdPhoto('moderator', hidden, { release: true })).state).toBe('published');
		expect(await shown(id)).toContain(hidden);
	});

	it('stays withheld when the proposal that brings it is accepted', async () => {
		const id = await t.place();
		const photo = await sendPhoto(t, 'resident');
		const { proposal_id } = took(await propose(t, 'resident', id, [photo]));
		took(await withholdPhoto('moderator', photo));
		expect(await seen('resident', photo)).toEqual([]);
		took(await t.decide('moderator', proposal_id));
		expect(await shown(id)).toEqual([]);
	});

	it('is masked before it is accepted: the proposal brings the masked one, and the other’s copies go', async () => {
		const id = await t.place();
		const photo = await sendPhoto(t, 'resident', { alt: 'La rue', own_work: true });
		const { proposal_id } = took(await propose(t, 'resident', id, [photo]));
		const mask = { photo_id: photo, sha256: sha256(randomBytes(8)) };
		expect(await t.call('resident', 'mask_photo', { mask })).toMatchObject(refusal(403, 'not_in_scope'));
		const { photo_id: masked } = took(await t.call<Registered>('moderator', 'mask_photo', { mask }));
		expect(await t.call('moderator', 'replace_photo', { photo_id: masked })).toMatchObject(refusal(404, 'unknown_photo'));
		await storePhoto(t, masked);
		took(await t.call('moderator', 'replace_photo', { photo_id: masked }));
		took(await t.call('moderator', 'replace_photo', { photo_id: masked }));
		expect(await retire()).toContain(photo);
		took(await t.decide('moderator', proposal_id));
		expect((await t.read('anonymous', id))?.['photos']).toMatchObject([{ id: masked, alt: 'La rue', licence: 'etalab-2.0' }]);
	});

	it('is masked after it was published by a version that puts the masked one in its place', async () => {
		const id = await t.place();
		const photo = await sendPhoto(t, 'agent');
		took(await propose(t, 'agent', id, [photo]));
		const mask = { photo_id: photo, sha256: sha256(randomBytes(8)) };
		const { photo_id: masked } = took(await t.call<Registered>('moderator', 'mask_photo', { mask }));
		await storePhoto(t, masked);
		took(await t.call('moderator', 'replace_photo', { photo_id: masked }));
		expect(await shown(id)).toEqual([masked]);
		expect((await t.read('anonymous', id))?.history.at(-1)?.operations).toEqual([
			{ fact: 'photos', old: [photo], new: [masked] }
		]);
		expect(await retire()).toContain(photo);
		expect(await seen('moderator', photo)).toEqual([[photo, 'removed']]);
	});

	it('leaves the map at once when it is removed, comes back if that is undone within thirty days, and is gone later', async () => {
		const id = await t.place();
		const photo = await sendPhoto(t, 'agent');
		took(await propose(t, 'agent', id, [photo]));
		const removal = took(await propose(t, 'agent', id, [], [photo]));
		expect(removal.state).toBe('accepted');
		expect(await shown(id)).toEqual([]);
		await later(photo, '29 days');
		expect(await retire()).not.toContain(photo);
		const [decision] = await t.supabase.sql<{ id: string }>('select id from private.decisions where proposal_id = $1', [
			removal.proposal_id
		]);
		took(await t.call('moderator', 'undo_decision', { decision_id: decision!.id }));
		expect(await shown(id)).toEqual([photo]);
		const again = took(await propose(t, 'agent', id, [], [photo]));
		await later(photo, '31 days');
		expect(await retire()).toContain(photo);
		took(await t.call('service', 'photos_purged', { photo_ids: [photo] }));
		expect(await retire()).not.toContain(photo);
		expect(await rowOf(photo)).toMatchObject({ state: 'removed', alt: '', sha256: null });
		const [late] = await t.supabase.sql<{ id: string }>('select id from private.decisions where proposal_id = $1', [
			again.proposal_id
		]);
		expect(await t.call('moderator', 'undo_decision', { decision_id: late!.id })).toMatchObject(refusal(409, 'photo_gone'));
	});

	it('is gone a moment after it left withheld', async () => {
		const id = await t.place();
		const photo = await sendPhoto(t, 'agent');
		took(await propose(t, 'agent', id, [photo]));
		took(await withholdPhoto('moderator', photo));
		took(await propose(t, 'agent', id, [], [photo]));
		expect(await retire()).not.toContain(photo);
		await later(photo, '16 seconds');
		expect(await retire()).toContain(photo);
	});

	it('waits again when its acceptance is undone, however long that takes to decide anew', async () => {
		const id = await t.place();
		const photo = await sendPhoto(t, 'resident');
		const { proposal_id } = took(await propose(t, 'resident', id, [photo]));
		const { decision_id } = took(await t.decide('moderator', proposal_id));
		took(await t.call('moderator', 'undo_decision', { decision_id }));
		await later(photo, '40 days');
		expect(await retire()).not.toContain(photo);
		expect(await seen('resident', photo)).toEqual([[photo, 'pending']]);
		took(await t.decide('moderator', proposal_id));
		expect(await shown(id)).toEqual([photo]);
	});

	it('that nobody took is gone after thirty days, one in an open proposal is not', async () => {
		const id = await t.place();
		const [idle, waiting, refused] = [
			await sendPhoto(t, 'resident'),
			await sendPhoto(t, 'resident'),
			await sendPhoto(t, 'resident')
		];
		took(await propose(t, 'resident', id, [waiting]));
		const { proposal_id } = took(await propose(t, 'resident', id, [refused]));
		took(await t.decide('moderator', proposal_id, { outcome: 'refuse', reason_code: 'not_verifiable' }));
		for (const photo of [idle, waiting, refused]) await later(photo, '31 days');
		const gone = await retire();
		expect(gone).toContain(idle);
		expect(gone).not.toContain(waiting);
		expect(gone).not.toContain(refused);
		await t.supabase.sql(`update private.proposals set decided_at = decided_at - interval '31 days' where id = $1`, [
			proposal_id
		]);
		expect(await retire()).toContain(refused);
	});
});
