import { createHmac, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonKey, Territory } from '../support/territory.ts';
import { openTerritory } from '../support/territory.ts';

let territory: Territory;
let place: string;
beforeAll(async () => {
	territory = await openTerritory();
	place = await territory.place({
		steward: 'les-amis',
		contact_name: 'Jeanne Cachée',
		phone: '02 40 99 99 99',
		fact_openness: { phone: 'private' },
		precision: 'area',
		address: '3 rue Cachée'
	});
});
afterAll(() => territory.stop());

const SECRETS = ['Jeanne Cachée', '02 40 99 99 99', 'rue Cachée'];
const token = async (key: PersonKey) => (await (await territory.as(key)).auth.getSession()).data.session!.access_token;

/** A request with nothing between: what an enemy sends. */
async function send(
	path: string,
	{ key = territory.supabase.publishableKey, bearer = '', ...init }: RequestInit & { key?: string; bearer?: string } = {}
) {
	const headers = {
		apikey: key,
		'content-type': 'application/json',
		...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
		...init.headers
	};
	const response = await fetch(`${territory.supabase.url}${path}`, { ...init, headers });
	return { status: response.status, text: await response.text() };
}
const rpc = (name: string, body: string, bearer: string) => send(`/rest/v1/rpc/${name}`, { method: 'POST', body, bearer });

/** Everything that is kept, so that a refusal that leaves a trace shows. */
async function kept(): Promise<string> {
	const tables = await territory.supabase.sql<{ name: string }>(
		`select relname as name from pg_class where relnamespace = 'private'::regnamespace and relkind = 'r' order by 1`
	);
	const [row] = await territory.supabase.sql<{ kept: string }>(
		`select md5(concat_ws('|', ${tables.map(({ name }) => `(select string_agg(t::text, ',' order by t::text) from private.${name} as t)`).join()})) as kept`
	);
	return row!.kept;
}

describe('a hidden fact', () => {
	it.each([
		'select=*',
		'select=name,contact_name,phone,address,history,assurances,offers',
		'contact_name=eq.Jeanne Cachée',
		'contact_name=like.Jeanne*',
		'contact_name=not.is.null',
		'phone=gt.0',
		'address=ilike.*cach*',
		'or=(phone.not.is.null,contact_name.not.is.null)',
		'not.and=(phone.is.null,contact_name.is.null)',
		'select=facts',
		'facts->>phone=not.is.null',
		'select=*,place_versions(*)',
		'select=*,proposals(*)',
		'select=*,contributors(*)',
		'select=*,organisations(*,memberships(*))',
		'select=phone.max(),contact_name.count()',
		'select=closed_facts',
		'order=closed_facts'
	])('is not had by %s', async (query) => {
		const { status, text } = await send(`/rest/v1/places?${query.replaceAll(' ', '%20')}`);
		expect(status).toBeLessThan(500);
		for (const secret of SECRETS) expect(text).not.toContain(secret);
		if (/^(contact_name=|phone=|address=|or=|not)/.test(query)) expect(text).toBe('[]');
	});

	it('does not change an order', async () => {
		await territory.place({ phone: '02 40 00 00 00', name: 'Sans secret' });
		const order = async (direction: string) =>
			(await send(`/rest/v1/places?select=id&order=contact_name.${direction}.nullslast,id`)).text;
		expect(await order('asc')).toBe(await order('desc'));
	});

	it('does not show in the true position, also for a guess that is right', async () => {
		const [row] = await territory.supabase.sql<{ position: object }>(
			`select facts -> 'position' as position from private.places where id = $1`,
			[place]
		);
		const guess = (old: object) => territory.change('resident', place, { position: [old, territory.point()] });
		const right = await guess(row!.position);
		const wrong = await guess({ lon: -1.58, lat: 47.25 });
		expect(right.operations[0]?.outcome).toBe(wrong.operations[0]?.outcome);
		expect(JSON.stringify(right.operations[0]?.current)).not.toBe(JSON.stringify(row!.position));
	});
});

describe('a token', () => {
	const forged = (payload: object, sign: (text: string) => string, alg = 'HS256') => {
		const text = [{ alg, typ: 'JWT' }, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
		return `${text}.${sign(text)}`;
	};
	it.each([
		['signed with another secret', (text: string) => createHmac('sha256', 'guess').update(text).digest('base64url'), 'HS256'],
		['not signed at all', () => '', 'none'],
		[
			'signed by its public key',
			(text: string) => createHmac('sha256', territory.supabase.publishableKey).update(text).digest('base64url'),
			'HS256'
		]
	])('%s is worth nothing', async (_, sign, alg) => {
		const claims = JSON.parse(Buffer.from((await token('whole')).split('.')[1]!, 'base64url').toString()) as object;
		const bearer = forged({ ...claims, role: 'service_role' }, sign, alg);
		for (const path of ['/rest/v1/my_proposals', '/rest/v1/rpc/verify_chain'])
			expect((await send(path, { bearer })).status).toBe(401);
	});

	it('is refused after its sign-out, though it still reads well', async () => {
		const { email } = await territory.supabase.createAccount();
		const client = await territory.supabase.signIn(email);
		const bearer = (await client.auth.getSession()).data.session!.access_token;
		const confirming = JSON.stringify({
			confirmation: { client_id: randomUUID(), place_id: place, facts: [{ fact: 'name', value: 'x' }] }
		});
		expect((await rpc('confirm_facts', confirming, bearer)).status).toBe(200);
		await client.auth.signOut({ scope: 'global' });
		for (const name of ['submit_proposal', 'submit_batch', 'confirm_facts', 'place_for_edit', 'redact']) {
			const argument = {
				submit_proposal: 'proposal',
				submit_batch: 'entries',
				confirm_facts: 'confirmation',
				place_for_edit: 'place_id',
				redact: 'redaction'
			}[name]!;
			const { status, text } = await rpc(name, JSON.stringify({ [argument]: name === 'place_for_edit' ? place : {} }), bearer);
			expect({ name, status, text }).toMatchObject({ status: 401, text: expect.stringContaining('not_signed_in') as string });
		}
		expect((await rpc('whoami', '{}', bearer)).text).toBe('null');
		for (const relation of ['my_proposals', 'moderation_queue', 'decisions'])
			expect((await send(`/rest/v1/${relation}`, { bearer })).text).toBe('[]');
	});
});

/** Functions of the signed-in with their jsonb argument and the fields they read. */
const DOCUMENTS: Record<string, [argument: string, fields: string[]]> = {
	submit_proposal: [
		'proposal',
		['kind', 'place_id', 'into_place_id', 'reason', 'base_version', 'operations', 'note', 'method', 'seen_at']
	],
	submit_batch: ['entries', []],
	confirm_facts: ['confirmation', ['place_id', 'facts', 'method', 'seen_at']],
	withhold: ['withholding', ['place_id', 'fact', 'reason_code', 'message', 'release']],
	redact: ['redaction', ['subject', 'place_id', 'fact', 'value', 'reason', 'proposal_id', 'contributor_id']],
	save_theme: ['theme', ['slug', 'label', 'colour', 'pictogram', 'sort']],
	save_category: [
		'category',
		[
			'slug',
			'theme',
			'label',
			'pictogram',
			'default_kind',
			'extra_facts',
			'half_lives',
			'key_facts',
			'fact_openness',
			'osm_tag',
			'schema_type',
			'synonyms',
			'sort'
		]
	],
	save_area: ['area', ['slug', 'name', 'level', 'parent', 'code', 'geometry']],
	save_organisation: ['organisation', ['slug', 'name', 'kind', 'summary', 'website', 'siret', 'rna', 'amalia']],
	save_dataset: [
		'dataset',
		[
			...['slug', 'title', 'description', 'licence', 'sort', 'theme', 'area', 'organisation', 'state', 'reason'],
			...['listed', 'frequency', 'keywords', 'contact', 'published_at', 'identifier']
		]
	],
	save_settings: ['setting', ['key', 'value']],
	save_grant: ['grant_', ['grant_id', 'revoke', 'contributor_id', 'organisation', 'role', 'areas', 'themes']],
	save_membership: ['membership', ['contributor_id', 'organisation', 'role', 'remove', 'to']],
	create_invitation: [
		'invitation',
		['role', 'areas', 'themes', 'organisation', 'membership_role', 'email', 'locale', 'client_id']
	]
};
const WITH_ID: Record<string, [id: string, argument: string, fields: string[]]> = {
	decide_proposal: ['proposal_id', 'decision', ['outcome', 'facts', 'edits', 'reason_code', 'message', 'base_version']],
	amend_proposal: ['proposal_id', 'amendment', ['note', 'operations']]
};

const both = { fr: 'Essai', en: 'Trial' };
/** What is nearly right, so that a wrong field is not hidden by one before it. */
const NEARLY: Record<string, unknown> = {
	kind: 'update',
	operations: [{ fact: 'city', old: null, new: 'Ville' }],
	reason_code: 'other',
	outcome: 'accept',
	label: both,
	title: both,
	description: both,
	colour: 'teal',
	pictogram: 'maki:library',
	theme: 'culture',
	name: 'Essai',
	level: 'quartier',
	licence: 'etalab-2.0',
	key: 'ring',
	role: 'agent',
	reason: 'other',
	subject: 'value',
	fact: 'phone',
	value: 'x'
};
const odd = fc.oneof(
	{ weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
	fc.constantFrom(
		null,
		'',
		' ',
		'x'.repeat(10_000),
		'\u0000',
		'a\u0000b',
		'\ud800',
		-1,
		1.5,
		1e308,
		1e21,
		[],
		{},
		[[]],
		[{}],
		[null],
		true,
		'NaN',
		'2026-02-30',
		'2026-01-01T00:00:00+29:59',
		'offer:------------------------------------',
		'offer:11111111-1111-4111-8111-111111111111.name',
		'extra.seats',
		'position',
		{ lon: 'x', lat: null },
		{ lon: 1e300, lat: 0 },
		[{ fact: 'position', new: { lon: 'a', lat: 1 } }],
		[{ fact: 'offer:x', new: 1 }],
		[{ fact: 'closures', add: [{ from: '2026-13-45', to: 1 }] }],
		[{ fact: 'extra.seats', new: 1e99 }],
		[{ fact: 'phone', old: {}, new: [] }],
		[{ fact: 'audience', add: 5 }],
		{ type: 'Polygon', coordinates: [[[0, 0]]] },
		{ x: { type: 'string', label: both, maxLength: 'x' } },
		{ phone: 'hidden' }
	)
);

/** A proposal that waits, whoever its author is. */
async function waiting(author: PersonKey): Promise<string> {
	const operations = [
		{ fact: 'website', old: 'https://never.example.org', new: 'https://example.org' },
		{ fact: 'audience', add: ['seniors'] },
		{ fact: 'position', old: { lon: 0, lat: 0 }, new: territory.point() },
		{ fact: 'category', old: 'stadium', new: 'museum' }
	];
	const [row] = await territory.supabase.sql<{ id: string }>(`select private.submit($1, $2::jsonb) ->> 'proposal_id' as id`, [
		await territory.contributor(author),
		JSON.stringify({
			client_id: randomUUID(),
			kind: 'update',
			place_id: await territory.place(),
			operations
		})
	]);
	return row!.id;
}

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 200);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_121);

describe('a wrong request', () => {
	it('is answered by 4xx and leaves nothing behind, whatever stands in whichever field', async () => {
		const bearer = await token('whole');
		const faults: string[] = [];
		const attempt = fc.constantFrom(...Object.keys(DOCUMENTS), ...Object.keys(WITH_ID)).chain((name) => {
			const [id, argument, fields] = WITH_ID[name] ?? ['', ...DOCUMENTS[name]!];
			const wrong = fields.length ? fc.dictionary(fc.constantFrom(...fields), odd, { minKeys: 1, maxKeys: 2 }) : odd;
			return fc.tuple(fc.constant({ name, id, argument, fields }), wrong);
		});
		await fc.assert(
			fc.asyncProperty(attempt, async ([{ name, id, argument, fields }, wrong]) => {
				const base = Object.fromEntries(fields.filter((field) => field in NEARLY).map((field) => [field, NEARLY[field]]));
				const document = fields.length
					? { client_id: randomUUID(), place_id: place, slug: 'essai', ...base, ...(wrong as object) }
					: wrong;
				const target = id ? { [id]: await waiting(name === 'amend_proposal' ? 'whole' : 'neighbour') } : {};
				const body = JSON.stringify({ ...target, [argument]: document });
				const before = await kept();
				const { status, text } = await rpc(name, body, bearer);
				if (status >= 500) faults.push(`${name} ${body.slice(0, 300)} → ${status} ${text}`);
				if (status >= 400 && (await kept()) !== before) faults.push(`${name} ${body.slice(0, 300)} left something behind`);
			}),
			{ numRuns: RUNS, seed: SEED, endOnFailure: true }
		);
		expect(faults).toEqual([]);
	}, 600_000);

	it.each([
		['too deep', `{"proposal":${'['.repeat(5000)}${']'.repeat(5000)}}`],
		['too big', JSON.stringify({ proposal: { note: 'x'.repeat(1_100_000) } })],
		['not JSON', '{"proposal":{'],
		['a NUL character', '{"proposal":{"client_id":"\\u0000"}}'],
		['half a surrogate', '{"proposal":{"note":"\\ud800"}}'],
		['a number beyond numbers', '{"proposal":{"base_version":1e200000}}'],
		['a scalar', '{"proposal":5}'],
		['nothing', '{"proposal":null}'],
		['an array', '[{"proposal":{}},{"proposal":{}}]'],
		['an unknown argument', '{"proposals":{}}']
	])('is refused by 4xx when it is %s', async (_, body) => {
		const before = await kept();
		const { status } = await rpc('submit_proposal', body, await token('whole'));
		expect(status).toBeGreaterThanOrEqual(400);
		expect(status).toBeLessThan(500);
		expect(await kept()).toBe(before);
	});

	it.each([
		[
			'submit_proposal',
			{
				proposal: {
					kind: 'update',
					operations: [
						{ fact: 'phone', old: null, new: '02 40 00 00 01' },
						{ fact: 'website', old: null, new: 'javascript:alert(1)' }
					]
				}
			}
		],
		[
			'submit_proposal',
			{
				proposal: {
					kind: 'create',
					operations: [
						{ fact: 'name', new: 'Loin' },
						{ fact: 'category', new: 'library' },
						{ fact: 'position', new: { lon: 3, lat: 50 } }
					]
				}
			}
		],
		['submit_proposal', { proposal: { kind: 'end' } }],
		['withhold', { withholding: { reason_code: 'unheard' } }],
		['save_category', { category: { slug: 'library', theme: 'culture', label: both, pictogram: 'none' } }],
		[
			'save_area',
			{ area: { slug: 'ville-centre', name: '', level: 'quartier', geometry: { type: 'Point', coordinates: [0, 0] } } }
		],
		['save_grant', { grant_: { role: 'agent', areas: ['atlantide'] } }],
		['redact', { redaction: { subject: 'value', fact: 'phone', value: 'never there', reason: 'essai' } }]
	])('to %s leaves every table as it was', async (name, body) => {
		const before = await kept();
		const [argument, document] = Object.entries(body)[0]!;
		const full = { client_id: randomUUID(), place_id: place, ...document };
		if ((document as { kind?: string }).kind === 'create') Reflect.deleteProperty(full, 'place_id');
		const { status } = await rpc(name, JSON.stringify({ [argument]: full }), await token('whole'));
		expect(status).toBeGreaterThanOrEqual(400);
		expect(status).toBeLessThan(500);
		expect(await kept()).toBe(before);
	});

	it.each([
		'places?id=eq.x',
		'places?limit=-1',
		'places?and=(((',
		'places?name=match.(((',
		'places?id=eq.%00',
		'places?order=x',
		'%E0%A4%A',
		'places?select=id::regclass',
		'changes?seq=gt.99999999999999999999'
	])('for %s is answered by 4xx at worst', async (path) => expect((await send(`/rest/v1/${path}`)).status).toBeLessThan(500));

	it('of wrong types for plain parameters is answered by 4xx', async () => {
		const bearer = await token('whole');
		for (const [name, argument] of [
			['accept_invitation', 'token'],
			['claim_item', 'item_id'],
			['undo_decision', 'decision_id'],
			['withdraw_proposal', 'proposal_id'],
			['place_for_edit', 'place_id'],
			['read_shared', 'place_id'],
			['read_invitation', 'token'],
			['revoke_invitation', 'invitation_id'],
			['renew_invitation', 'invitation_id'],
			['organisation_space', 'organisation'],
			['confirm_stewardship', 'organisation']
		])
			for (const value of ['null', '{}', '[1]', '5', 'true', '"x"', '"\\u0000"', `"${'x'.repeat(10_000)}"`]) {
				const { status, text } = await rpc(name!, `{"${argument}":${value}}`, bearer);
				expect(status >= 400 && status < 500, `${name} ${value.slice(0, 20)}: ${status} ${text}`).toBe(true);
			}
	});
});
