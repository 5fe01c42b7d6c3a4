import { createHash } from 'node:crypto';
import { createConfirmedUser } from './accounts.ts';
import type { Executor } from './database.ts';
import { seedFile } from './seed.ts';

interface Account {
	key: string;
	email: string;
	name: string;
	grants: { role: string; areas: string[] | null; themes: string[] | null }[];
	memberships: string[];
}

interface DemoPlace extends Record<string, unknown> {
	key: string;
	extra: Record<string, unknown>;
	offers: ({ key: string } & Record<string, unknown>)[];
	verified_days_ago: number | null;
	method: string | null;
}

interface Story {
	key: string;
	by: string;
	days_ago: number;
	kind: string;
	place?: string;
	place_key?: string;
	into?: string;
	reason?: string;
	operations: { fact: string; new?: unknown; add?: unknown; remove?: unknown }[];
	note: string | null;
	method?: string;
	decision?: { by: string; days_ago: number } & Record<string, unknown>;
}

/** Ids of the demonstration are the same on every installation: links to it keep working. */
export function demoId(...parts: string[]): string {
	const hex = createHash('sha256')
		.update(['alentour-demo', ...parts].join('/'))
		.digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const placeId = (key: string) => demoId('place', key);

/**
 * Fills an empty database with the demonstration: Nantes drawn by hand, through the same functions as everybody's proposals.
 * @returns the accounts' addresses
 */
export async function seedDemo(tx: Executor, password: string): Promise<string[]> {
	await tx.query(`update private.settings set value = '{"on": true}' where key = 'demo'`);
	await tx.query(`update private.settings set value = $1::jsonb where key = 'territory'`, [
		JSON.stringify({
			name: 'Nantes',
			bbox: [-1.6423, 47.1805, -1.4736, 47.2959],
			center: { lon: -1.5536, lat: 47.2184 },
			zoom: 12
		})
	]);
	await seedAreas(tx);
	await seedOrganisations(tx);
	await seedDatasets(tx);
	const accounts = seedFile<Account[]>('demo/accounts.json');
	const people = await seedAccounts(tx, accounts, password);
	const places = seedFile<DemoPlace[]>('demo/places.json');
	const stories = seedFile<Story[]>('demo/stories.json');
	const opened = Math.max(...stories.map(({ days_ago }) => days_ago)) + 30;
	await setClock(tx, opened);
	await seedPlaces(tx, places, people);
	await seedStories(tx, stories, people);
	await tx.query(`select set_config('alentour.clock', '', true)`);
	// What was decided in the story is read on /me; nobody is written to about it.
	await tx.query(`update private.outbox set state = 'kept' where state = 'waiting'`);
	// Last, by today's clock: nobody vouches for a day that has not come.
	for (const place of places) if (place.verified_days_ago !== null) await vouch(tx, place);
	return accounts.map(({ email }) => email);
}

/** From here on, this transaction believes that it is `daysAgo` days ago, at a time of day when offices are open. */
async function setClock(tx: Executor, daysAgo: number): Promise<void> {
	await tx.query(
		`select set_config('alentour.clock', (date_trunc('day', now()) - make_interval(days => $1::int, hours => -9))::text, true)`,
		[Math.max(daysAgo, 1)]
	);
}

async function seedAreas(tx: Executor): Promise<void> {
	const { features } = seedFile<GeoJSON.FeatureCollection>('demo/areas.geojson');
	for (const { properties, geometry } of features) {
		await tx.query('select private.put_area($1::jsonb)', [JSON.stringify({ ...properties, geometry })]);
		await tx.query(`select private.announce('area', $1, null, 'created')`, [properties!.slug]);
	}
}

async function seedOrganisations(tx: Executor): Promise<void> {
	await tx.query(
		`insert into private.organisations select * from jsonb_populate_recordset(null::private.organisations, $1::jsonb)`,
		[JSON.stringify(seedFile('demo/organisations.json'))]
	);
	await tx.query(`select private.announce('organisation', slug, null, 'created') from private.organisations order by slug`);
}

/** Beside everything open: a theme, an organisation's own, one that will come and one that will not. */
async function seedDatasets(tx: Executor): Promise<void> {
	const datasets = seedFile<{ slug: string }[]>('demo/datasets.json');
	const rows = datasets.map((dataset, i) => ({ ...dataset, identifier: demoId('dataset', dataset.slug), sort: i + 1 }));
	await tx.query(
		`insert into private.datasets (slug, title, description, licence, sort, theme_slug, organisation_slug, state, reason, listed, frequency, keywords, identifier)
		select slug, title, description, 'etalab-2.0', sort, theme, organisation, coalesce(state, 'open'), reason, true, frequency, keywords, identifier
		from jsonb_to_recordset($1::jsonb) as d (slug text, title jsonb, description jsonb, sort int, theme text, organisation text,
			state text, reason jsonb, frequency text, keywords text[], identifier text)`,
		[JSON.stringify(rows)]
	);
	await tx.query(
		`select private.announce('dataset', slug, null, 'created') from private.datasets where slug <> 'places' order by sort`
	);
}

/** @returns contributor ids by account key */
async function seedAccounts(tx: Executor, accounts: Account[], password: string): Promise<Map<string, string>> {
	const people = new Map<string, string>();
	for (const { key, email, name, grants, memberships } of accounts) {
		const userId = await createConfirmedUser(tx, { email, password, id: demoId('account', key) });
		const contributor = demoId('contributor', key);
		people.set(key, contributor);
		await tx.query(`insert into private.contributors (id, kind, user_id, display_name) values ($1, 'account', $2, $3)`, [
			contributor,
			userId,
			name
		]);
		for (const grant of grants) {
			await tx.query(
				`insert into private.grants (contributor_id, role, areas, themes)
				select $1, role, areas, themes from jsonb_populate_record(null::private.grants, $2::jsonb)`,
				[contributor, JSON.stringify(grant)]
			);
		}
		for (const organisation of memberships) {
			await tx.query(`insert into private.memberships (contributor_id, organisation_slug, role) values ($1, $2, 'manager')`, [
				contributor,
				organisation
			]);
		}
	}
	return people;
}

const notFacts = new Set(['key', 'area', 'extra', 'offers', 'verified_days_ago', 'method']);

/** The operations of a new place: what is known of it. */
function operationsOf(place: DemoPlace) {
	const facts: [string, unknown][] = [
		...Object.entries(place).filter(([fact]) => !notFacts.has(fact)),
		...Object.entries(place.extra).map(([key, value]): [string, unknown] => [`extra.${key}`, value]),
		...place.offers.map(({ key, ...offer }): [string, unknown] => [`offer:${demoId('offer', place.key, key)}`, offer])
	];
	return facts
		.filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
		.map(([fact, value]) => ({ fact, old: null, new: value }));
}

/** Places arrive as an import does, without a date of their own: nothing is vouched for until somebody does. */
async function seedPlaces(tx: Executor, places: DemoPlace[], people: Map<string, string>): Promise<void> {
	await tx.query(`select private.ensure_source('{"slug": "demonstration", "name": "Démonstration"}')`);
	for (const place of places) {
		const proposal = {
			client_id: demoId('import', place.key),
			kind: 'create',
			place_id: placeId(place.key),
			operations: operationsOf(place)
		};
		await tx.query(`select private.submit($1, $2::jsonb, 'demonstration')`, [
			people.get('coordinatrice'),
			JSON.stringify(proposal)
		]);
	}
}

/** Invented places only: the demonstration claims no verification of what exists. */
async function vouch(tx: Executor, place: DemoPlace): Promise<void> {
	const role = { on_site: 'agent', phone: 'moderator', steward: 'steward', resident: 'resident', source: 'source' }[
		place.method ?? 'source'
	];
	await tx.query(
		`select private.confirm_values(p.id,
			(select array_agg(path) from private.operations as o, unnest(private.assured_paths(o.fact, o.new)) as path where o.proposal_id = proposal.id),
			row(proposal.author_id, $2, case when $2 = 'steward' then p.steward_slug end, null, proposal.id, null, null, $3,
				current_date - $4::int, null, null)::private.act)
		from private.places as p join private.proposals as proposal on proposal.place_id = p.id and proposal.kind = 'create'
		where p.id = $1`,
		[placeId(place.key), role, place.method ?? 'source', place.verified_days_ago]
	);
}

/** What happened since, in the order of its days; what nobody decided waits in the queue. */
async function seedStories(tx: Executor, stories: Story[], people: Map<string, string>): Promise<void> {
	const events = stories
		.flatMap((story) => [
			{ daysAgo: story.days_ago, story, decides: false },
			...(story.decision ? [{ daysAgo: story.decision.days_ago, story, decides: true }] : [])
		])
		.sort((a, b) => b.daysAgo - a.daysAgo || Number(a.decides) - Number(b.decides));
	for (const { daysAgo, story, decides } of events) {
		await setClock(tx, daysAgo);
		await (decides ? decideStory(tx, story, people) : submitStory(tx, story, people));
	}
}

async function submitStory(tx: Executor, story: Story, people: Map<string, string>): Promise<void> {
	const target = placeId(story.place_key ?? story.place!);
	const operations = [];
	for (const { fact, ...change } of story.operations) {
		const path = fact.startsWith('offer:') ? `offer:${demoId('offer', story.place ?? story.key, fact.slice(6))}` : fact;
		if (!('new' in change)) operations.push({ fact: path, ...change });
		else operations.push({ fact: path, old: story.kind === 'create' ? null : await valueNow(tx, target, path), new: change.new });
	}
	const proposal = {
		client_id: demoId('story', story.key),
		kind: story.kind,
		place_id: target,
		reason: story.reason ?? null,
		note: story.note,
		method: story.method ?? null,
		into_place_id: story.into ? placeId(story.into) : null,
		operations
	};
	await tx.query('select private.submit($1, $2::jsonb)', [people.get(story.by), JSON.stringify(proposal)]);
}

async function valueNow(tx: Executor, target: string, fact: string): Promise<unknown> {
	const [row] = await tx.query<{ value: unknown }>(
		'select private.current_value(p, $2) as value from private.places as p where p.id = $1',
		[target, fact]
	);
	return row?.value ?? null;
}

async function decideStory(tx: Executor, { key, decision }: Story, people: Map<string, string>): Promise<void> {
	const { by, days_ago: _, ...body } = decision!;
	await tx.query(`select private.decide($1, (select id from private.proposals where client_id = $2), $3::jsonb)`, [
		people.get(by),
		demoId('story', key),
		JSON.stringify(body)
	]);
}
