import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Territory } from '../support/territory.ts';
import { propose, sendPhoto } from '../support/photos.ts';
import { entry, makeVisitor } from '../support/visitors.ts';
import { openTerritory, people, refusal, took } from '../support/territory.ts';

let territory: Territory;
beforeAll(async () => {
	territory = await openTerritory();
});
afterAll(() => territory.stop());

/** Where a text stands, in all that the database keeps and all that the API gives. */
async function keepers(text: string): Promise<string[]> {
	const tables = await territory.supabase.sql<{ name: string }>(
		`select format('%I.%I', n.nspname, relname) as name from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
		where n.nspname in ('private', 'public') and relkind in ('r', 'v', 'm') order by 1`
	);
	const found = await territory.supabase.sql<{ name: string }>(
		tables
			.map(({ name }) => `select '${name}' as name from ${name} as t where strpos(to_jsonb(t)::text, $1) > 0`)
			.join(' union ')
			.replaceAll('$1', `'${text.replaceAll("'", "''")}'`)
	);
	const given = await Promise.all(
		(['anonymous', 'neighbour', 'wholeModerator', 'whole'] as const).map(async (key) => {
			const client = key === 'anonymous' ? territory.supabase.anon() : await territory.as(key);
			const relations = ['places', ...(key === 'anonymous' ? ['changes'] : ['my_proposals', 'moderation_queue', 'decisions'])];
			const read = async (relation: string) => JSON.stringify((await client.from(relation).select('*')).data).includes(text);
			return (
				await Promise.all(relations.map(async (relation) => ((await read(relation)) ? [`${relation} of ${key}`] : [])))
			).flat();
		})
	);
	return [...found.map(({ name }) => name), ...given.flat()];
}

const redact = (redaction: object) => territory.call('whole', 'redact', { redaction: { reason: 'à sa demande', ...redaction } });
const verified = async () =>
	expect(took(await territory.call('service', 'verify_chain', { n: 2000 }))).toMatchObject({ breaks: [], next: null });

describe('redacting a value', () => {
	it('takes it out of the place, its history, proposals, decisions and answers, and the chain still verifies', async () => {
		const secret = 'Demandez Jean Martin-Tranchant';
		const id = await territory.place({ summary: 'Avant' });
		await territory.change('whole', id, { summary: ['Avant', secret] });
		const waits = await territory.change('neighbour', id, { summary: [secret, `${secret} !`], phone: [null, '02 40 00 00 00'] });
		await territory.change('neighbour', id, { summary: ['jamais', secret] });
		expect(await keepers(secret)).toContain('places of anonymous');
		took(await redact({ subject: 'value', place_id: id, fact: 'summary', value: secret }));
		took(await redact({ subject: 'value', place_id: id, fact: 'summary', value: `${secret} !` }));
		expect(await keepers(secret)).toEqual([]);
		await verified();
		const place = await territory.read('anonymous', id);
		expect(place).toMatchObject({ summary: null, version: 3 });
		expect(place?.history.at(-1)).toMatchObject({
			kind: 'redacted',
			operations: [{ fact: 'summary', old: null, new: null, redacted: true }]
		});
		expect((await territory.changesOf(id)).at(-1)).toMatchObject({ kind: 'redacted', facts: ['summary'] });
		expect(took(await territory.decide('whole', waits.proposal_id, { outcome: 'accept' }))).toMatchObject({
			state: 'partly_accepted'
		});
		expect(await territory.read('anonymous', id)).toMatchObject({ phone: '02 40 00 00 00', summary: null });
		await verified();
	});

	it('reaches what was written in a list, in an offer and in an offer given whole', async () => {
		const secret = 'Mme Quenouille';
		const offer = `offer:${randomUUID()}`;
		const closures = [{ from: '2026-01-01', to: '2026-01-02', reason: `${secret} malade` }];
		const id = await territory.place({ [offer]: { name: 'Conte', summary: `Par ${secret}` } });
		took(await territory.submit('whole', { place_id: id, operations: [{ fact: 'closures', add: closures }] }));
		took(await territory.submit('neighbour', { place_id: id, operations: [{ fact: 'closures', add: closures }] }));
		await territory.change('whole', id, { [`${offer}.summary`]: [`Par ${secret}`, 'Chaque jeudi'] });
		took(await redact({ subject: 'value', place_id: id, fact: 'closures', value: closures }));
		took(await redact({ subject: 'value', place_id: id, fact: `${offer}.summary`, value: `Par ${secret}` }));
		expect(await keepers(secret)).toEqual([]);
		expect((await territory.read('anonymous', id))?.offers).toMatchObject([{ name: 'Conte', summary: 'Chaque jeudi' }]);
		await verified();
	});

	it('holds against the source that says it again', async () => {
		const secret = '02 40 55 66 77';
		const batch = {
			source: { slug: 'annuaire', name: 'Annuaire' },
			as: 'whole@example.org',
			rows: [{ source_id: '1', facts: { name: 'Crèche', category: 'museum', position: territory.point(), phone: secret } }]
		};
		const [{ place_id: id }] = took(await territory.call<[{ place_id: string }]>('service', 'import_batch', { batch }));
		took(await redact({ subject: 'value', place_id: id, fact: 'phone', value: secret }));
		expect(took(await territory.call('service', 'import_batch', { batch }))).toMatchObject([{ outcome: 'unchanged' }]);
		expect(await keepers(secret)).toEqual([]);
		expect(await territory.read('anonymous', id)).toMatchObject({ phone: null });
		await verified();
	});

	it('of a name leaves a dash, since a place is called something', async () => {
		const id = await territory.place({ name: 'Chez Odile Rampon' });
		took(await redact({ subject: 'value', place_id: id, fact: 'name', value: 'Chez Odile Rampon' }));
		expect(await territory.read('anonymous', id)).toMatchObject({ name: '—', slug: 'lieu' });
		for (const text of ['Odile', 'odile']) expect(await keepers(text)).toEqual([]);
	});

	it('of a place that had ended in public tells everybody to let go of it, once and for every kind of loss', async () => {
		const ended = async (facts: object) => {
			const id = await territory.place({ ...facts });
			took(await territory.submit('whole', { kind: 'end', place_id: id, reason: 'closed' }));
			return id;
		};
		const kinds = async (id: string) => (await territory.changesOf(id)).map(({ kind }) => kind);
		const phone = '02 40 11 22 33';
		const [present, former, withheld, quiet] = [
			await ended({ phone }),
			await territory.place({ phone }),
			await ended({}),
			await ended({})
		] as const;
		await territory.change('whole', former, { phone: [phone, '02 40 99 99 99'] });
		took(await territory.submit('whole', { kind: 'end', place_id: former, reason: 'closed' }));
		expect(await kinds(former)).toEqual(['created', 'updated', 'ended']);
		for (const id of [present, former]) took(await redact({ subject: 'value', place_id: id, fact: 'phone', value: phone }));
		took(await territory.call('whole', 'withhold', { withholding: { place_id: withheld, reason_code: 'personal_data' } }));
		expect(await kinds(present)).toEqual(['created', 'ended', 'withdrawn']);
		expect(await kinds(former)).toEqual(['created', 'updated', 'ended', 'withdrawn']);
		expect(await kinds(withheld)).toEqual(['created', 'ended', 'withdrawn']);
		expect(await kinds(quiet)).toEqual(['created', 'ended']);
		took(await redact({ subject: 'value', place_id: former, fact: 'phone', value: '02 40 99 99 99' }));
		expect((await kinds(former)).filter((kind) => kind === 'withdrawn')).toHaveLength(1);
	});

	it.each([
		['a value that never was there', { fact: 'summary', value: 'jamais' }, refusal(404, 'unknown_value', 'value')],
		['a position', { fact: 'position', value: { lon: 0, lat: 0 } }, refusal(400, 'invalid_value', 'position')],
		['no value', { fact: 'summary' }, refusal(400, 'invalid_value', 'value')],
		['no reason', { fact: 'summary', value: 'x', reason: null }, refusal(400, 'invalid_value', 'reason')],
		['an unknown place', { place_id: randomUUID(), fact: 'summary', value: 'x' }, refusal(404, 'unknown_place', 'place_id')]
	])('refuses %s', async (_, redaction, expected) => {
		const id = await territory.place({ summary: 'x' });
		expect(await redact({ subject: 'value', place_id: id, ...redaction })).toMatchObject(expected);
	});
});

describe('redacting a person', () => {
	it('takes her name and her note out of everything, and leaves what she did', async () => {
		const note = 'C’est moi, la voisine du 12, qui le dis';
		const id = await territory.place();
		const proposal = await territory.change('resident', id, { phone: [null, '02 40 00 00 00'] }, { note });
		took(await territory.decide('wholeModerator', proposal.proposal_id, { outcome: 'accept', message: `Merci (${note})` }));
		await territory.change('resident', id, { city: [null, 'Ville'] });
		expect(await keepers(people.resident.name)).not.toEqual([]);
		took(await redact({ subject: 'note', proposal_id: proposal.proposal_id }));
		took(await redact({ subject: 'author', contributor_id: await territory.contributor('resident') }));
		for (const text of [people.resident.name, 'la voisine du 12']) expect(await keepers(text)).toEqual([]);
		expect((await territory.read('anonymous', id))?.history.at(-1)).toMatchObject({
			by_role: 'resident',
			operations: [{ fact: 'phone' }]
		});
		await verified();
	});

	it('takes a note out of what was said to a colleague, in an appeal and in its answer', async () => {
		const secret = 'la dame du 14 bis';
		const id = await territory.place();
		const { proposal_id } = await territory.change('neighbour', id, { phone: [null, '02 40 00 00 00'] });
		const to = await territory.contributor('coordinator');
		took(await territory.call('wholeModerator', 'hand_item', { item_id: proposal_id, handing: { to, message: secret } }));
		const refused = { outcome: 'refuse', reason_code: 'not_verifiable' };
		const { decision_id } = took(await territory.decide('wholeModerator', proposal_id, refused));
		const appeal = { decision_id, text: `Demandez à ${secret}` };
		const { appeal_id } = took(await territory.call<{ appeal_id: string }>('neighbour', 'contest_decision', { appeal }));
		const decision = { outcome: 'upheld', message: `Et ${secret} ?` };
		took(await territory.call('coordinator', 'decide_appeal', { appeal_id, decision }));
		expect(await keepers(secret)).toEqual(expect.arrayContaining(['private.appeals', 'private.outbox', 'private.proposals']));
		took(await redact({ subject: 'note', proposal_id }));
		expect(await keepers(secret)).toEqual([]);
	});

	it('takes out the name of a visitor and her address, her report and what she was answered, and her old form brings nothing back', async () => {
		const secret = 'Zoé Passante';
		const email = 'zoe.passante@mail.example';
		const visitor = makeVisitor();
		const place_id = await territory.place();
		const body = {
			client_id: randomUUID(),
			place_id,
			kind: 'wrong',
			text: `Signé ${secret}`,
			url: 'https://x.example/zoe',
			name: secret,
			email
		};
		const report = (more: object) =>
			territory.call<{ report_id: string }>('service', 'submit_report', { report: entry(visitor, { ...body, ...more }) });
		const { report_id } = took(await report({}));
		const decision = { outcome: 'accept', message: `Merci ${secret}` };
		took(await territory.call('wholeModerator', 'decide_report', { report_id, decision }));
		const [author] = await territory.supabase.sql<{ id: string }>('select author_id as id from private.reports where id = $1', [
			report_id
		]);
		took(await redact({ subject: 'report', report_id }));
		expect(await keepers(secret)).toEqual(['private.contributors']);
		took(await redact({ subject: 'author', contributor_id: author!.id }));
		for (const text of [secret, email, 'x.example']) expect(await keepers(text)).toEqual([]);
		took(await report({}));
		took(await report({ client_id: randomUUID(), text: 'Fermé aussi le lundi', url: null }));
		for (const text of [secret, email]) expect(await keepers(text)).toEqual([]);
		expect(await redact({ subject: 'report', report_id: randomUUID() })).toMatchObject(
			refusal(404, 'unknown_report', 'report_id')
		);
	});

	it('takes out the words of a photo, or the photo with its copies', async () => {
		const secret = 'Mme Quidam devant chez elle';
		const place_id = await territory.place();
		const photo_id = await sendPhoto(territory, 'whole', { place_id, alt: secret });
		took(await propose(territory, 'whole', place_id, [photo_id]));
		expect(await keepers(secret)).toContain('places of anonymous');
		took(await redact({ subject: 'photo', photo_id }));
		expect(await keepers(secret)).toEqual([]);
		expect((await territory.read('anonymous', place_id))?.['photos']).toMatchObject([{ id: photo_id, alt: '' }]);
		expect((await territory.changesOf(place_id)).at(-1)).toMatchObject({ kind: 'updated', facts: ['photos'] });
		took(await redact({ subject: 'photo', photo_id, erase: true }));
		took(await redact({ subject: 'photo', photo_id, erase: true }));
		const place = await territory.read('anonymous', place_id);
		expect(place).toMatchObject({ photos: [], version: 3 });
		expect(place?.history.at(-1)).toMatchObject({
			kind: 'redacted',
			operations: [{ fact: 'photos', old: [photo_id], new: null }]
		});
		expect((await territory.changesOf(place_id)).at(-1)).toMatchObject({ kind: 'redacted', facts: ['photos'] });
		expect(took(await territory.call('service', 'retire_photos', {}))).toContain(photo_id);
		expect(await redact({ subject: 'photo', photo_id: randomUUID() })).toMatchObject(refusal(404, 'unknown_photo', 'photo_id'));
		await verified();
	});

	it('is for coordinators of the whole territory', async () => {
		const redaction = { subject: 'author', contributor_id: await territory.contributor('neighbour'), reason: 'x' };
		for (const key of ['neighbour', 'wholeModerator', 'coordinator'] as const)
			expect(await territory.call(key, 'redact', { redaction })).toMatchObject(refusal(403, 'coordinators_only'));
	});
});

describe('the history', () => {
	it.each([
		`update private.place_versions set by_role = 'coordinator'`,
		`update private.place_versions set hash = sha256('x')`,
		`update private.version_operations set new = '"autre"' where fact = 'name'`,
		'delete from private.version_operations',
		'delete from private.place_versions',
		'truncate private.place_versions cascade'
	])('is append-only, for its owner too: %s', async (statement) => {
		await territory.place();
		await expect(territory.supabase.sql(statement)).rejects.toMatchObject({ code: 'PT409', detail: 'history_is_kept' });
	});

	it.each([
		['a value', `update private.version_operations set new = '"faux"' where place_id = $1 and fact = 'name'`],
		[
			'an author',
			`update private.place_versions set author_id = (select id from private.contributors where id <> author_id limit 1) where place_id = $1`
		],
		[
			'a date',
			`update private.place_versions set decided_at = decided_at - interval '1 day' where place_id = $1 and version = 1`
		],
		['a note', `update private.place_versions set note = 'ajouté' where place_id = $1 and version = 1`],
		[
			'a version that went missing',
			`with gone as (delete from private.version_operations where place_id = $1 and version = 2) delete from private.place_versions where place_id = $1 and version = 2`
		],
		['an operation that went missing', `delete from private.version_operations where place_id = $1 and fact = 'name'`],
		['the value as it stands', `update private.places set facts = facts || '{"name": "faux"}' where id = $1`]
	])('shows tampering with %s', async (_, statement) => {
		const id = await territory.place();
		await territory.change('whole', id, { summary: [null, 'Deux'] });
		await verified();
		const setTriggers = (how: string) =>
			territory.supabase.script(
				['place_versions', 'version_operations'].map((table) => `alter table private.${table} ${how} trigger user`).join(';')
			);
		await setTriggers('disable');
		await territory.supabase.sql(statement, [id]);
		await setTriggers('enable');
		const { breaks } = took(await territory.call<{ breaks: { place_id: string }[] }>('service', 'verify_chain', { n: 2000 }));
		expect(breaks).toMatchObject([{ place_id: id }]);
		// The others' chains are judged by themselves: this place goes.
		await setTriggers('disable');
		for (const table of ['assurances', 'version_operations', 'place_versions'])
			await territory.supabase.sql(`delete from private.${table} where place_id = $1`, [id]);
		await territory.supabase.sql('delete from private.places where id = $1', [id]);
		await setTriggers('enable');
	});
});
