import fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD, startApp, stopPostgres } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { formsFrom, kindOf } from '../support/crawl.ts';
import type { PageForm } from '../support/crawl.ts';
import { cookiesOf } from '../support/forms.ts';
import { jpegWithSecrets } from '../support/pictures.ts';
import { until } from '../support/processes.ts';
import { unsubscribeToken } from '../../src/lib/server/mail/unsubscribe.ts';

/** Tries of each form; `FUZZ_RUNS=200` for an evening's worth. */
const runs = Number(process.env['FUZZ_RUNS'] || 4);

/** The same tries each time, unless asked otherwise. */
const seed = Number(process.env['FUZZ_SEED'] || 20_261_122);

/** Where everybody’s forms are; the crawl follows the links from there, and from what `prepare` adds. */
const seeds = {
	visitor: ['/', '/places/new', '/follow', '/sign-in', '/sign-up', '/reset', '/legal'],
	habitant: ['/me', '/me/email', '/me/delete', '/me/data', '/c', '/places/new'],
	association: ['/me', '/organisations/voisins-du-quai-exemple/members'],
	moderateur: ['/moderation', '/moderation/several', '/moderation/unproven', '/moderation/desk', '/moderation/decisions'],
	coordinatrice: ['/admin', '/admin/people', '/moderation?kind=report', '/moderation?kind=appeal', '/c']
};
/** They end the session that the others are sent with: tried last, each time with a session of its own. */
const ending = /\/sign-out|\?\/everywhere/;
/** What time, or somebody else at work, writes; and a wrong password is counted by the service of accounts. */
const restless = [
	'private.jobs',
	'private.outbox',
	'private.mails',
	'private.audit',
	// The links that the crawl follows are downloads, which are counted a minute later.
	'private.downloads',
	'private.download_batches'
];

let app: TestApp;
let sql: postgres.Sql;
let tables: string[];

async function signIn(name: string): Promise<string> {
	const form = { action: '/sign-in', on: '', multipart: false, fields: [], unticked: [], files: [] };
	const answer = await send(form, Object.entries({ email: `${name}@alentour.example`, password: DEMO_PASSWORD }), '');
	expect(answer.status, `${name} signs in`).toBe(303);
	return cookiesOf(answer);
}
const reading = (cookie: string) => (path: string) =>
	fetch(app.url + path, { headers: { cookie, accept: 'text/html', 'accept-language': 'fr' } });

/** The first form of a page that holds a field, with other values in it. */
async function fill(path: string, field: string, typed: Record<string, string>, cookie = ''): Promise<Response> {
	const forms = await formsFrom([path], reading(cookie), 1);
	const form = forms.find(({ fields, unticked }) => [...fields, ...unticked].some(([name]) => name === field))!;
	return send({ ...form, files: [] }, [...form.fields.filter(([name]) => !(name in typed)), ...Object.entries(typed)], cookie);
}

/** What pages must find before they show their forms: things that wait, two of a kind, a photo, an invitation, a link of a mail. */
async function prepare(): Promise<void> {
	type Listed = { id: string; properties: { category: string } };
	const { features } = (await (await fetch(`${app.url}/data/places.geojson`)).json()) as { features: Listed[] };
	const [first, second] = features.map(({ id }) => id);
	// In the lane of what no person has proved to have sent.
	expect((await fill(`/places/${first}/report`, 'kind', { kind: 'gone' })).status).toBe(200);
	const resident = await signIn('habitant');
	const photo = await fetch(`${app.url}/photos?place=${first}`, {
		method: 'POST',
		headers: { origin: app.url, cookie: resident, 'content-type': 'application/octet-stream' },
		body: new Uint8Array((await jpegWithSecrets(64, 48, 'x')).bytes)
	});
	const { id } = (await photo.json()) as { id: string };
	for (const { id: place, properties } of features.slice(0, 2)) {
		const typed = { category: properties.category, summary: `Phrase de ${place}`, ...(place === first && { photo: id }) };
		const sent = await fill(`/places/${place}/edit`, 'summary', typed, resident);
		expect(await sent.text()).toContain('class="sent');
	}
	const waiting = await sql<{ id: string }[]>`select id from private.proposals where state = 'open' and kind = 'update'`;
	expect(waiting.length).toBeGreaterThan(1);

	const invited = await fill(
		'/admin',
		'role',
		{ email: 'voisine@alentour.example', role: 'agent' },
		await signIn('coordinatrice')
	);
	const link = /\/invitations\/[\w-]+/.exec(await invited.text())![0];
	const [user] = await sql<{ id: string }[]>`select id from auth.users where email = 'habitant@alentour.example'`;
	const stop = unsubscribeToken(app.endpoint().secret_key, { recipientId: user!.id, family: 'contributions' });
	seeds.visitor.push(link, `/unsubscribe/${stop}`);
	seeds.habitant.push(link);
	seeds.moderateur.push(
		`/moderation/several?outcome=accept&${waiting.map(({ id }) => `item=${id}`).join('&')}`,
		`/moderation/merge?gone=${first}&kept=${second}`,
		`/moderation/photos/${id}`
	);
}

beforeAll(async () => {
	app = await startApp({ backend: 'postgres', env: { TRUST_PROXY: '1' } });
	sql = postgres(app.databaseUrl!, { max: 1, onnotice: () => {} });
	const rows = await sql<{ name: string }[]>`
		select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'private' order by 1`;
	tables = rows.map(({ name }) => name).filter((name) => !restless.includes(name));
	await prepare();
});
afterAll(async () => {
	await sql.end();
	await app.stop();
	await stopPostgres();
});

/** How many rows each table holds, and how often it was written to, but for what was undone. */
async function rowsOf(): Promise<Record<string, number>> {
	const counts = tables.map((name) => `select '${name}' as name, count(*)::int as n from ${name}`).join(' union all ');
	const rows = await sql.unsafe<{ name: string; n: number }[]>(counts);
	return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
}

let network = 0;
/** Each try comes from a network of its own: what holds floods back is tried elsewhere. */
function send(form: PageForm, fields: [string, string][], cookie: string): Promise<Response> {
	const body = form.multipart ? new FormData() : new URLSearchParams();
	for (const [name, value] of fields) body.append(name, value);
	if (body instanceof FormData) for (const name of form.files) body.append(name, new File(['\x89PNG\r\n\0'], 'photo.png'));
	network++;
	return fetch(app.url + form.action, {
		method: 'POST',
		redirect: 'manual',
		body,
		headers: {
			...{ origin: app.url, cookie, accept: 'text/html', 'accept-language': 'fr' },
			'x-forwarded-for': `10.${(network >> 16) & 255}.${(network >> 8) & 255}.${network & 255}`
		},
		signal: AbortSignal.timeout(20_000)
	});
}

const nasty = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 60 }),
	fc.string({ maxLength: 40 }),
	fc.constantFrom(
		...[
			'',
			' ',
			'\0',
			'\ud800',
			'x'.repeat(30_000),
			`${'x'.repeat(79)}🌍`,
			`${'x'.repeat(1999)}🌍`,
			'é'.normalize('NFD'),
			'\u202e\u2066',
			'🏳️‍🌈',
			'\r\n.\r\n'
		],
		...['-1', '0', '1e999', 'NaN', '9'.repeat(40), '0x10', '47,2', '180.0000001', 'null', 'true', '[]', '{}', '{"a":', '"'],
		...[
			'2026-02-30',
			'0000-00-00',
			'2026-11-22T25:61',
			'Mo-Fr 25:00',
			'24/7; off; 24/7',
			'PH',
			'javascript:alert(1)',
			'https://'
		],
		...[
			'a@b',
			'A@@b.example',
			'00000000-0000-0000-0000-000000000000',
			'../../etc/passwd',
			'%00',
			'<script>',
			"'; drop table x; --"
		],
		...['accept', 'refuse', 'coordinator', 'open', 'name,position', 'etalab-2.0', 'fr']
	)
);
const edits = fc.record({
	changed: fc.array(fc.tuple(fc.nat(), nasty), { minLength: 1, maxLength: 4 }),
	dropped: fc.option(fc.nat()),
	repeated: fc.option(fc.nat())
});

type Edit = typeof edits extends fc.Arbitrary<infer T> ? T : never;

/** What a hostile hand makes of a form: some values of its own, one field twice, one left out. */
function mutate(fields: [string, string][], { changed, dropped, repeated }: Edit): [string, string][] {
	const sent = fields.map(([name, value]): [string, string] => [name, value]);
	if (sent.length === 0) return changed.map(([n, value]): [string, string] => [`field${n % 3}`, value]);
	for (const [n, value] of changed) sent[n % sent.length]![1] = value;
	if (repeated !== null) sent.push([...sent[repeated % sent.length]!]);
	if (dropped !== null) sent.splice(dropped % sent.length, 1);
	return sent;
}

/** Where forms were sent to. */
const tried: string[] = [];

describe('every form of every page', () => {
	it.each(Object.entries(seeds))(
		'answers %s with a page whatever is sent, and what it refuses leaves nothing behind',
		async (who, paths) => {
			const cookie = who === 'visitor' ? '' : await signIn(who);
			const found = await formsFrom(paths, reading(cookie));
			const ends = ({ action }: PageForm) => ending.test(action);
			const forms = [...found.filter((form) => !ends(form)), ...found.filter(ends)];
			tried.push(...forms.map(({ action }) => kindOf(action)));
			if (process.env['FUZZ_SHOW'])
				for (const { action, on, fields } of forms) process.stdout.write(`${who}: ${action} (${fields.length}) on ${on}\n`);
			expect(forms.length).toBeGreaterThan(3);
			for (const form of forms)
				await fc.assert(
					fc.asyncProperty(edits, async (edit) => {
						const before = await rowsOf();
						const fields = mutate([...form.fields, ...form.unticked], edit);
						const { status } = await send(form, fields, ends(form) ? await signIn(who) : cookie);
						const said = `${form.action} ${JSON.stringify(fields).slice(0, 2000)}`;
						expect(status, said).toBeLessThan(500);
						if (status >= 400) expect(await rowsOf(), `${status} ${said}`).toEqual(before);
					}),
					{ numRuns: ends(form) ? Math.min(runs, 4) : runs, seed, endOnFailure: true }
				);
			expect(app.output()).not.toContain('A request failed');
		},
		600_000
	);

	it.each([
		...['/moderation/several', '/moderation/merge', '/moderation/photos/:id', '/invitations/:name', '/unsubscribe/:name'],
		...['/me/delete', '/sign-out', '/me /everywhere']
	])('was tried, also %s, that needs something to be there', (form) => {
		expect(tried.filter((action) => action.startsWith(form))).not.toEqual([]);
	});

	it('left whole what it took: no change without an operation, no place without a version', async () => {
		const [left] = await sql`
			select
				(select count(*)::int from private.proposals p where p.kind in ('create', 'update') and not exists
					(select from private.operations o where o.proposal_id = p.id)) as proposals,
				(select count(*)::int from private.places p where not exists
					(select from private.place_versions v where v.place_id = p.id)) as places`;
		expect(left).toEqual({ proposals: 0, places: 0 });
	});
});

it('a form sent again, because its answer was lost, says so once more, also when its place is on the map by now', async () => {
	const cookie = await signIn('coordinatrice');
	const [form] = await formsFrom(['/places/new'], reading(cookie), 1);
	const id = form!.fields.find(([name]) => name === 'client_id')![1];
	const typed = { name: 'Kiosque du retour', category: 'boite-livres', lat: '47.2301', lon: '-1.5401' };
	const fields = [...form!.fields.filter(([name]) => !(name in typed)), ...Object.entries(typed)];
	const sent = async () => (await send({ ...form!, multipart: false }, fields, cookie)).text();
	expect(await sent()).toContain('class="sent');
	await until('its place is on the map', async () => (await fetch(`${app.url}/places/${id}.geojson`)).status === 200);
	expect(await sent()).toContain('class="sent');
});
