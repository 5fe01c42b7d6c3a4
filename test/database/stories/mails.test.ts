import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { mute } from '../../../src/lib/server/db/mails.ts';
import { mailDelivery } from '../../../src/lib/server/jobs/mails.ts';
import { doJob } from '../../../src/lib/server/jobs/registry.ts';
import { createLog } from '../../../src/lib/server/log.ts';
import { openPost } from '../../../src/lib/server/mail/post.ts';
import { readUnsubscribeToken } from '../../../src/lib/server/mail/unsubscribe.ts';
import type { MailServer } from '../../support/mail-server.ts';
import { startMailServer } from '../../support/mail-server.ts';
import type { PersonKey, Territory } from '../../support/territory.ts';
import { openTerritory, took } from '../../support/territory.ts';

let t: Territory;
let server: MailServer;
let logged = '';
const SECRET = 'a secret of this installation';
const dataDir = mkdtempSync(join(tmpdir(), 'alentour-'));
const log = createLog('test', 'debug', { write: (line) => void (logged += line) });
beforeAll(async () => {
	[t, server] = await Promise.all([openTerritory(), startMailServer()]);
});
afterAll(async () => {
	await Promise.all([t.stop(), server.close()]);
	rmSync(dataDir, { recursive: true, force: true });
});
afterEach(async () => {
	Object.assign(server, { answers: [], attempts: 0, onEnd: null });
	server.received.length = 0;
	await t.supabase.sql('delete from private.outbox');
	await t.supabase.sql('delete from private.mails');
});

/** A web node's mail job. */
function node(smtpUrl: string | null = server.url) {
	const client = t.supabase.service();
	const post = openPost({ smtpUrl, from: 'Alentour <carte@example.org>', dataDir });
	const town = () => ({ name: 'Ville', contact: 'Mairie, mairie@example.org' });
	const delivery = mailDelivery({
		client: () => client,
		post,
		log,
		origin: 'https://carte.example.org',
		secret: () => SECRET,
		town
	});
	/** Sends all that is due and waits for the end of it. */
	const run = async () => {
		let found = 0;
		while (await delivery.look()) found++;
		await delivery.settled();
		return found;
	};
	return { run, look: delivery.look };
}

/** A neighbour's proposal on a fresh place, waiting. */
async function proposed(name = 'Bibliothèque', key: PersonKey = 'neighbour') {
	const answer = await t.change(key, await t.place({ name }), { summary: [null, 'Ouverte à tous'] });
	return answer.proposal_id;
}
const decide = async (id: string, decision: object) => took(await t.decide('wholeModerator', id, decision)).decision_id;
const refuse = (id: string) =>
	decide(id, { outcome: 'refuse', reason_code: 'not_verifiable', message: 'Le panneau dit autre chose.' });
/** Makes everything due, as if time had passed. */
const later = async () => {
	await t.supabase.sql(`update private.outbox set not_before = not_before - interval '1 hour' where state = 'waiting'`);
	await t.supabase.sql(`update private.mails set due_at = due_at - interval '1 hour' where state = 'waiting'`);
};
const mails = () =>
	t.supabase.sql<{ id: string; state: string; attempts: number; error: string | null; message_id: string | null }>(
		'select id, state, attempts, error, message_id from private.mails order by created_at'
	);
const outbox = async () =>
	(await t.supabase.sql<{ state: string }>('select state from private.outbox order by created_at')).map(({ state }) => state);

describe('a decision', () => {
	it('is told to its author after fifteen seconds, with its statement of reasons, and marked with its Message-ID', async () => {
		const id = await proposed('La Halle');
		await refuse(id);
		const sender = node();
		expect(await sender.run()).toBe(0);
		await later();
		expect(await sender.run()).toBe(1);
		const [mail] = await server.parsed();
		expect(mail).toMatchObject({ subject: 'Refusé\u00a0: La Halle', to: [{ address: 'neighbour@example.org' }] });
		for (const part of [mail!.text!, mail!.html!])
			for (const said of [
				'Impossible à vérifier',
				'Le panneau dit autre chose.',
				'En une phrase',
				'sans signalement',
				'une autre personne décidera',
				`/me#proposal-${id}`
			])
				expect(part).toContain(said);
		const [row] = await mails();
		expect(row).toMatchObject({ state: 'sent', message_id: mail!.messageId });
		expect(mail!.messageId).toBe(`<${row!.id}@example.org>`);
		await later();
		expect(await sender.run()).toBe(0);
	});

	it('that is undone within ten seconds is told to nobody', async () => {
		const decision_id = await refuse(await proposed());
		took(await t.call('wholeModerator', 'undo_decision', { decision_id }));
		await later();
		expect(await node().run()).toBe(0);
		expect(await outbox()).toEqual(['cancelled']);
	});

	it('that is undone while its mail waits for a server that is away is told to nobody; once it has left, the undoing is told', async () => {
		server.answers = [451];
		const [first, second] = [await refuse(await proposed()), await refuse(await proposed('Le Parc', 'resident'))];
		await later();
		await t.supabase.sql(`update private.outbox set not_before = now() + interval '1 hour' where recipient_id = $1`, [
			await t.contributor('resident')
		]);
		await node().run();
		took(await t.call('wholeModerator', 'undo_decision', { decision_id: first }));
		await t.supabase.sql(`update private.outbox set not_before = now() - interval '1 hour' where state = 'waiting'`);
		await later();
		await node().run();
		took(await t.call('wholeModerator', 'undo_decision', { decision_id: second }));
		await later();
		await node().run();
		expect((await server.parsed()).map(({ subject }) => subject)).toEqual([
			'Refusé\u00a0: Le Parc',
			'Décision annulée\u00a0: Le Parc'
		]);
	});

	it('on a report says of which place, why and in whose words; a place hidden meanwhile is not named', async () => {
		const reported = async (name: string) => {
			const place_id = await t.place({ name });
			const report = { contributor_id: await t.contributor('neighbour'), client_id: randomUUID(), place_id, kind: 'gone' };
			const { report_id } = took(await t.call<{ report_id: string }>('service', 'submit_report', { report }));
			await t.supabase.sql('delete from private.outbox');
			const decision = { outcome: 'refuse', reason_code: 'not_verifiable', message: 'La porte était ouverte.' };
			took(await t.call('wholeModerator', 'decide_report', { report_id, decision }));
			return place_id;
		};
		await reported('Le Moulin');
		await later();
		await node().run();
		const place_id = await reported('Le Lavoir');
		took(await t.call('whole', 'withhold', { withholding: { place_id, reason_code: 'personal_data' } }));
		await later();
		await node().run();
		const [shown, hidden] = await server.parsed();
		for (const said of ['Le Moulin', 'Impossible à vérifier', 'La porte était ouverte.']) expect(shown!.text).toContain(said);
		expect(hidden!.text).toContain('La porte était ouverte.');
		expect(`${hidden!.subject} ${hidden!.text}`).not.toContain('Le Lavoir');
	});

	it('by rule is told to nobody, nor one that its own author undoes', async () => {
		const id = await t.place();
		const { proposal_id } = await t.change('wholeModerator', id, { city: [null, 'Ville'] });
		const [{ id: decision_id } = { id: '' }] = await t.supabase.sql<{ id: string }>(
			'select id from private.decisions where proposal_id = $1',
			[proposal_id]
		);
		took(await t.call('wholeModerator', 'undo_decision', { decision_id }));
		expect(await outbox()).toEqual([]);
	});
});

describe('several things for one person', () => {
	it('make one mail; another person has her own; a family of topics too', async () => {
		for (const name of ['Un', 'Deux', 'Trois']) await decide(await proposed(name), { outcome: 'accept' });
		await decide(await proposed('Quatre', 'resident'), { outcome: 'ask', message: 'Quel jour ?' });
		await t.supabase.sql(`select private.notify($1, 'report_received', null, '{"number": 12, "place_name": "Le Port"}')`, [
			await t.contributor('neighbour')
		]);
		await later();
		expect(await node().run()).toBe(3);
		const all = await server.parsed();
		expect(all.map(({ subject }) => subject).sort()).toEqual([
			'Publié\u00a0: Un, et 2 autres nouvelles',
			'Signalement bien reçu\u00a0: Le Port',
			'Une question sur votre proposition\u00a0: Quatre'
		]);
		const grouped = all.find(({ subject }) => subject?.startsWith('Publié'))!;
		for (const name of ['Publié\u00a0: Un', 'Publié\u00a0: Deux', 'Publié\u00a0: Trois']) expect(grouped.text).toContain(name);
	});

	it('wait for the last one of a burst, at most a minute', async () => {
		await decide(await proposed('Un'), { outcome: 'accept' });
		await t.supabase.sql(`update private.outbox set not_before = now() - interval '5 seconds'`);
		await decide(await proposed('Deux'), { outcome: 'accept' });
		expect(await node().run()).toBe(0);
		await t.supabase.sql(`update private.outbox set not_before = now() - interval '2 minutes' where not_before < now()`);
		expect(await node().run()).toBe(1);
	});

	it('are written in the language of her sign-up, else the one she chose', async () => {
		await t.as('resident');
		await t.supabase.sql(`update auth.users set raw_user_meta_data = '{"locale": "en"}' where email = 'resident@example.org'`);
		await decide(await proposed('Le Parc', 'resident'), { outcome: 'accept' });
		await later();
		await node().run();
		expect((await server.parsed())[0]?.subject).toBe('Published: Le Parc');
		server.received.length = 0;
		took(await t.call('neighbour', 'save_notification_settings', { settings: { locale: 'en', muted: [] } }));
		await refuse(await proposed('La Halle'));
		await later();
		await node().run();
		took(await t.call('neighbour', 'save_notification_settings', { settings: { locale: 'fr', muted: [] } }));
		const [mail] = await server.parsed();
		expect(mail?.subject).toBe('Refused: La Halle');
		expect(mail?.text).toContain('Cannot be verified');
	});
});

describe('a mail server', () => {
	const states = async () => (await mails()).map(({ state, attempts }) => `${state} ${attempts}`);
	const told = async () => {
		await refuse(await proposed());
		await later();
	};

	it('that says "later", is away, or hangs up before the end gets it again, and once', async () => {
		server.answers = [451, 'drop_before_end'];
		await told();
		const sender = node();
		for (let attempt = 1; attempt <= 2; attempt++) {
			await sender.run();
			expect(await states()).toEqual([`waiting ${attempt}`]);
			await later();
		}
		await server.close();
		await sender.run();
		expect(await mails()).toMatchObject([{ state: 'waiting', attempts: 3, error: 'esocket' }]);
		await server.open();
		await later();
		await sender.run();
		expect(await states()).toEqual(['sent 4']);
		expect(server.received).toHaveLength(1);
	});

	it('is asked again later and later', async () => {
		await told();
		server.answers = [451, 451, 451];
		const waits: number[] = [];
		for (let attempt = 0; attempt < 3; attempt++) {
			await node().run();
			const [row] = await t.supabase.sql<{ wait: number }>(
				'select extract(epoch from due_at - now())::int as wait from private.mails'
			);
			waits.push(Math.round(row!.wait / 5));
			await later();
		}
		expect(waits).toEqual([1, 2, 4]);
	});

	it('that refuses for good has it set aside, a coordinator sees it without an address and may send it again', async () => {
		server.answers = [{ recipient: 550 }];
		await told();
		await node().run();
		expect(await mails()).toMatchObject([{ state: 'failed', error: 'smtp_550' }]);
		await later();
		expect(await node().run()).toBe(0);
		const status = took(await t.call<{ mails: object; in_trouble: { id: string }[] }>('whole', 'work_status', {}));
		expect(status).toMatchObject({
			mails: { failed: 1 },
			in_trouble: [{ state: 'failed', error: 'smtp_550', topics: ['proposal_decided'] }]
		});
		expect(JSON.stringify(status)).not.toContain('@');
		const again = { mail_id: status.in_trouble[0]!.id };
		expect([took(await t.call('whole', 'resend_mail', again)), took(await t.call('whole', 'resend_mail', again))]).toEqual([
			true,
			false
		]);
		await node().run();
		expect(server.received).toHaveLength(1);
	});

	it('that hangs up after the end without a word is asked again under the same Message-ID', async () => {
		server.answers = ['drop_after_end'];
		await told();
		await node().run();
		expect(await states()).toEqual(['waiting 1']);
		await later();
		await node().run();
		const [mail] = await mails();
		expect((await server.parsed()).map(({ messageId }) => messageId)).toEqual([`<${mail!.id}@example.org>`]);
	});

	it('that is slow gets it once, while another mail goes past', async () => {
		const subjects = async () => (await server.parsed()).map(({ subject }) => subject);
		const past = Promise.withResolvers<void>();
		server.answers = [{ after: past.promise }];
		await told();
		await decide(await proposed('Vite', 'resident'), { outcome: 'accept' });
		await later();
		const both = [node().run(), node().run()];
		await vi.waitFor(() => expect(server.received).toHaveLength(1), { timeout: 10_000 });
		past.resolve();
		await Promise.all(both);
		expect(new Set(await subjects()).size).toBe(2);
		expect(server.received).toHaveLength(2);
	});
});

describe('a node that dies', () => {
	const leaseEnds = () =>
		t.supabase.sql(`update private.mails set leased_until = now() - interval '1 second' where state = 'sending'`);

	it('before the end of the text has sent nothing: another one sends it', async () => {
		await refuse(await proposed());
		await later();
		took(await t.call('service', 'claim_mail', { worker: randomUUID() }));
		expect(await node().run()).toBe(0);
		await leaseEnds();
		expect(await node().run()).toBe(1);
		expect(server.received).toHaveLength(1);
	});

	it('after it leaves a mail that is not sent twice, and said to be uncertain; its late word still counts', async () => {
		await refuse(await proposed());
		await later();
		const worker = randomUUID();
		const { id } = took(await t.call<{ id: string }>('service', 'claim_mail', { worker }));
		expect(took(await t.call('service', 'keep_mail', { mail_id: id, worker, handing: true }))).toBe(true);
		await leaseEnds();
		expect(await node().run()).toBe(0);
		expect(await mails()).toMatchObject([{ state: 'uncertain' }]);
		expect(
			took(
				await t.call('service', 'settle_mail', {
					mail_id: id,
					worker: randomUUID(),
					outcome: { result: 'sent', message_id: '<x>' }
				})
			)
		).toBe(false);
		took(await t.call('service', 'settle_mail', { mail_id: id, worker, outcome: { result: 'sent', message_id: '<x>' } }));
		expect(await mails()).toMatchObject([{ state: 'sent' }]);
	});

	it('and lost its lease gives the server no end', async () => {
		await refuse(await proposed());
		await later();
		const post = openPost({ smtpUrl: server.url, from: 'carte@example.org', dataDir });
		const letter = {
			id: randomUUID(),
			to: 'x@example.org',
			subject: 's',
			text: 't',
			html: '<p>t</p>',
			unsubscribeUrl: 'https://x.example/u',
			at: '2026-11-22T00:00:00Z'
		};
		await expect(
			post.send(letter, () => Promise.reject(Object.assign(new Error(), { code: 'lease_lost' })))
		).rejects.toMatchObject({ refused: true, final: false });
		await vi.waitFor(() => expect(server.attempts).toBe(1));
		expect(server.received).toHaveLength(0);
	});
});

describe('the wish to hear no more', () => {
	it('is one click of the mailbox, for one family, and leaves the notice on her page', async () => {
		await refuse(await proposed());
		await later();
		await node().run();
		const [mail] = await server.parsed();
		const header = (key: string) => mail!.headers.find((one) => one.key === key)?.value;
		expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
		const token = /<https:\/\/carte\.example\.org\/unsubscribe\/([\w-]+)>/.exec(header('list-unsubscribe') ?? '')?.[1] ?? '';
		const wish = readUnsubscribeToken(SECRET, token);
		expect(wish).toEqual({ recipientId: await t.contributor('neighbour'), family: 'contributions' });
		for (let click = 1; click <= 2; click++) expect(await mute(t.supabase.service(), wish!.recipientId, wish!.family)).toBe(true);
		await refuse(await proposed('Après'));
		await later();
		expect(await node().run()).toBe(0);
		const { data } = await (await t.as('neighbour')).from('my_notifications').select('*');
		expect(data).toHaveLength(2);
		took(await t.call('neighbour', 'save_notification_settings', { settings: { locale: 'fr', muted: [] } }));
	});

	it('and what a mailbox has not confirmed: only what asks for it goes there, and its link is forgotten once it left', async () => {
		const [visitor] = await t.supabase.sql<{ id: string }>(
			`insert into private.contributors (kind) values ('visitor') returning id`
		);
		await t.supabase.sql(
			`insert into private.visitor_contacts (contributor_id, email, locale) values ($1, 'visiteuse@example.org', 'en')`,
			[visitor!.id]
		);
		const tell = (topic: string, data: object) =>
			t.supabase.sql('select private.notify($1, $2, null, $3::jsonb)', [visitor!.id, topic, JSON.stringify(data)]);
		await tell('contribution_received', { number: 7, code: 'ABCD' });
		await tell('appeal_received', {});
		await later();
		expect(await node().run()).toBe(1);
		const [mail] = await server.parsed();
		expect(mail?.text).toMatch(
			/Received: a place[\s\S]*ABCD[\s\S]*Confirm and follow:\s+https:\/\/carte\.example\.org\/follow\/[0-9a-f]{64}/
		);
		expect(await t.supabase.sql('select topic, state, data from private.outbox order by topic')).toEqual([
			{ topic: 'appeal_received', state: 'kept', data: {} },
			{ topic: 'contribution_received', state: 'mailed', data: { number: 7 } }
		]);
	});
});

it('without a mail server a mail is kept on paper, once', async () => {
	await refuse(await proposed('La Halle'));
	await later();
	await node(null).run();
	const names = readdirSync(join(dataDir, 'outbox'));
	expect(names.map((name) => name.split('.').at(-1)).sort()).toEqual(['eml', 'json']);
	const kept = JSON.parse(
		readFileSync(
			join(
				dataDir,
				'outbox',
				names.find((name) => name.endsWith('.json'))!
			),
			'utf8'
		)
	) as object;
	expect(kept).toMatchObject({ to: 'neighbour@example.org', subject: 'Refusé\u00a0: La Halle' });
	expect(await mails()).toMatchObject([{ state: 'sent' }]);
});

it('no log line names an address, a reason or a link', () => {
	expect(logged).toContain('a mail waits for the mail server');
	expect(logged).not.toMatch(/neighbour|example\.org|panneau|unsubscribe/);
});

describe('a periodic job', () => {
	it('is leased by one node, runs, comes back later, and is passed over while its function does not exist', async () => {
		await t.supabase.sql(`insert into private.jobs (kind, every, routine) values ('not_there', '1 day', 'private.not_there()')`);
		await t.supabase.sql(`select private.notify($1, 'item_handed', null)`, [await t.contributor('neighbour')]);
		await t.supabase.sql(`update private.outbox set created_at = now() - interval '13 months'`);
		const context = { client: () => t.supabase.service(), worker: randomUUID(), log };
		let done = 0;
		while (await doJob(context)) done++;
		expect(done).toBeGreaterThan(0);
		expect(await outbox()).toEqual([]);
		const { jobs } = took(await t.call<{ jobs: { kind: string; error: string | null }[] }>('whole', 'work_status', {}));
		expect(jobs.map(({ kind }) => kind)).not.toContain('not_there');
		expect(jobs.every(({ error }) => error === null)).toBe(true);
	});

	it('of the application that fails is tried again with back-off, and the coordinator sees a code', async () => {
		await t.supabase.sql(`insert into private.jobs (kind, every) values ('trial', '1 day')`);
		const context = { client: () => t.supabase.service(), worker: randomUUID(), log };
		expect(await doJob(context, { trial: () => Promise.reject(new Error('someone@example.org')) })).toBe(true);
		expect(await doJob(context, { trial: () => Promise.resolve() })).toBe(false);
		const { jobs } = took(await t.call<{ jobs: object[] }>('whole', 'work_status', {}));
		expect(jobs).toContainEqual(expect.objectContaining({ kind: 'trial', attempts: 1, error: 'unexpected' }));
		await t.supabase.sql(`update private.jobs set due_at = now() where kind = 'trial'`);
		expect(await doJob(context, { trial: () => Promise.resolve() })).toBe(true);
	});
});
