import { randomUUID } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Territory } from '../../support/territory.ts';
import { propose, sendPhoto } from '../../support/photos.ts';
import { openTerritory, refusal, took } from '../../support/territory.ts';

let t: Territory;
beforeAll(async () => {
	t = await openTerritory();
});
afterAll(() => t.stop());

/** A client that goes on with a token as another device would, whatever became of its session. */
async function otherDevice(email: string) {
	const signedIn = await t.supabase.signIn(email);
	const { data } = await signedIn.auth.getSession();
	const headers = { Authorization: `Bearer ${data.session!.access_token}` };
	const options = { auth: { persistSession: false, autoRefreshToken: false }, global: { headers } };
	return createClient(t.supabase.url, t.supabase.publishableKey, options);
}

describe('signing out everywhere', () => {
	it('ends every session at once: an old token reads and writes nothing any more', async () => {
		await t.as('holder');
		const device = await otherDevice('holder@example.org');
		expect((await device.rpc('whoami')).data).toMatchObject({ email: 'holder@example.org' });
		const here = await t.supabase.signIn('holder@example.org');
		expect((await here.auth.signOut({ scope: 'global' })).error).toBeNull();
		expect((await device.rpc('whoami')).data).toBeNull();
		expect(await device.from('my_proposals').select('*')).toMatchObject({ data: [] });
		expect(await device.rpc('my_data')).toMatchObject(refusal(401, 'not_signed_in'));
		expect(await device.rpc('delete_account')).toMatchObject(refusal(401, 'not_signed_in'));
	});
});

describe('my data', () => {
	it('are what I sent and what I was told, and nothing of others', async () => {
		const place = await t.place({ name: 'La Halle', phone: '02 40 00 00 00', contact_name: 'Jeanne Interlocutrice' });
		const { proposal_id } = await t.change('neighbour', place, { summary: [null, 'Le mardi'] }, { note: 'Vu sur place' });
		took(await t.decide('wholeModerator', proposal_id, { outcome: 'refuse', reason_code: 'other', message: 'Plutôt le jeudi.' }));
		await t.change('resident', place, { summary: [null, 'Le secret de Rosalie'] });
		const data = took(await t.call<Record<string, unknown[]>>('neighbour', 'my_data', {}));
		expect(data).toMatchObject({
			account: { email: 'neighbour@example.org', name: 'Nadir Voisin' },
			settings: { locale: 'fr', muted: [] },
			proposals: [
				{
					id: proposal_id,
					note: 'Vu sur place',
					operations: [{ fact: 'summary', new: 'Le mardi' }],
					decisions: [{ message: 'Plutôt le jeudi.' }]
				}
			],
			notifications: [{ topic: 'proposal_decided', data: { place_name: 'La Halle', reason_code: 'other' } }],
			reports: []
		});
		for (const other of [
			'Jeanne',
			'Rosalie',
			'Mehdi',
			'02 40 00 00 00',
			await t.contributor('wholeModerator'),
			await t.contributor('resident')
		])
			expect(JSON.stringify(data)).not.toContain(other);
	});

	it('hold the photos, appeals and campaigns, and what was answered to a report', async () => {
		const place_id = await t.place();
		const photo = await sendPhoto(t, 'member', { place_id, alt: 'La porte' });
		const { proposal_id } = await t.change('member', place_id, { summary: [null, 'Belle'] });
		const refused = await t.decide('wholeModerator', proposal_id, { outcome: 'refuse', reason_code: 'other', message: 'Non.' });
		took(
			await t.call('member', 'contest_decision', {
				appeal: { decision_id: took(refused).decision_id, text: 'Si, elle est belle' }
			})
		);
		const campaign = { slug: 'la-mienne', title: 'La mienne', starts_on: '2026-01-01', ends_on: '2026-12-31' };
		took(await t.call('member', 'save_campaign', { campaign }));
		const report = { contributor_id: await t.contributor('member'), client_id: randomUUID(), place_id, kind: 'gone' };
		const { report_id } = took(await t.call<{ report_id: string }>('service', 'submit_report', { report }));
		const decision = { outcome: 'refuse', reason_code: 'not_verifiable', message: 'Toujours là.' };
		took(await t.call('wholeModerator', 'decide_report', { report_id, decision }));
		const data = took(await t.call('member', 'my_data', {}));
		expect(data).toMatchObject({
			photos: [{ id: photo, alt: 'La porte', state: 'pending' }],
			appeals: [{ proposal_id, text: 'Si, elle est belle', state: 'open' }],
			campaigns: [{ slug: 'la-mienne', title: 'La mienne' }],
			reports: [{ id: report_id, answers: [decision] }]
		});
		expect(JSON.stringify(data)).not.toContain(await t.contributor('wholeModerator'));
		const others = took(await t.call('stranger', 'my_data', {}));
		expect(others).toMatchObject({ photos: [], appeals: [], campaigns: [], reports: [] });
	});

	it('say of what was accepted that it has changed since', async () => {
		const place = await t.place({ name: 'Le Parc' });
		const { proposal_id } = await t.change('neighbour', place, { summary: [null, 'Grand'], city: [null, 'Ville'] });
		took(await t.decide('wholeModerator', proposal_id, { outcome: 'accept', edits: { summary: 'Vaste' } }));
		const mine = async () => {
			const { data } = await (
				await t.as('neighbour')
			)
				.from('my_proposals')
				.select('place_status, changed_since')
				.eq('id', proposal_id)
				.single();
			return data;
		};
		expect(await mine()).toEqual({ place_status: 'active', changed_since: [] });
		await t.change('agent', place, { summary: ['Vaste', 'Immense'] });
		expect(await mine()).toEqual({ place_status: 'active', changed_since: ['summary'] });
		took(await t.submit('whole', { kind: 'end', place_id: place, reason: 'closed' }));
		expect(await mine()).toMatchObject({ place_status: 'ended' });
	});
});

describe('deleting an account', () => {
	it('detaches: what was contributed stays, the person, her rights and her sessions go', async () => {
		const who = await t.contributor('agent');
		const place = await t.place({ name: 'La Poste' });
		await t.change('agent', place, { summary: [null, 'Ouverte'] });
		await t.supabase.sql(`select private.notify($1, 'item_handed', null)`, [who]);
		const [before] = await t.supabase.sql<{ user_id: string }>('select user_id from private.contributors where id = $1', [who]);
		const device = await otherDevice('agent@example.org');
		expect(await t.call('agent', 'delete_account', {})).toMatchObject({ data: { deleted: true } });
		expect(await t.call('agent', 'delete_account', {})).toMatchObject(refusal(401, 'not_signed_in'));
		expect((await device.rpc('whoami')).data).toBeNull();
		await expect(t.supabase.signIn('agent@example.org')).rejects.toMatchObject({ code: 'invalid_credentials' });
		expect(await t.read('anonymous', place)).toMatchObject({ summary: 'Ouverte' });
		expect((await t.read('anonymous', place))?.history.map(({ by_role }) => by_role)).toContain('agent');
		expect(await t.supabase.sql('select kind, user_id, display_name from private.contributors where id = $1', [who])).toEqual([
			{ kind: 'account', user_id: null, display_name: null }
		]);
		for (const [relation, column] of [
			['grants', 'contributor_id'],
			['memberships', 'contributor_id'],
			['notification_settings', 'contributor_id'],
			['outbox', 'recipient_id'],
			['mails', 'recipient_id']
		])
			expect(await t.supabase.sql(`select from private.${relation} where ${column} = $1`, [who]), relation).toEqual([]);
		const columns = await t.supabase.sql<{ relation: string; name: string }>(
			`select c.oid::regclass::text as relation, a.attname as name from pg_class as c join pg_attribute as a on a.attrelid = c.oid
			where c.relnamespace = 'auth'::regnamespace and c.relkind = 'r' and a.attname in ('user_id', 'id') and a.atttypid in ('uuid'::regtype, 'text'::regtype, 'varchar'::regtype)`
		);
		expect(columns.length).toBeGreaterThan(3);
		for (const { relation, name } of columns)
			expect(await t.supabase.sql(`select from ${relation} where ${name}::text = $1`, [before!.user_id]), relation).toEqual([]);
	});

	it('takes along the photos that were never proposed, and her name as the one who hears appeals', async () => {
		const place_id = await t.place();
		const [forgotten, proposed] = [
			await sendPhoto(t, 'moderator', { place_id }),
			await sendPhoto(t, 'moderator', { place_id: await t.place({}, 'ville-nord') })
		];
		const [{ meant_for } = { meant_for: '' }] = await t.supabase.sql<{ meant_for: string }>(
			'select meant_for from private.photos where id = $1',
			[proposed]
		);
		took(await propose(t, 'moderator', meant_for, [proposed]));
		const value = { contributor_id: await t.contributor('moderator') };
		await t.supabase.sql(`update private.settings set value = $1::jsonb where key = 'appeals'`, [JSON.stringify(value)]);
		took(await t.call('moderator', 'delete_account', {}));
		const states = await t.supabase.sql<{ id: string; state: string }>(
			'select id, state from private.photos where id = any ($1)',
			[[forgotten, proposed]]
		);
		expect(Object.fromEntries(states.map(({ id, state }) => [id, state]))).toEqual({
			[forgotten]: 'removed',
			[proposed]: 'pending'
		});
		expect(took(await t.call<string[]>('service', 'retire_photos', {}))).toContain(forgotten);
		expect(await t.supabase.sql(`select value from private.settings where key = 'appeals'`)).toEqual([
			{ value: { contributor_id: null } }
		]);
	});

	it('is refused to the last coordinator, with a sentence, also when two leave at once', async () => {
		await t.supabase.sql(`delete from private.grants where role = 'coordinator'`);
		for (const key of ['holder', 'publisher'] as const)
			await t.supabase.sql(`insert into private.grants (contributor_id, role) values ($1, 'coordinator')`, [
				await t.contributor(key)
			]);
		const holder = await t.supabase.signIn('holder@example.org');
		const answers = await Promise.all([holder.rpc('delete_account'), t.call('publisher', 'delete_account', {})]);
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
		expect(answers.find(({ status }) => status === 409)).toMatchObject(refusal(409, 'last_coordinator'));
		expect(await t.supabase.sql(`select from private.grants where role = 'coordinator'`)).toHaveLength(1);
	});
});
