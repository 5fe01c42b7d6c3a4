import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Territory } from '../../support/territory.ts';
import { openTerritory, outcomes, refusal, took } from '../../support/territory.ts';

let t: Territory;
beforeAll(async () => {
	t = await openTerritory();
});
afterAll(() => t.stop());

const update = (place_id: string, operations: Record<string, unknown>[], more: object = {}) => ({
	place_id,
	operations,
	...more
});

describe('proposing', () => {
	it('a new place waits when a resident does, and is there at once when an agent does in her quartier', async () => {
		const waits = took(await t.submit('resident', { kind: 'create', operations: t.operations({ phone: '02 40 00 00 00' }) }));
		expect(waits).toMatchObject({ state: 'open', version: null });
		expect(await t.read('anonymous', waits.place_id)).toBeNull();
		const there = took(await t.submit('agent', { kind: 'create', operations: t.operations({ name: '  Cafe\u0301 ' }) }));
		expect(there).toMatchObject({ state: 'accepted', version: 1 });
		expect(await t.read('anonymous', there.place_id)).toMatchObject({
			name: 'Café',
			kind: 'service',
			area: 'ville-centre',
			theme: 'culture',
			licence: 'etalab-2.0'
		});
		expect(took(await t.submit('agent', { kind: 'create', operations: t.operations({}, 'ville-nord') }))).toMatchObject({
			state: 'open'
		});
	});

	it('the same client_id again gives the first answer, also two at once, also with another body', async () => {
		const id = await t.place();
		const proposal = { client_id: randomUUID(), ...update(id, [{ fact: 'phone', old: null, new: '02 40 00 00 01' }]) };
		const [one, two] = await Promise.all([t.submit('agent', proposal), t.submit('agent', proposal)]);
		expect(took(one)).toEqual(took(two));
		expect(took(await t.submit('agent', { ...proposal, operations: 'nonsense' }))).toEqual(took(one));
		expect((await t.read('anonymous', id))?.version).toBe(2);
		expect(took(await t.submit('neighbour', proposal)).proposal_id).not.toBe(took(one).proposal_id);
	});

	it('is judged fact by fact: accepted, confirmed, pending, conflict, refused, side by side', async () => {
		const id = await t.place({ phone: '02 40 00 00 00', city: 'Ville', website: 'https://example.org' });
		const answer = await t.change('agent', id, {
			summary: [null, 'Nouveau'],
			city: ['Autre', 'Ville'],
			website: ['https://jamais.example.org', 'https://example.net'],
			contact_name: [null, 'Jeanne'],
			position: [(await t.read('anonymous', id))?.position, t.point('ville-nord')]
		});
		expect(outcomes(answer)).toEqual({
			summary: 'accepted',
			city: 'confirmed',
			website: 'conflict',
			contact_name: 'refused',
			position: 'pending'
		});
		expect(answer.operations.find(({ fact }) => fact === 'website')?.current).toBe('https://example.org');
		expect(answer.state).toBe('open');
	});

	it('several proposals wait on one place; a conflict is kept for a moderator and blocks nothing', async () => {
		const id = await t.place({ phone: '02 40 00 00 00' });
		const [a, b] = [
			await t.change('resident', id, { phone: ['02 40 00 00 00', '02 40 00 00 01'] }),
			await t.change('neighbour', id, { phone: ['02 40 00 00 00', '02 40 00 00 02'] })
		];
		took(await t.decide('moderator', a.proposal_id));
		const queue = await (await t.as('moderator')).from('moderation_queue').select('*').eq('id', b.proposal_id).single();
		expect(queue.data).toMatchObject({
			other_open: 0,
			operations: [{ fact: 'phone', old: '02 40 00 00 00', new: '02 40 00 00 02', current: '02 40 00 00 01' }]
		});
		took(await t.decide('moderator', b.proposal_id));
		expect(await t.read('anonymous', id)).toMatchObject({ phone: '02 40 00 00 02', version: 3 });
	});

	it('lists change by add and remove, without a conflict', async () => {
		const id = await t.place({ audience: ['seniors', 'adults'] });
		took(await t.submit('agent', update(id, [{ fact: 'audience', add: ['families'], remove: ['adults'] }])));
		const answer = took(await t.submit('agent', update(id, [{ fact: 'audience', add: ['women'], remove: ['children'] }])));
		expect(outcomes(answer)).toEqual({ audience: 'accepted' });
		expect((await t.read('anonymous', id))?.['audience']).toEqual(['seniors', 'families', 'women']);
	});

	it('offers are added, changed fact by fact and ended, and an unknown one is refused', async () => {
		const id = await t.place();
		const offer = `offer:${randomUUID()}`;
		await t.change('agent', id, { [offer]: [null, { name: 'Permanence', opening_hours: 'Mo 09:00-12:00' }] });
		await t.change('agent', id, { [`${offer}.opening_hours`]: ['Mo 09:00-12:00', 'Tu 09:00-12:00'] });
		expect((await t.read('anonymous', id))?.offers).toMatchObject([
			{ name: 'Permanence', opening_hours: 'Tu 09:00-12:00', assurances: { opening_hours: { by_role: 'agent' } } }
		]);
		const current = { name: 'Permanence', opening_hours: 'Tu 09:00-12:00' };
		expect(outcomes(await t.change('agent', id, { [offer]: [current, null] }))).toEqual({ [offer]: 'accepted' });
		expect((await t.read('anonymous', id))?.offers).toEqual([]);
		const gone = await t.submit('agent', update(id, [{ fact: `${offer}.name`, old: null, new: 'Rien' }]));
		expect(gone).toMatchObject(refusal(409, 'unknown_offer', `${offer}.name`));
		const elsewhere = await t.submit('agent', update(await t.place(), [{ fact: offer, old: null, new: current }]));
		expect(elsewhere).toMatchObject(refusal(409, 'offer_exists', offer));
	});

	it('stops belong to a library bus by part_of, not to themselves nor to a stop', async () => {
		const [bus, stop] = [await t.place(), await t.place()];
		expect(outcomes(await t.change('agent', stop, { part_of: [null, bus] }))).toEqual({ part_of: 'accepted' });
		for (const other of [stop, randomUUID()])
			expect(await t.submit('agent', update(bus, [{ fact: 'part_of', old: null, new: other }]))).toMatchObject(
				refusal(400, 'invalid_value', 'part_of')
			);
		expect(await t.submit('agent', update(await t.place(), [{ fact: 'part_of', old: null, new: stop }]))).toMatchObject(
			refusal(400, 'invalid_value', 'part_of')
		);
	});

	it('farther than the ring is refused, naming the nearest area; inside the ring it is outside any area', async () => {
		const at = (lon: number) =>
			t.submit('whole', { kind: 'create', operations: t.operations({ position: { lon, lat: 47.22 } }) });
		const far = await at(-1.3);
		expect(far).toMatchObject(refusal(422, 'outside_territory', 'position'));
		expect(far.error?.message).toMatch(/15\.\d km from (Ville|Port)/);
		const near = took(await at(-1.48));
		expect(await t.read('anonymous', near.place_id)).toMatchObject({ area: null });
	});

	it('a batch gives each entry its own answer: a bad one takes nobody along', async () => {
		const id = await t.place({ phone: '02 40 00 00 00' });
		const entries = [
			{ client_id: randomUUID(), kind: 'update', ...update(id, [{ fact: 'summary', old: null, new: 'Un' }]) },
			{ client_id: randomUUID(), kind: 'update', ...update(id, [{ fact: 'website', old: null, new: 'javascript:alert(1)' }]) },
			{ client_id: randomUUID(), place_id: id, method: 'on_site', facts: [{ fact: 'phone', value: '02 40 00 00 00' }] },
			5
		];
		const answers = took(await t.call<object[]>('agent', 'submit_batch', { entries }));
		expect(answers).toMatchObject([
			{ state: 'accepted' },
			{ error: { status: 400, code: 'invalid_value', fact: 'website' } },
			{ state: 'accepted' },
			{ error: { status: 400 } }
		]);
		expect(took(await t.call('agent', 'submit_batch', { entries: entries.slice(0, 3) }))).toMatchObject(answers.slice(0, 3));
	});
});

describe('a value', () => {
	const offer = `offer:${randomUUID()}`;
	it.each([
		['name', ''],
		['name', 'x'.repeat(161)],
		['name', 5],
		['name', 'a\u0007b'],
		['summary', 'deux\nlignes'],
		['description', 'x'.repeat(5001)],
		['kind', 'shop'],
		['category', 'unheard'],
		['position', { lon: 'x', lat: 1 }],
		['position', { lon: 200, lat: 1 }],
		['position', { lon: 1, lat: 1, alt: 2 }],
		['position', null],
		['precision', 'vague'],
		['postcode', '!!'],
		['opening_hours', 'souvent'],
		['closures', [{ from: '2026-02-30', to: '2026-03-01' }]],
		['closures', [{ from: '2026-03-02', to: '2026-03-01' }]],
		['closures', 'juillet'],
		['booking', 'perhaps'],
		['phone', 'appelez-moi'],
		['email', 'a@b'],
		['website', 'javascript:alert(1)'],
		['website', 'https://a b'],
		['website', 'https://moi:secret@example.org'],
		['wheelchair', 'maybe'],
		['audience', ['martians']],
		['audience', 'adults'],
		['cost', 12],
		['languages', ['français']],
		['starts_on', '2026-02-30'],
		['ends_on', 'demain'],
		['photos', [{ url: 'https://example.org/x.jpg' }]],
		['steward', 'unheard'],
		['openness', 'secret'],
		['fact_openness', { phone: 'secret' }],
		['fact_openness', { position: 'private' }],
		['licence', 'WTFPL'],
		['part_of', 'x'],
		['extra.seats', -1],
		['extra.seats', 1.5],
		['extra.seats', 501],
		['extra.rooms', ['kitchen']],
		['extra.shelves', 'x'.repeat(21)],
		['extra.loan', 'stolen'],
		['extra.fee', 'free'],
		['extra.garden', 'yes'],
		[offer, { opening_hours: 'Mo 09:00-12:00' }],
		[offer, { name: 'x', opening_hours: 'souvent' }],
		[offer, 'x']
	])('%s = %j is refused, naming the fact', async (fact, value) => {
		const result = await t.submit('whole', update(await one(), [{ fact, old: null, new: value }]));
		expect(result.status).toBe(400);
		expect(result.error?.details).toMatch(/^invalid_(value|id|date)$/);
		expect([fact, 'opening_hours']).toContain(result.error?.hint);
	});
	it.each(['colour', 'extra.nothing', 'offer:x', `${offer}.colour`, 'extra.', ''])(
		'of an unknown fact %j is refused',
		async (fact) => {
			expect(await t.submit('whole', update(await one(), [{ fact, old: null, new: 'x' }]))).toMatchObject(
				refusal(400, 'unknown_fact')
			);
		}
	);
	it('of a required extra fact must be given to a new place and cannot go', async () => {
		const category = {
			slug: 'club',
			theme: 'sport',
			label: { fr: 'Club', en: 'Club' },
			pictogram: 'maki:library',
			extra_facts: { sport: { type: 'string', label: { fr: 'Sport', en: 'Sport' }, required: true } }
		};
		took(await t.call('whole', 'save_category', { category }));
		expect(await t.submit('whole', { kind: 'create', operations: t.operations({ category: 'club' }) })).toMatchObject(
			refusal(400, 'missing_fact', 'extra.sport')
		);
		const id = await t.place({ category: 'club', 'extra.sport': 'judo' });
		expect(await t.submit('whole', update(id, [{ fact: 'extra.sport', old: 'judo', new: null }]))).toMatchObject(
			refusal(400, 'invalid_value', 'extra.sport')
		);
	});
	it('of how one gets in may be given of any category, which words it its own way if it wants', async () => {
		const id = await t.place({ category: 'library' });
		const loop = (value: unknown) => t.submit('whole', update(id, [{ fact: 'extra.hearing_loop', old: null, new: value }]));
		expect(await loop('maybe')).toMatchObject(refusal(400, 'invalid_value', 'extra.hearing_loop'));
		expect(took<{ operations: { outcome: string }[] }>(await loop(true)).operations).toMatchObject([{ outcome: 'accepted' }]);
		const label = { fr: 'Marches du kiosque', en: 'Steps of the stand' };
		const extra_facts = { entrance_steps: { type: 'integer', label } };
		const category = { slug: 'stand', theme: 'sport', label, pictogram: 'maki:library', extra_facts };
		took(await t.call('whole', 'save_category', { category }));
		const { data } = await t.supabase.anon().from('categories').select('extra_facts').eq('slug', 'stand').single();
		const asked = (data as { extra_facts: Record<string, { label: object }> }).extra_facts;
		expect(Object.keys(asked).sort()).toEqual(['entrance_steps', 'guidance', 'hearing_loop', 'sign_language']);
		expect(asked['entrance_steps']?.label).toEqual(label);
	});
	let made: Promise<string> | undefined;
	const one = () => (made ??= t.place());
});

describe('a proposal', () => {
	it.each([
		[{ client_id: null }, refusal(400, 'invalid_id', 'client_id')],
		[{ client_id: 'x' }, refusal(400, 'invalid_id', 'client_id')],
		[{ kind: 'destroy' }, refusal(400, 'invalid_kind', 'kind')],
		[{ place_id: 'x' }, refusal(400, 'invalid_id', 'place_id')],
		[{ place_id: randomUUID() }, refusal(404, 'unknown_place', 'place_id')],
		[{ operations: [] }, refusal(400, 'empty_proposal')],
		[{ operations: 'x' }, refusal(400, 'invalid_operations')],
		[{ operations: Array.from({ length: 201 }, () => ({ fact: 'name', new: 'x' })) }, refusal(400, 'invalid_operations')],
		[{ operations: [{ fact: 'phone', new: 'x', add: [] }] }, refusal(400, 'invalid_operations', 'phone')],
		[{ operations: [{ fact: 'phone', add: ['x'] }] }, refusal(400, 'invalid_operations', 'phone')],
		[
			{
				operations: [
					{ fact: 'phone', new: null },
					{ fact: 'phone', new: null }
				]
			},
			refusal(400, 'invalid_operations', 'phone')
		],
		[{ kind: 'end', operations: [] }, refusal(400, 'missing_reason', 'reason')],
		[{ kind: 'merge', operations: [] }, refusal(400, 'invalid_id', 'into_place_id')],
		[{ kind: 'reopen', operations: [] }, refusal(409, 'not_ended')],
		[{ note: 'x'.repeat(2001) }, refusal(400, 'invalid_value', 'note')],
		[{ method: 'telepathy' }, refusal(400, 'invalid_method', 'method')],
		[{ base_version: 'x' }, refusal(400, 'invalid_base_version', 'base_version')],
		[{ seen_at: '2020-01-01' }, refusal(400, 'invalid_date', 'seen_at')],
		[{ seen_at: '2026-01-01T00:00:00+29:59' }, refusal(400, 'invalid_date', 'seen_at')]
	])('with %j is refused', async (wrong, expected) => {
		const id = await t.place();
		expect(await t.submit('agent', { ...update(id, [{ fact: 'summary', old: null, new: 'Deux' }]), ...wrong })).toMatchObject(
			expected
		);
		expect((await t.read('anonymous', id))?.version).toBe(1);
	});
});
