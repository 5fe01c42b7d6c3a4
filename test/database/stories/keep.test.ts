import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Territory } from '../../support/territory.ts';
import { AREAS, openTerritory, outcomes, refusal, took } from '../../support/territory.ts';

let t: Territory;
beforeAll(async () => {
	t = await openTerritory();
});
afterAll(() => t.stop());

const readers = ['anonymous', 'resident', 'stranger', 'agent', 'member', 'coordinator', 'whole'] as const;
/** Everybody by the view, partners by the function that leaves a trace. */
const readAs = async (key: (typeof readers)[number], id: string) => {
	if (key === 'anonymous') return t.read(key, id);
	const { data } = await t.call<{ place: Record<string, unknown> }>(key, 'read_shared', { place_id: id });
	return data?.place ?? t.read(key, id);
};
const whoReads = async (id: string, fact?: string) => {
	const seen: string[] = [];
	for (const key of readers) {
		const place = await readAs(key, id);
		if (place && (!fact || place[fact] !== null)) seen.push(key);
	}
	return seen;
};

describe('openness', () => {
	it.each([
		['open', readers],
		['shared', readers.slice(2)],
		['private', readers.slice(4)]
	])('of a place: %s', async (openness, expected) => {
		expect(await whoReads(await t.place({ openness, steward: 'les-amis' }))).toEqual(expected);
	});

	it('of a fact is the tighter of its own and its place’s, in history and assurances too', async () => {
		const id = await t.place({
			steward: 'les-amis',
			contact_name: 'Jeanne',
			phone: '02 40 00 00 00',
			'extra.keys': 'sous le pot'
		});
		await t.change('whole', id, { fact_openness: [null, { phone: 'private' }] });
		expect(await whoReads(id, 'contact_name')).toEqual(readers.slice(2));
		expect(await whoReads(id, 'phone')).toEqual(readers.slice(4));
		const open = JSON.stringify(await t.read('anonymous', id));
		for (const hidden of ['Jeanne', '02 40 00 00 00', 'sous le pot', 'contact_name":{', 'phone":{'])
			expect(open).not.toContain(hidden);
		expect((await t.read('member', id))?.['extra']).toEqual({ keys: 'sous le pot' });
	});

	it('of an address holds for who may see the true position too', async () => {
		const id = await t.place({ steward: 'les-amis', address: '7 rue Close', fact_openness: { address: 'private' } });
		for (const who of ['resident', 'agent'] as const) {
			const { data } = await t.call<{ name: string; address: string | null }>(who, 'place_for_edit', { place_id: id });
			expect(data).toMatchObject({ name: expect.any(String), address: null });
		}
		const { data } = await t.call<{ address: string | null }>('member', 'place_for_edit', { place_id: id });
		expect(data).toMatchObject({ address: '7 rue Close' });
	});

	it('of an extra fact does not end with its category', async () => {
		const id = await t.place({ 'extra.keys': 'sous le pot', 'extra.seats': 5 });
		await t.change('agent', id, { category: ['library', 'museum'] });
		expect((await t.read('anonymous', id))?.['extra']).toEqual({});
		await t.change('agent', id, { category: ['museum', 'library'] });
		expect((await t.read('anonymous', id))?.['extra']).toEqual({ seats: 5 });
	});

	it('stays closed when the category that closed it is corrected, also after that is undone', async () => {
		const [slug, label] = ['refuge', { fr: 'Refuge', en: 'Shelter' }];
		const shelter = {
			slug,
			label,
			theme: 'culture',
			pictogram: 'maki:home',
			fact_openness: { phone: 'private', email: 'shared' }
		};
		took(await t.call('whole', 'save_category', { category: shelter }));
		const id = await t.place({ category: 'refuge', phone: '02 40 00 00 07', fact_openness: { email: 'open' } });
		const answer = await t.change('agent', id, { category: ['refuge', 'library'] });
		expect(await t.read('anonymous', id)).toMatchObject({ category: 'library', phone: null });
		expect(await t.read('whole', id)).toMatchObject({
			phone: '02 40 00 00 07',
			fact_openness: { email: 'open', phone: 'private' }
		});
		const [decision] = await t.supabase.sql<{ id: string }>('select id from private.decisions where proposal_id = $1', [
			answer.proposal_id
		]);
		took(await t.call('whole', 'undo_decision', { decision_id: decision!.id }));
		expect(await t.read('anonymous', id)).toMatchObject({ category: 'refuge', phone: null });
		await t.change('agent', await t.place({ phone: '02 40 00 00 08' }), { category: ['library', 'museum'] });
		expect(took(await t.call('service', 'verify_chain', { n: 2000 }))).toMatchObject({ breaks: [] });
	});

	it('of an offer hides it whole, with its assurances', async () => {
		const offer = randomUUID();
		const id = await t.place({ [`offer:${offer}`]: { name: 'Entre nous' }, fact_openness: { [`offer:${offer}`]: 'private' } });
		expect(JSON.stringify((await t.read('anonymous', id))?.assurances)).not.toContain(offer);
		expect(await t.read('anonymous', id)).toMatchObject({ offers: [] });
	});

	it('behind a coarse precision, position, address and where it had been are blurred', async () => {
		const id = await t.place({ address: '3 rue Vraie' });
		const exact = (await t.read('anonymous', id))!.position;
		await t.change('whole', id, { position: [exact, t.point()] });
		await t.change('whole', id, { precision: ['exact', 'street'] });
		const street = await t.read('anonymous', id);
		expect(street).toMatchObject({ address: null, precision: 'street' });
		expect(street?.position.lon).toBe(Number(street?.position.lon.toFixed(3)));
		await t.change('whole', id, { precision: ['street', 'area'] });
		const area = await t.read('anonymous', id);
		const { data } = await t.supabase.anon().from('areas').select('point').eq('slug', 'ville-centre').single();
		expect(area?.position.lon).toBeCloseTo((data as { point: { lon: number } }).point.lon, 4);
		expect(JSON.stringify(area)).not.toContain(String(exact.lon) + ',');
		expect(area?.history.flatMap(({ operations = [] }) => operations.map(({ fact }) => fact))).not.toContain('position');
		expect(await t.read('whole', id)).toMatchObject({ address: '3 rue Vraie' });
	});
});

describe('freshness', () => {
	const confirm = (key: 'agent' | 'resident', id: string, seen_at?: string, method = 'resident') =>
		t.call(key, 'confirm_facts', {
			confirmation: {
				client_id: randomUUID(),
				place_id: id,
				method,
				facts: [{ fact: 'phone', value: '02 40 00 00 00' }],
				...(seen_at ? { seen_at } : {})
			}
		});
	const parisDay = (at: string) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(new Date(at));
	const daysAgo = (n: number) => new Date(Date.now() - n * 86_400_000).toISOString();

	it('is renewed by a newer confirmation, not by an older one', async () => {
		const id = await t.place({ phone: '02 40 00 00 00' });
		await t.supabase.sql(`update private.assurances set on_day = on_day - 100 where place_id = $1`, [id]);
		await confirm('resident', id, daysAgo(30));
		const at30 = (await t.read('anonymous', id))?.assurances['phone'];
		await confirm('resident', id, daysAgo(60));
		expect((await t.read('anonymous', id))?.assurances['phone']).toEqual(at30);
		await confirm('agent', id, undefined, 'on_site');
		expect((await t.read('anonymous', id))?.assurances['phone']).toMatchObject({ method: 'on_site', by_role: 'agent' });
	});

	it('of a changed value begins anew, whoever had vouched for the old one', async () => {
		const id = await t.place({ phone: '02 40 00 00 00' });
		await t.change('agent', id, { phone: ['02 40 00 00 00', '02 40 00 00 01'] }, { seen_at: daysAgo(10), method: 'phone' });
		expect((await t.read('anonymous', id))?.assurances['phone']).toMatchObject({ on: parisDay(daysAgo(10)), method: 'phone' });
	});
});

describe('an import', () => {
	const rows = (facts: object, source_id = randomUUID()) => [
		{ source_id, facts: { name: 'Crèche', category: 'museum', ...facts } }
	];
	const load = async (batch: object) =>
		took(
			await t.call<{ outcome: string; place_id: string; code?: string }[]>('service', 'import_batch', {
				batch: { source: { slug: 'fichier', name: 'Fichier' }, ...batch }
			})
		);
	const as = 'whole@example.org';

	it('again changes nothing, also no freshness; a source without a date vouches for nothing', async () => {
		await t.as('whole');
		const file = rows({ position: t.point() });
		const [{ place_id, outcome } = { place_id: '', outcome: '' }] = await load({ as, rows: file });
		expect(outcome).toBe('created');
		const before = await t.read('anonymous', place_id);
		expect(before?.assurances).toEqual({});
		expect(await load({ as, rows: file })).toMatchObject([{ outcome: 'unchanged' }]);
		expect(await t.read('anonymous', place_id)).toEqual(before);
	});

	it('shows a source’s change against a local correction as a conflict, and updates the rest', async () => {
		const [row] = rows({ position: t.point(), phone: '02 40 00 00 00', city: 'Ville' });
		const [{ place_id } = { place_id: '' }] = await load({ as, rows: [row] });
		await t.change('agent', place_id, { phone: ['02 40 00 00 00', '02 40 00 00 01'] });
		const changed = { ...row, facts: { ...row!.facts, phone: '02 40 00 00 02', city: 'Grande Ville' } };
		expect(await load({ as, rows: [changed] })).toMatchObject([{ outcome: 'conflict' }]);
		expect(await t.read('anonymous', place_id)).toMatchObject({ phone: '02 40 00 00 01', city: 'Grande Ville' });
		expect(await load({ as, rows: [changed] })).toMatchObject([{ outcome: 'unchanged' }]);
	});

	it('without a name waits; a bad row is refused by itself; a dry run changes nothing', async () => {
		expect(await load({ rows: [...rows({ position: t.point() }), ...rows({ position: t.point(), phone: 'x' })] })).toMatchObject([
			{ outcome: 'pending' },
			{ outcome: 'refused', code: 'invalid_value', fact: 'phone' }
		]);
		const count = () =>
			t.supabase.sql(
				'select (select count(*)::int from private.places) as places, (select count(*)::int from private.proposals) as proposals, (select count(*)::int from private.sources) as sources'
			);
		const before = await count();
		const { error } = await t.call('service', 'import_batch', {
			batch: { source: { slug: 'essai', name: 'Essai' }, as, dry_run: true, rows: rows({ position: t.point() }) }
		});
		expect(error).toMatchObject({ details: 'dry_run' });
		expect(JSON.parse(error!.hint!)).toMatchObject([{ outcome: 'created' }]);
		expect(await count()).toEqual(before);
	});
});

describe('a coordinator', () => {
	it('grants within her own areas only, and revokes', async () => {
		const contributor_id = await t.contributor('holder');
		const grant = (grant_: object) => t.call<{ grant_id: string }>('coordinator', 'save_grant', { grant_ });
		const { grant_id } = took(await grant({ contributor_id, role: 'agent', areas: ['ville-centre'] }));
		for (const areas of [null, ['ville'], ['ville-nord']])
			expect(await grant({ contributor_id, role: 'agent', areas })).toMatchObject(refusal(403, 'coordinators_only'));
		expect(outcomes(await t.change('holder', await t.place(), { city: [null, 'Ville'] }))).toEqual({ city: 'accepted' });
		took(await grant({ grant_id, revoke: true }));
		expect(outcomes(await t.change('holder', await t.place(), { city: [null, 'Ville'] }))).toEqual({ city: 'pending' });
	});

	it('invites by a link that works once', async () => {
		const { token } = took(
			await t.call<{ token: string }>('whole', 'create_invitation', {
				invitation: { organisation: 'le-collectif', membership_role: 'manager' }
			})
		);
		took(await t.call('holder', 'accept_invitation', { token }));
		expect(await t.call('neighbour', 'accept_invitation', { token })).toMatchObject(refusal(410, 'invitation_gone'));
		expect(await t.call('holder', 'whoami', {})).toMatchObject({
			data: { organisations: [{ slug: 'le-collectif', role: 'manager' }] }
		});
		const old = took(await t.call<{ token: string }>('whole', 'create_invitation', { invitation: { role: 'agent' } }));
		await t.supabase.sql(`update private.invitations set expires_at = now() - interval '1 second' where accepted_at is null`);
		expect(await t.call('neighbour', 'accept_invitation', { token: old.token })).toMatchObject(refusal(410, 'invitation_gone'));
	});

	it('of one quartier cannot enter an organisation that is elsewhere too', async () => {
		await t.place({ steward: 'le-collectif' }, 'ville-nord');
		const membership = { contributor_id: await t.contributor('coordinator'), organisation: 'le-collectif' };
		expect(await t.call('coordinator', 'save_membership', { membership })).toMatchObject(refusal(403, 'coordinators_only'));
		const invitation = { role: 'agent', areas: ['ville-centre'], organisation: 'le-collectif' };
		expect(await t.call('coordinator', 'create_invitation', { invitation })).toMatchObject(refusal(403, 'coordinators_only'));
	});

	it('saves what the public sees with an entry in the feed, and a manager her own organisation', async () => {
		const both = { fr: 'Essai', en: 'Trial' };
		took(await t.call('whole', 'save_theme', { theme: { slug: 'essai', label: both, colour: 'plum', pictogram: 'maki:park' } }));
		expect(
			await t.call('whole', 'save_theme', {
				theme: { slug: 'essai', label: { fr: '', en: 'x' }, colour: 'plum', pictogram: 'maki:park' }
			})
		).toMatchObject(refusal(400, 'invalid_label'));
		expect(
			await t.call('whole', 'save_theme', { theme: { slug: 'essai', label: both, colour: 'mauve', pictogram: 'maki:park' } })
		).toMatchObject(refusal(400, 'invalid_theme'));
		took(await t.call('manager', 'save_organisation', { organisation: { slug: 'les-amis', name: 'Volé', summary: 'Nous' } }));
		const { data } = await t.supabase.anon().from('organisations').select('*').eq('slug', 'les-amis').single();
		expect(data).toMatchObject({ name: 'Les Amis', summary: 'Nous' });
		expect(await t.changesOf('essai')).toMatchObject([{ kind: 'created' }]);
		expect(await t.changesOf('les-amis')).toMatchObject([{ kind: 'updated' }]);
		expect(await t.call('whole', 'save_settings', { setting: { key: 'time', value: { zone: 'Mars/Olympus' } } })).toMatchObject(
			refusal(400, 'invalid_setting')
		);
		took(await t.call('whole', 'save_area', { area: AREAS[3] }));
	});

	it('cannot lose an area or a theme that is part of somebody’s rights', async () => {
		await Promise.all([t.as('agent'), t.as('moderatorOfCulture')]);
		await expect(t.supabase.sql(`delete from private.areas where slug = 'ville-centre'`)).rejects.toMatchObject({
			code: 'PT409',
			detail: 'granted_scope'
		});
		await expect(t.supabase.sql(`delete from private.themes where slug = 'culture'`)).rejects.toMatchObject({
			code: 'PT409',
			detail: 'granted_scope'
		});
	});
});
