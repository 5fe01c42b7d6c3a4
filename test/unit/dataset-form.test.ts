import { beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../../src/lib/domain/roles.ts';
import type { Dataset } from '../../src/lib/domain/taxonomy.ts';
import { overviewsOf } from '../../src/lib/server/opendata/overview.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import type { View } from '../../src/lib/server/published/view.ts';
import {
	candidates,
	datasetsWithChecks,
	editable,
	proposed,
	readDraft,
	slugOfDataset
} from '../../src/routes/admin/datasets/datasets.server.ts';
import { datasetIn, draftIn, draftOf, formerIn, formerOf, replacedBy } from '../../src/routes/admin/datasets/draft.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const lecture: Dataset = {
	slug: 'lecture',
	title: { fr: 'Lire', en: 'Read' },
	description: { fr: 'Où lire.', en: 'Where to read.' },
	licence: 'etalab-2.0',
	sort: 4,
	theme: 'culture',
	area: null,
	organisation: 'ville',
	state: 'open',
	reason: null,
	listed: true,
	frequency: 'DAILY',
	keywords: ['livres', 'lecture'],
	contact: { name: 'Médiathèque', email: 'contact@exemple.fr' },
	publishedAt: null,
	identifier: 'c0a8a7c2-0000-4000-8000-000000000001'
};
let view: View;
beforeAll(async () => {
	const rows = syntheticReference();
	rows.datasets.push(lecture, { ...lecture, slug: 'enfance', theme: 'enfance', organisation: null });
	const random = seeded(2);
	const feed = new FakeFeed(rows);
	for (let i = 0; i < 80; i++) feed.put(syntheticPlace(random, rows));
	({ view } = await loadSnapshot(feed, () => 0));
});

const viewer = (more: Partial<Viewer>): Viewer => ({
	contributorId: 'c',
	name: null,
	email: '',
	grants: [],
	organisations: [],
	...more
});
const whole = viewer({ grants: [{ role: 'coordinator', areas: null, themes: null }] });
const member = viewer({ organisations: [{ slug: 'ville', name: 'Ville', role: 'member' }] });

describe('the form of a dataset', () => {
	it('comes back as the dataset it was filled with', () => {
		expect(datasetIn(draftOf(lecture), lecture)).toEqual(lecture);
		const { publishedAt: _, sort: __, ...rest } = lecture;
		expect(readDraft(draftOf(lecture), lecture, true)).toEqual({ dataset: { ...rest, published_at: null } });
	});

	it('of a member says the words and nothing else', () => {
		const read = readDraft({ ...draftOf(lecture), licence: 'CC0-1.0', listed: '' }, lecture, false);
		expect('dataset' in read && Object.keys(read.dataset).sort()).toEqual(
			['slug', 'title', 'description', 'frequency', 'keywords', 'contact'].sort()
		);
	});

	it('of everything open leaves out what it is narrowed to', () => {
		const read = readDraft(draftOf(lecture), { ...lecture, slug: 'places' }, true);
		expect('dataset' in read && read.dataset).not.toHaveProperty('theme');
		expect('dataset' in read && read.dataset).not.toHaveProperty('state');
	});

	it.each([
		['title_en', { title_en: ' ' }],
		['description_fr', { description_fr: 'x'.repeat(2001) }],
		['keywords', { keywords: 'x'.repeat(61) }],
		['keywords', { keywords: Array.from({ length: 21 }, (_, i) => i).join() }],
		['contact_name', { contact_name: '' }],
		['contact_email', { contact_email: 'personne' }],
		['contact_url', { contact_url: 'javascript:alert(1)' }],
		['published_at', { published_at: 'http://exemple.fr' }],
		['reason_fr', { state: 'closed', reason_en: 'No' }]
	])('says what is wrong with %s: %j', (field, wrong) => {
		const read = readDraft({ ...draftOf(lecture), ...wrong }, lecture, true);
		expect('errors' in read && Object.keys(read.errors)).toEqual([field]);
	});

	it('reads what a browser posts, also nothing', () => {
		const draft = draftIn({ title_fr: [' Lire\r\n'], state: ['sometimes'], frequency: ['HOURLY'] });
		expect(datasetIn(draft, lecture)).toMatchObject({
			...{ title: { fr: 'Lire', en: '' }, state: 'open', frequency: 'UNKNOWN', listed: false, keywords: [] },
			...{ theme: null, contact: null, reason: null, licence: 'etalab-2.0' }
		});
	});
});

describe('a form that somebody else was quicker than', () => {
	const shown = formerOf(lecture, true);
	const typed = { ...draftOf(lecture), title_fr: 'Lire ici' };

	it('names what saving would replace, and nothing that nobody else touched', () => {
		const now: Dataset = { ...lecture, title: { fr: 'Lire', en: 'Reading' }, frequency: 'WEEKLY', listed: false };
		expect(replacedBy(typed, shown, now)).toEqual(['title_fr', 'title_en', 'frequency', 'listed']);
		expect(replacedBy(typed, shown, lecture)).toEqual([]);
		expect(replacedBy({ ...typed, frequency: 'WEEKLY' }, shown, { ...lecture, frequency: 'WEEKLY' })).toEqual([]);
	});

	it('says what it showed as it was given, or nothing', () => {
		expect(formerIn({ was: [JSON.stringify(shown)] })).toEqual(shown);
		expect(formerOf(lecture, false)).not.toHaveProperty('licence');
		for (const text of ['', 'x', 'null', '[]', '3']) expect(formerIn({ was: [text] })).toBeNull();
	});
});

describe('who may change it', () => {
	it('is the whole coordination, and a member of its organisation in part', () => {
		expect(editable(whole, view, 'lecture').whole).toBe(true);
		expect(editable(whole, view, 'new').dataset.slug).toBe('');
		expect(editable(member, view, 'lecture')).toEqual({ dataset: lecture, whole: false });
		for (const slug of ['enfance', 'places']) expect(() => editable(member, view, slug)).toThrow();
		expect(() =>
			editable(viewer({ grants: [{ role: 'coordinator', areas: ['nantes'], themes: null }] }), view, 'lecture')
		).toThrow();
		expect(() => editable(whole, view, 'nothing')).toThrow();
	});
});

describe('one tick', () => {
	it('is offered for what has places and no dataset of its own', () => {
		const { theme, area, organisation } = candidates(view);
		expect(theme.map(({ slug }) => slug)).not.toContain('enfance');
		expect(theme.map(({ slug }) => slug)).toContain('culture');
		expect(area).toEqual([]);
		expect(organisation.map(({ slug }) => slug)).toEqual(['ville']);
	});

	it('makes a dataset that portals take, with words to read over', () => {
		const made = proposed(view, 'organisation', 'ville')!;
		expect(made).toMatchObject({ slug: 'ville', organisation: 'ville', listed: true, licence: 'etalab-2.0' });
		for (const text of Object.values(made.description)) expect(text.length).toBeGreaterThanOrEqual(50);
		expect(proposed(view, 'theme', 'enfance')).toBeNull();
		expect(proposed(view, 'theme', 'nothing')).toBeNull();
	});

	it('never takes an address that is something else', () => {
		expect(['changes', 'new', 'Lecture', '!'].map((name) => slugOfDataset(name, view))).toEqual([
			'changes-2',
			'new-2',
			'lecture-2',
			''
		]);
	});
});

it('the coordinator hears of a frequency that is not kept', async () => {
	const late = async (today: string) =>
		(await datasetsWithChecks({ view, origin: '', today })).filter((dataset) => dataset.late).map(({ slug }) => slug);
	const lastChange = (await overviewsOf({ view, today: '2031-01-01' })).get('lecture')!.modified!.slice(0, 10);
	expect(await late(lastChange)).not.toContain('lecture');
	expect(await late('2031-01-01')).toEqual(expect.arrayContaining(['lecture', 'enfance']));
	expect(await late('2031-01-01')).not.toContain('places');
});
