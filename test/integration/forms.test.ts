import fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD, startApp, stopPostgres } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { formsFrom } from '../support/crawl.ts';
import type { PageForm } from '../support/crawl.ts';
import { cookiesOf, post } from '../support/forms.ts';
import { until } from '../support/processes.ts';

/** Tries of each form; `FUZZ_RUNS=200` for an evening's worth. */
const runs = Number(process.env['FUZZ_RUNS'] || 4);

/** The same tries each time, unless asked otherwise. */
const seed = Number(process.env['FUZZ_SEED'] || 20_261_122);

/** Where everybody’s forms are; the crawl follows the links from there. */
const seeds = {
	visitor: ['/', '/places/new', '/follow', '/sign-in', '/sign-up', '/reset', '/legal'],
	habitant: ['/me', '/me/email', '/me/delete', '/me/data', '/c', '/places/new'],
	association: ['/me', '/organisations/voisins-du-quai-exemple/members'],
	moderateur: ['/moderation', '/moderation/several', '/moderation/unproven', '/moderation/desk', '/moderation/decisions'],
	coordinatrice: ['/admin', '/admin/people', '/moderation?kind=report', '/moderation?kind=appeal', '/c']
} as const;
/** They end the session that the others are sent with. */
const ending = /\/sign-out|\?\/everywhere|\/me\/delete/;
/** What time, or somebody else at work, writes; and a wrong password is counted by the service of accounts. */
const restless = ['private.jobs', 'private.outbox', 'private.mails', 'private.audit'];

let app: TestApp;
let sql: postgres.Sql;
let tables: string[];
beforeAll(async () => {
	app = await startApp({ backend: 'postgres', env: { TRUST_PROXY: '1' } });
	sql = postgres(app.databaseUrl!, { max: 1, onnotice: () => {} });
	const rows = await sql<{ name: string }[]>`
		select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'private' order by 1`;
	tables = rows.map(({ name }) => name).filter((name) => !restless.includes(name));
	// Something in the lane of what no person has proved to have sent.
	const { features } = (await (await fetch(`${app.url}/data/places.geojson`)).json()) as { features: { id: string }[] };
	const [form] = await formsFrom([`/places/${features[0]!.id}/report`], (path) => fetch(app.url + path), 1);
	const fields = form!.fields.filter(([name]) => name !== 'kind');
	expect((await send(form!, [...fields, ['kind', 'gone']], '')).status).toBe(200);
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

describe('every form of every page', () => {
	it.each(Object.entries(seeds))(
		'answers %s with a page whatever is sent, and what it refuses leaves nothing behind',
		async (who, paths) => {
			const cookie =
				who === 'visitor'
					? ''
					: cookiesOf(await post(app.url, '/sign-in', { email: `${who}@alentour.example`, password: DEMO_PASSWORD }));
			const found = await formsFrom([...paths], (path) =>
				fetch(app.url + path, { headers: { cookie, accept: 'text/html', 'accept-language': 'fr' } })
			);
			const forms = found.filter(({ action }) => !ending.test(action));
			if (process.env['FUZZ_SHOW'])
				for (const { action, on, fields } of forms) process.stdout.write(`${who}: ${action} (${fields.length}) on ${on}\n`);
			expect(forms.length).toBeGreaterThan(3);
			for (const form of forms)
				await fc.assert(
					fc.asyncProperty(edits, async (edit) => {
						const before = await rowsOf();
						const fields = mutate(form.fields, edit);
						const { status } = await send(form, fields, cookie);
						const said = `${form.action} ${JSON.stringify(fields).slice(0, 2000)}`;
						expect(status, said).toBeLessThan(500);
						if (status >= 400) expect(await rowsOf(), `${status} ${said}`).toEqual(before);
					}),
					{ numRuns: runs, seed, endOnFailure: true }
				);
			expect(app.output()).not.toContain('A request failed');
		},
		600_000
	);

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
	const cookie = cookiesOf(await post(app.url, '/sign-in', { email: 'coordinatrice@alentour.example', password: DEMO_PASSWORD }));
	const [form] = await formsFrom(['/places/new'], (path) => fetch(app.url + path, { headers: { cookie } }), 1);
	const id = form!.fields.find(([name]) => name === 'client_id')![1];
	const typed = { name: 'Kiosque du retour', category: 'boite-livres', lat: '47.2301', lon: '-1.5401' };
	const fields = [...form!.fields.filter(([name]) => !(name in typed)), ...Object.entries(typed)];
	const sent = async () => (await send({ ...form!, multipart: false }, fields, cookie)).text();
	expect(await sent()).toContain('class="sent');
	await until('its place is on the map', async () => (await fetch(`${app.url}/places/${id}.geojson`)).status === 200);
	expect(await sent()).toContain('class="sent');
});
