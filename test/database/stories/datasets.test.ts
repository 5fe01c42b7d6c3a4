import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Territory } from '../../support/territory.ts';
import { openTerritory, refusal, took } from '../../support/territory.ts';

let t: Territory;
beforeAll(async () => {
	t = await openTerritory();
});
afterAll(() => t.stop());

type Row = Record<string, unknown>;
const both = (text: string) => ({ fr: text, en: text });
const words = { title: both('Bibliothèques'), description: both('Où lire.') };
const full = {
	...words,
	licence: 'etalab-2.0',
	theme: 'culture',
	area: 'ville',
	organisation: 'les-amis',
	listed: true,
	frequency: 'DAILY',
	keywords: ['lecture', ' livres ', 'lecture'],
	contact: { name: 'Les Amis', email: 'contact@exemple.fr' },
	published_at: 'https://data.exemple.fr/lecture'
};
const save = (who: Parameters<Territory['call']>[0], dataset: Row) => t.call(who, 'save_dataset', { dataset });
async function read(slug: string): Promise<Row> {
	const { data, error } = await t.supabase.anon().from('datasets').select('*').eq('slug', slug).single();
	if (error) throw error;
	return data as Row;
}

it('everything open is listed from the start, with an identifier for ever', async () => {
	const identifier = expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown;
	expect(await read('places')).toMatchObject({ state: 'open', listed: true, frequency: 'UPDATE_CONT', identifier });
});

it('the coordination describes a dataset, the public reads it, and what is not named stays', async () => {
	const identifier = randomUUID();
	took(await save('whole', { slug: 'lecture', identifier, ...full }));
	const { contact, ...rest } = full;
	const expected = { ...rest, keywords: ['lecture', 'livres'], contact, identifier, state: 'open', reason: null };
	expect(await read('lecture')).toMatchObject(expected);
	took(await save('whole', { slug: 'lecture', ...words, title: both('Lire'), identifier: randomUUID() }));
	expect(await read('lecture')).toMatchObject({ ...expected, title: both('Lire') });
	expect(await t.changesOf('lecture')).toMatchObject([{ kind: 'created' }, { kind: 'updated' }]);
	const audit = await t.supabase.sql(
		`select contributor_id from private.audit where action = 'save_dataset' and subject = 'lecture'`
	);
	expect(audit).toHaveLength(2);
});

it('a new dataset never replaces one that somebody else made meanwhile', async () => {
	const make = (fr: string) => save('whole', { slug: 'ensemble', ...full, title: both(fr), is_new: true });
	const answers = await Promise.all([make('La première'), make('La seconde')]);
	const [kept] = answers.flatMap(({ error }, i) => (error ? [] : [['La première', 'La seconde'][i]!]));
	expect(answers.filter(({ error }) => error)).toMatchObject([refusal(409, 'dataset_exists')]);
	expect(await read('ensemble')).toMatchObject({ title: both(kept!) });
	expect(await t.changesOf('ensemble')).toMatchObject([{ kind: 'created' }]);
	took(await save('whole', { slug: 'ensemble', ...words, title: both('Changée') }));
});

it('what somebody else has written since is never replaced unknown: the second of two forms is told', async () => {
	const { slug, identifier: _, ...was } = await read('ensemble');
	const write = (fr: string, shown: Row) => save('whole', { slug, ...words, title: both(fr), was: shown });
	const answers = await Promise.all([write('Du premier', was), write('Du second', was)]);
	const [kept] = answers.flatMap(({ error }, i) => (error ? [] : [['Du premier', 'Du second'][i]!]));
	expect(answers.filter(({ error }) => error)).toMatchObject([refusal(409, 'dataset_changed')]);
	expect(await read('ensemble')).toMatchObject({ title: both(kept!) });
	const { slug: __, identifier: ___, ...now } = await read('ensemble');
	took(await write('Les deux', now));
	// A form that shows less only minds what it shows, and one that shows nothing minds nothing.
	took(await save('whole', { slug, ...words, was: { listed: true, frequency: 'DAILY' } }));
	expect(await save('whole', { slug, ...words, was: { listed: false } })).toMatchObject(refusal(409, 'dataset_changed'));
	for (const wrong of [null, 'x', []])
		expect(await save('whole', { slug, ...words, was: wrong })).toMatchObject(refusal(400, 'invalid_dataset'));
	expect(await save('stranger', { slug, ...words, was: now }), 'who may not is told nothing of it').toMatchObject(
		refusal(403, 'coordinators_only')
	);
});

it('a member of its organisation changes its words, never its licence, what is in it or where it shows', async () => {
	const before = await read('lecture');
	const contact = { name: 'Accueil des Amis', url: 'https://amis.exemple.fr' };
	const hers = {
		title: both('Nos livres'),
		description: both('Ce que nous lisons.'),
		keywords: ['romans'],
		contact,
		frequency: 'WEEKLY'
	};
	const closed = {
		licence: 'CC0-1.0',
		theme: null,
		area: null,
		organisation: null,
		listed: false,
		state: 'closed',
		reason: both('Non')
	};
	took(await save('member', { slug: 'lecture', ...hers, ...closed, sort: 9, published_at: null }));
	expect(await read('lecture')).toEqual({ ...before, ...hers });
	for (const who of ['stranger', 'coordinator', 'resident'] as const)
		expect(await save(who, { slug: 'lecture', ...words })).toMatchObject(refusal(403, 'coordinators_only'));
	expect(await save('member', { slug: 'a-nous', ...full })).toMatchObject(refusal(403, 'coordinators_only'));
	expect(await save('member', { slug: 'places', ...words })).toMatchObject(refusal(403, 'coordinators_only'));
});

it.each([
	['dataset_needs_reason', { state: 'planned' }],
	['invalid_state', { state: 'hidden' }],
	['invalid_frequency', { frequency: 'HOURLY' }],
	['invalid_licence', { licence: 'mine' }],
	['unknown_theme', { theme: 'rien' }],
	['unknown_area', { area: 3 }],
	['unknown_organisation', { organisation: {} }],
	['invalid_contact', { contact: { email: 'a@exemple.fr' } }],
	['invalid_contact', { contact: { name: 'A', phone: '1' } }],
	['invalid_value', { contact: { name: 'A', email: 'nobody' } }],
	['invalid_value', { published_at: 'javascript:alert(1)' }],
	['invalid_link', { published_at: 'http://data.exemple.fr/x' }],
	['invalid_keywords', { keywords: 'lecture' }],
	['invalid_keywords', { keywords: Array.from({ length: 21 }, String) }],
	['invalid_dataset', { listed: 'yes' }],
	['invalid_id', { slug: 'nouveau', identifier: 'x' }]
])('is refused as %s: %j', async (code, wrong) => {
	const before = await read('lecture');
	expect(await save('whole', { slug: 'lecture', ...full, ...wrong })).toMatchObject(refusal(400, code));
	expect(await read('lecture')).toEqual(before);
});

it('one that cannot be had says why; everything open can always be had, whole', async () => {
	took(await save('whole', { slug: 'lecture', ...words, state: 'closed', reason: both('Données personnelles') }));
	expect(await read('lecture')).toMatchObject({ state: 'closed', reason: both('Données personnelles') });
	for (const wrong of [{ state: 'closed', reason: both('Non') }, { theme: 'culture' }])
		expect(await save('whole', { slug: 'places', ...words, ...wrong })).toMatchObject(refusal(400, 'invalid_dataset'));
});

it('two datasets never have one identifier', async () => {
	const { identifier } = await read('lecture');
	expect(await save('whole', { slug: 'autre', ...full, identifier })).toMatchObject(refusal(400, 'invalid_dataset'));
});
