import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ofDataset } from '../../../src/lib/server/db/dataset-reports.ts';
import type { PersonKey, Result, Territory } from '../../support/territory.ts';
import { openTerritory, people, refusal, took } from '../../support/territory.ts';
import { byCode, entry, makeVisitor } from '../../support/visitors.ts';
import type { Visitor } from '../../support/visitors.ts';

let t: Territory;
beforeAll(async () => {
	t = await openTerritory();
	const both = (text: string) => ({ fr: text, en: `${text} (en)` });
	const described = { description: both('Où lire.'), licence: 'etalab-2.0' };
	const lecture = { theme: 'culture', organisation: 'les-amis', contact: { name: 'Les Amis', email: 'Contact@Amis.example' } };
	const centre = { area: 'ville-centre', contact: { name: 'La Ville', url: 'https://ville.example' } };
	for (const dataset of [
		{ slug: 'lecture', title: both('Lecture'), ...lecture },
		{ slug: 'centre', title: both('Centre'), ...centre }
	])
		took(await t.call('whole', 'save_dataset', { dataset: { ...described, ...dataset } }));
});
afterAll(() => t.stop());

interface Receipt {
	report_id: string;
	state: string;
	lane: string;
	mailed: boolean;
	public_state?: string | null;
}
type Row = Record<string, unknown>;

const body = (more: object = {}) => ({
	...{ client_id: randomUUID(), dataset: 'lecture', kind: 'values', text: 'Les horaires sont faux, dit Odile' },
	...more
});
const report = (visitor: Visitor, more: object = {}): Promise<Result<Receipt>> =>
	t.call('service', 'submit_report', { report: entry(visitor, body(more)) });
const reported = async (more: object = {}) => took(await report(makeVisitor(), more)).report_id;
const settle = (key: PersonKey, report_id: string, decision: object) =>
	t.call<Receipt>(key, 'decide_report', { report_id, decision });
const seenBy = async (key: PersonKey, id: string) =>
	(await (await t.as(key)).from('dataset_reports').select('*').eq('id', id)).data![0] as Row | undefined;
async function shown(slug = 'lecture'): Promise<Row[]> {
	const { data } = await t.supabase.anon().from('datasets').select('reports').eq('slug', slug).single();
	return data!['reports'] as Row[];
}
const published = async (id: string, slug?: string) => (await shown(slug)).find((one) => one['id'] === id);
const toldTo = (address: string) =>
	t.supabase.sql<{ id: string; said: Row }>(
		`select o.subject_id as id, private.letter_item(o, null) -> 'data' as said from private.outbox as o
		join private.visitor_contacts as c on c.contributor_id = o.recipient_id
		where c.email = $1 and c.is_contact and o.topic = 'dataset_reported' order by o.created_at`,
		[address]
	);
const summary = 'Des horaires d’été sont périmés.';

interface PlanNode {
	'Relation Name'?: string;
	Plans?: PlanNode[];
}
const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

describe('a report about a dataset', () => {
	it('goes from a visitor to the contact and the coordination, is read, begun and mended in public, and she hears of it', async () => {
		const visitor = makeVisitor();
		const address = { email: 'visiteuse@example.org', name: 'Vera' };
		const { report_id, lane } = took(await report(visitor, address));
		expect(lane).toBe('queue');
		expect(await published(report_id)).toBeUndefined();
		const [mail] = (await toldTo('contact@amis.example')).filter(({ id }) => id === report_id);
		expect(mail!.said).toEqual({
			...{ place_name: 'Lecture', message: body().text, dataset: 'lecture', kind: 'values' },
			link: '/data/lecture/reports'
		});
		const item = await seenBy('whole', report_id);
		expect(item).toMatchObject({ dataset: 'lecture', urgent: false, author_name: 'Vera', reachable: true, public_state: null });
		expect(await seenBy('member', report_id)).toMatchObject({ author_name: null, text: body().text });
		expect(JSON.stringify([item, mail])).not.toContain('example.org');

		took(await t.call('whole', 'claim_item', { item_id: report_id }));
		expect(await seenBy('member', report_id)).toMatchObject({ claimed: true });
		const read = took(await settle('member', report_id, { outcome: 'read', summary }));
		expect(read).toMatchObject({ state: 'open', public_state: 'read' });
		const day = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Paris' }).format(new Date());
		const said = { id: report_id, kind: 'values', summary, received_on: day, stated_on: day, reason_code: null, reason: null };
		expect(await published(report_id)).toEqual({ ...said, state: 'read' });
		took(await settle('whole', report_id, { outcome: 'in_progress' }));
		took(await settle('whole', report_id, { outcome: 'accept', message: 'Merci Vera' }));
		expect(await published(report_id)).toEqual({ ...said, state: 'fixed' });
		expect((await t.changesOf('lecture')).map(({ kind }) => kind)).toEqual(['created', 'updated', 'updated', 'updated']);

		const followed = took(await t.call<{ items: Row[] }>('service', 'follow_contributions', { key: byCode(visitor) }));
		const hers = { subject: 'report', dataset: 'lecture', place_id: null, state: 'accepted', message: 'Merci Vera' };
		expect(followed.items).toMatchObject([{ ...hers, dataset_title: { fr: 'Lecture' } }]);
		const told = await t.supabase.sql<{ topic: string; name: string }>(
			`select o.topic, private.mail_item(o) -> 'data' ->> 'place_name' as name from private.outbox as o
			join private.reports as r on r.author_id = o.recipient_id where r.id = $1 order by o.created_at`,
			[report_id]
		);
		expect(told).toEqual(['report_received', 'report_read', 'report_decided'].map((topic) => ({ topic, name: 'Lecture' })));
	});

	it('that nothing is done about says why in public; a joke is refused without a word there', async () => {
		const [serious, joke] = [await reported({ kind: 'missing' }), await reported({ kind: 'other' })];
		const refuse = { outcome: 'refuse', reason_code: 'other', summary };
		expect(await settle('whole', serious, refuse)).toMatchObject(refusal(400, 'missing_public_reason', 'public_reason'));
		took(await settle('whole', serious, { ...refuse, public_reason: 'La source ne le sait pas.' }));
		expect(await published(serious)).toMatchObject({
			...{ state: 'declined', reason_code: 'other', reason: 'La source ne le sait pas.' }
		});
		const unsaid = { outcome: 'refuse', reason_code: 'offensive', public_reason: 'Parce que.' };
		expect(await settle('whole', joke, unsaid)).toMatchObject(refusal(400, 'missing_summary', 'summary'));
		took(await settle('whole', joke, { outcome: 'refuse', reason_code: 'offensive' }));
		expect(await published(joke)).toBeUndefined();
		expect(await settle('whole', joke, { outcome: 'read', summary })).toMatchObject(refusal(409, 'report_decided'));
	});

	it('is read, begun or asked about once by two clicks, and its author told once; a question after her answer is another one', async () => {
		const sent = { ...body(), contributor_id: await t.contributor('resident') };
		const { report_id } = took(await t.call<Receipt>('service', 'submit_report', { report: sent }));
		const told = async () => (await t.supabase.sql('select from private.outbox where subject_id = $1', [report_id])).length;
		const atFirst = await told();
		let after = atFirst;
		for (const step of [
			{ outcome: 'read', summary, message: 'Merci.' },
			{ outcome: 'in_progress', message: 'On y est.' },
			{ outcome: 'ask', message: 'Quel jour ?' }
		]) {
			const both = await Promise.all([settle('whole', report_id, step), settle('whole', report_id, step)]);
			expect(took(both[0])).toEqual(took(both[1]));
			expect(await told()).toBe(++after);
		}
		took(await settle('member', report_id, { outcome: 'ask', message: 'Quel jour ?' }));
		took(await t.call('resident', 'act_on_report', { report_id, act: { act: 'answer', note: 'Lundi.' } }));
		took(await settle('member', report_id, { outcome: 'ask', message: 'Quel jour ?' }));
		expect(await told()).toBe(after + 2);
	});

	it('of somebody signed in is hers: she is asked and answers, does not decide on it, takes it along, and withdraws it with what was made public of it', async () => {
		const sent = { ...body({ dataset: 'places', kind: 'format' }), contributor_id: await t.contributor('coordinator') };
		const { report_id } = took(await t.call<Receipt>('service', 'submit_report', { report: sent }));
		expect(await settle('coordinator', report_id, { outcome: 'accept' })).toMatchObject(refusal(403, 'not_in_scope'));
		const own = { ...body({ dataset: 'centre' }), contributor_id: await t.contributor('coordinator') };
		const mine = took(await t.call<Receipt>('service', 'submit_report', { report: own }));
		expect(await settle('coordinator', mine.report_id, { outcome: 'read', summary })).toMatchObject(refusal(403, 'own_report'));
		took(await settle('whole', report_id, { outcome: 'ask', message: 'Quelle colonne ?', summary }));
		expect(await published(report_id, 'places')).toMatchObject({ state: 'read' });
		const act = (what: object) => t.call('coordinator', 'act_on_report', { report_id, act: what });
		took(await act({ act: 'answer', note: 'La cinquième.' }));
		expect(await seenBy('whole', report_id)).toMatchObject({ state: 'open', text: `${sent.text}\n\nLa cinquième.` });
		const rows = (await (await t.as('coordinator')).from('my_reports').select('*')).data!;
		expect(rows.map(({ dataset }) => dataset as string).sort()).toEqual(['centre', 'places']);
		const data = took(await t.call<{ reports: Row[] }>('coordinator', 'my_data', {}));
		expect(data.reports.find(({ id }) => id === report_id)).toMatchObject({ dataset: 'places', public_state: 'read', summary });
		took(await act({ act: 'withdraw' }));
		expect(await shown('places')).toEqual([]);
	});

	it('without proof is told to nobody before a coordinator lets it in; members and moderators do not sort', async () => {
		const [kept, dropped] = [await reported({ proven: false, kind: 'rights' }), await reported({ proven: false })];
		const beside = async (key: PersonKey) =>
			(await (await t.as(key)).from('unproven_queue').select('*').in('id', [kept, dropped]).order('urgent')).data!;
		expect(await beside('whole')).toMatchObject([{ urgent: false }, { urgent: true, dataset: 'lecture', place_id: null }]);
		const ids = async () => (await toldTo('contact@amis.example')).map(({ id }) => id);
		for (const key of ['member', 'wholeModerator', 'coordinator', 'resident'] as const) {
			expect(await beside(key)).toEqual([]);
			const sorting = { items: [kept], keep: true };
			expect(await t.call(key, 'sort_unproven', { sorting })).toMatchObject(refusal(403, 'not_in_scope'));
		}
		expect(await seenBy('member', kept)).toBeUndefined();
		expect(await ids()).not.toContain(kept);
		took(await t.call('whole', 'sort_unproven', { sorting: { items: [kept], keep: true } }));
		took(await t.call('whole', 'sort_unproven', { sorting: { items: [dropped], keep: false } }));
		expect(await ids()).toContain(kept);
		expect(await ids()).not.toContain(dropped);
		expect(await seenBy('member', kept)).toMatchObject({ urgent: true });
	});

	it('is for who answers there: the coordination of all it lies in, and members of its organisation', async () => {
		const [lecture, centre, everything] = [
			await reported(),
			await reported({ dataset: 'centre' }),
			await reported({ dataset: 'places' })
		];
		const may: Partial<Record<PersonKey, string[]>> = {
			...{ whole: [lecture, centre, everything], coordinator: [centre], member: [lecture], manager: [lecture] },
			...{ stranger: [], resident: [], agent: [], moderator: [], wholeModerator: [], moderatorOfCulture: [] }
		};
		for (const [key, theirs] of Object.entries(may) as [PersonKey, string[]][])
			for (const id of [lecture, centre, everything]) {
				expect(Boolean(await seenBy(key, id)), `${key} sees`).toBe(theirs.includes(id));
				if (theirs.includes(id)) continue;
				expect(await settle(key, id, { outcome: 'read', summary })).toMatchObject(refusal(403, 'not_in_scope'));
				expect(await t.call(key, 'claim_item', { item_id: id })).toMatchObject(refusal(403, 'not_in_scope'));
			}
		const queue = (await (await t.as('whole')).from('report_queue').select('id')).data!.map(({ id }) => id as string);
		expect(queue).not.toContain(lecture);
		expect(await t.supabase.anon().from('dataset_reports').select('*')).toMatchObject({ error: { code: '42501' } });
	});

	it('that waits is read by who answers, however many were settled since', async () => {
		const id = await reported();
		await t.supabase.sql(
			`insert into private.reports (author_id, author_role, client_id, dataset_slug, kind, text, state, received_at)
			select author_id, author_role, gen_random_uuid(), dataset_slug, kind, text, 'refused', received_at + n * interval '1 second'
			from private.reports, generate_series(1, 120) as n where id = $1`,
			[id]
		);
		const { waiting, settled } = await ofDataset(await t.as('member'), 'lecture');
		expect(waiting.map((one) => one.id)).toContain(id);
		expect(new Set(waiting.map(({ state }) => state))).toEqual(new Set(['open', 'asked']));
		expect(settled).toHaveLength(50);
		expect(settled.every((one, n) => n === 0 || one.createdAt <= settled[n - 1]!.createdAt)).toBe(true);
	});

	it('costs no reader a judgement: rights are asked of datasets, never of each report', async () => {
		const [{ 'QUERY PLAN': explained } = {}] = await t.supabase.sql<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
			'explain (verbose, format json) select * from public.dataset_reports'
		);
		const judging = nodesOf(explained![0].Plan).filter(({ Plans: _, ...own }) => JSON.stringify(own).includes('hat_for_dataset'));
		const read = judging.flatMap(nodesOf).map((node) => node['Relation Name'] ?? '');
		expect(read).toContain('datasets');
		expect(read).not.toContain('reports');
	});

	it.each([
		[{ dataset: 'nulle-part' }, refusal(400, 'unknown_dataset', 'dataset')],
		[{ dataset: { slug: 'lecture' } }, refusal(400, 'unknown_dataset', 'dataset')],
		[{ dataset: null }, refusal(400, 'invalid_id', 'client_id')],
		[{ place_id: randomUUID() }, refusal(400, 'invalid_id', 'client_id')],
		[{ kind: 'gone' }, refusal(400, 'invalid_kind', 'kind')],
		[{ kind: null }, refusal(400, 'invalid_kind', 'kind')],
		[{ text: ' ' }, refusal(400, 'missing_text', 'text')],
		[{ text: 'x'.repeat(2001) }, refusal(400, 'invalid_value', 'text')],
		[{ url: 'https://x.example' }, refusal(400, 'invalid_value', 'url')],
		[{ email: 'nom' }, refusal(400, 'invalid_value', 'email')],
		[{ contributor_id: randomUUID() }, refusal(404, 'unknown_holder', 'contributor_id')]
	])('with %j is refused, and nothing of it stays', async (more, expected) => {
		const visitor = makeVisitor();
		expect(await report(visitor, more)).toMatchObject(expected);
		expect(await t.call('service', 'follow_contributions', { key: byCode(visitor) })).toMatchObject(refusal(404, 'unknown_link'));
	});

	it.each([
		[{ outcome: 'publish', summary }, refusal(400, 'invalid_outcome', 'outcome')],
		[{ outcome: 'read' }, refusal(400, 'missing_summary', 'summary')],
		[{ outcome: 'read', summary: ' ' }, refusal(400, 'missing_summary', 'summary')],
		[{ outcome: 'read', summary: 'x'.repeat(301) }, refusal(400, 'invalid_value', 'summary')],
		[{ outcome: 'in_progress', summary: 3 }, refusal(400, 'invalid_value', 'summary')],
		[{ outcome: 'refuse', summary }, refusal(400, 'missing_reason', 'reason_code')],
		[{ outcome: 'ask', summary }, refusal(400, 'missing_message', 'message')],
		[['read'], refusal(400, 'invalid_decision')],
		[null, refusal(400, 'invalid_decision')]
	])('is not answered with %j', async (decision, expected) => {
		const id = await reported();
		expect(await settle('whole', id, decision as object)).toMatchObject(expected);
		expect(await published(id)).toBeUndefined();
	});
});

describe('what is public of it', () => {
	it('holds no word, name or number of the author’s, whatever she typed and whoever she is', async () => {
		const visitor = makeVisitor();
		const { report_id } = took(await report(visitor, { name: 'Zoé Passante', text: 'Signé Zoé', email: 'zoe@mail.example' }));
		took(await settle('whole', report_id, { outcome: 'ask', message: 'Zoé, où ?', summary }));
		const [row] = await t.supabase.sql<{ author: string }>('select author_id as author from private.reports where id = $1', [
			report_id
		]);
		const all = JSON.stringify((await t.supabase.anon().from('datasets').select('*')).data);
		expect(all).toContain(summary);
		for (const secret of ['Zoé', 'zoe', row!.author, people.whole.name, await t.contributor('whole')])
			expect(all).not.toContain(secret);
	});

	it('leaves with a redaction of the report, and the mail that waits says nothing any more', async () => {
		const secret = 'la dame du 14 bis';
		const id = await reported({ text: `C’est ${secret}` });
		took(await settle('whole', id, { outcome: 'read', summary: `Adresse de ${secret}`, message: `Merci ${secret}` }));
		const kept = async () =>
			(
				await t.supabase.sql<{ n: number }>(
					`select (select count(*) from private.reports as r where to_jsonb(r)::text like $1)
				+ (select count(*) from private.report_decisions as d where to_jsonb(d)::text like $1)
				+ (select count(*) from private.outbox as o where private.mail_item(o)::text like $1)
				+ (select count(*) from public.datasets as d where to_jsonb(d)::text like $1) as n`,
					[`%${secret}%`]
				)
			)[0]!.n;
		expect(Number(await kept())).toBeGreaterThan(3);
		took(await t.call('whole', 'redact', { redaction: { subject: 'report', report_id: id, reason: 'Vie privée' } }));
		expect(Number(await kept())).toBe(0);
		expect(await published(id)).toBeUndefined();
		expect((await toldTo('contact@amis.example')).find((mail) => mail.id === id)!.said).toBeNull();
	});

	it('stays when its author’s account goes, with nothing of her beside it', async () => {
		const sent = { ...body(), contributor_id: await t.contributor('neighbour') };
		const { report_id } = took(await t.call<Receipt>('service', 'submit_report', { report: sent }));
		took(await settle('whole', report_id, { outcome: 'read', summary }));
		expect(await seenBy('whole', report_id)).toMatchObject({ author_name: people.neighbour.name });
		took(await t.call('neighbour', 'delete_account', {}));
		expect(await seenBy('whole', report_id)).toMatchObject({ author_name: null });
		expect(await published(report_id)).toMatchObject({ state: 'read', summary });
	});
});

describe('the contact of a dataset', () => {
	it('is the territory’s where there is none, and nobody where it has no mailbox; a flood reaches it twenty times a day', async () => {
		const setting = `update private.settings set value = value || '{"email": "mairie@ville.example"}' where key = 'contact'`;
		await t.supabase.sql(setting);
		await reported({ dataset: 'centre' });
		expect(await toldTo('mairie@ville.example')).toEqual([]);
		await t.supabase.sql(`select private.tell_contact(r) from private.reports as r, generate_series(1, 30) where r.id = $1`, [
			await reported({ dataset: 'places' })
		]);
		expect(await toldTo('mairie@ville.example')).toHaveLength(20);
		const mailboxes = await t.supabase.sql(`select from private.visitor_contacts where email = 'mairie@ville.example'`);
		expect(mailboxes).toHaveLength(1);
	});

	it('has no link: what is told to it opens nobody’s correspondence', async () => {
		const minted = await t.supabase.sql(
			'select private.mint_visitor_link(contributor_id) as token from private.visitor_contacts where is_contact'
		);
		expect(minted.map(({ token }) => token as unknown)).toEqual(minted.map(() => null));
		expect(minted.length).toBeGreaterThan(0);
	});

	it('is forgotten like a visitor, a year after the last report', async () => {
		await t.supabase.sql(
			`update private.visitor_contacts set created_at = private.clock() - interval '13 months' where is_contact`
		);
		await reported();
		await t.supabase.sql('select private.purge_visitor_contacts()');
		const left = await t.supabase.sql('select email from private.visitor_contacts where is_contact');
		expect(left).toEqual([{ email: 'contact@amis.example' }]);
	});
});
