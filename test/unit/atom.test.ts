import type { RequestEvent } from '@sveltejs/kit';
import { afterAll, describe, expect, it } from 'vitest';
import type { Place } from '../../src/lib/domain/place.ts';
import { changeId, newsOf } from '../../src/lib/server/opendata/feed/news.ts';
import { usePublished } from '../../src/lib/server/published/instance.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { createPublished } from '../../src/lib/server/published/published.ts';
import type { Published } from '../../src/lib/server/published/published.ts';
import * as route from '../../src/routes/data/changes.atom/+server.ts';
import { childrenOf, faultsOf, textOf } from '../support/atom-check.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { seeded } from '../support/random.ts';
import { relaxNgFaults } from '../support/relax-ng.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';
import { parseXml } from '../support/xml.ts';

const rows = syntheticReference();
const random = seeded(8);
const now = new Date('2026-11-22T00:00:00Z');
const log = { info: () => undefined, warn: () => undefined };
let published: Published | null = null;

const placed = (name: string, more: Partial<Place> = {}, facts: Partial<Place['facts']> = {}): Place => {
	const place = syntheticPlace(random, rows);
	return {
		...place,
		category: 'ludotheque',
		theme: 'culture',
		area: 'nantes-bellevue',
		...more,
		facts: { ...place.facts, name, ...facts }
	};
};
const bellevue = placed('Ludothèque Bellevue', {}, { address: '12 rue Crébillon' });

function changed(feed: FakeFeed, place: Place, facts: string[], kind = 'updated'): void {
	feed.put(place, kind);
	feed.changes_.at(-1)!.facts = facts;
}

async function serve(feed: FakeFeed): Promise<void> {
	await published?.stop();
	published = await usePublished(createPublished({ source: feed, dir: null, log }));
	await published.ready();
}

async function ask(query = '', headers: Record<string, string> = {}) {
	const url = new URL(`/data/changes.atom${query}`, 'https://carte.example');
	const event = { request: new Request(url, { headers }), url } satisfies Partial<RequestEvent>;
	return (route.GET as (event: never) => Promise<Response>)(event as never);
}

/** Every feed that a story here was told by. */
const heard: string[] = [];

async function read(query = '') {
	const response = await ask(query);
	const text = await response.text();
	heard.push(text);
	expect(faultsOf(text, `https://carte.example/data/changes.atom${query}`, now)).toEqual([]);
	const feed = parseXml(text);
	return { response, text, feed, titles: childrenOf(feed, 'entry').map((entry) => textOf(entry, 'title')) };
}

afterAll(() => published?.stop());

describe('the news of the map as Atom', () => {
	it('says in French what a resident understands, newest first', async () => {
		const feed = new FakeFeed(rows);
		feed.put(bellevue);
		changed(feed, bellevue, ['opening_hours']);
		changed(feed, bellevue, ['opening_hours', 'phone']);
		changed(feed, bellevue, ['postcode', 'city', 'position']);
		changed(feed, bellevue, ['email', 'cost', 'closures', 'extra.places']);
		changed(feed, bellevue, ['extra.places']);
		changed(feed, bellevue, ['offer:b0f2cbd4-6d0f-4d8f-8a43-1f6bb1a8b3a1.opening_hours']);
		changed(feed, bellevue, ['phone'], 'redacted');
		await serve(feed);
		const { titles, feed: root, response } = await read();
		expect(titles.reverse()).toEqual([
			'Nouveau sur la carte\u00a0: Ludothèque Bellevue',
			'Ludothèque Bellevue\u00a0: horaires modifiés',
			'Ludothèque Bellevue\u00a0: horaires modifiés et téléphone modifié',
			'Ludothèque Bellevue\u00a0: adresse modifiée',
			'Ludothèque Bellevue\u00a0: fermetures exceptionnelles modifiées, adresse e-mail modifiée et autres informations modifiées',
			'Ludothèque Bellevue\u00a0: informations modifiées',
			'Ludothèque Bellevue\u00a0: activités modifiées',
			'Ludothèque Bellevue\u00a0: information effacée'
		]);
		expect(textOf(root, 'title')).toBe('Nantes\u00a0: ce qui change sur la carte');
		expect(textOf(childrenOf(root, 'entry')[0]!, 'summary')).toBe('Ludothèque, 12 rue Crébillon, Bellevue');
		expect(response.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
	});

	it('speaks English when it is asked to, and leads to its other language', async () => {
		const feed = new FakeFeed(rows);
		feed.put(bellevue);
		changed(feed, bellevue, ['opening_hours']);
		await serve(feed);
		const { titles, feed: root, text } = await read('?area=nantes-bellevue&lang=en');
		expect(titles).toEqual(['Ludothèque Bellevue: opening hours changed', 'New on the map: Ludothèque Bellevue']);
		expect(textOf(root, 'title')).toBe('Bellevue: what changes on the map');
		expect(text).toContain('hreflang="fr" href="https://carte.example/data/changes.atom?area=nantes-bellevue"');
	});

	it('puts a place where it is, latitude first', async () => {
		const feed = new FakeFeed(rows);
		feed.put({ ...bellevue, position: { lon: -1.6, lat: 47.2 } });
		await serve(feed);
		expect((await read()).text).toContain('<georss:point>47.2 -1.6</georss:point>');
	});

	it('tells of one that left why, and neither its name nor what came before', async () => {
		const feed = new FakeFeed(rows);
		const kept = placed('La Grande Maison');
		const [gone, merged, hidden] = [placed('Fermée'), placed('Doublon'), placed('Cachée')];
		for (const place of [kept, gone, merged, hidden]) feed.put(place);
		changed(feed, gone, ['phone']);
		feed.take(gone.id, 'ended');
		feed.put(gone, 'reopened');
		feed.take(gone.id, 'ended');
		feed.take(merged.id, 'merged', kept.id);
		feed.take(hidden.id, 'withdrawn');
		await serve(feed);
		const { titles, text } = await read();
		expect(titles).toEqual([
			'Un lieu n’est plus sur la carte',
			'La Grande Maison\u00a0: deux fiches réunies en une',
			'Un lieu n’est plus sur la carte\u00a0: fermé définitivement',
			'Nouveau sur la carte\u00a0: La Grande Maison'
		]);
		expect(text).not.toMatch(/Fermée|Doublon|Cachée/);
		expect(text).toContain(`href="https://carte.example/places/${gone.id}"`);
	});

	it('keeps silent about what was only checked, and what is not public', async () => {
		const feed = new FakeFeed(rows);
		feed.put(bellevue);
		changed(feed, bellevue, ['opening_hours'], 'verified');
		changed(feed, bellevue, []);
		feed.note('category', 'ludotheque', 'updated');
		await serve(feed);
		expect((await read()).titles).toEqual(['Nouveau sur la carte\u00a0: Ludothèque Bellevue']);
	});

	it('is narrowed to an area and those in it, a theme, an organisation, or several', async () => {
		const feed = new FakeFeed(rows);
		feed.put({ ...bellevue, steward: 'ville' });
		feed.put(placed('Médecin de Zola', { category: 'medecin', theme: 'sante', area: 'nantes-zola', steward: null }));
		feed.put(placed('Hors du territoire', { area: null, steward: null }));
		feed.take(feed.places_.keys().toArray()[2]!, 'ended');
		await serve(feed);
		const namesOf = async (query: string) => (await read(query)).titles.map((title) => title.split('\u00a0: ')[1]);
		expect(await namesOf('?area=nantes')).toEqual(['Médecin de Zola', 'Ludothèque Bellevue']);
		expect(await namesOf('?theme=sante')).toEqual(['Médecin de Zola']);
		expect(await namesOf('?organisation=ville')).toEqual(['Ludothèque Bellevue']);
		expect(await namesOf('?theme=sante&area=nantes-bellevue')).toEqual([]);
		for (const query of ['?area=nowhere', '?lang=de', '?page=2']) expect((await ask(query)).status).toBe(400);
	});

	it('is valid whatever a place is called, and on a map on which nothing ever happened', async () => {
		const feed = new FakeFeed(rows);
		await serve(feed);
		expect((await read()).titles).toEqual([]);
		feed.put(placed('<b>R&amp;D</b> "l’été"\u0000\u0008\uFFFF \u{1F333}\uD800'));
		await serve(feed);
		expect((await read()).titles).toEqual(['Nouveau sur la carte\u00a0: <b>R&amp;D</b> "l’été" 🌳']);
	});

	it('costs nothing who has it, until something changes', async () => {
		const feed = new FakeFeed(rows);
		feed.put(bellevue);
		await serve(feed);
		const { response } = await read();
		const known = { 'if-none-match': response.headers.get('etag')! };
		expect((await ask('', known)).status).toBe(304);
		expect((await ask('?lang=en', known)).status).toBe(200);
		changed(feed, bellevue, ['phone']);
		await serve(feed);
		expect((await ask('', known)).status).toBe(200);
	});
});

describe('the grammar of RFC 4287', () => {
	it('is followed by each of these feeds, and not by others', async () => {
		const feed = new FakeFeed(rows);
		feed.put(placed('Ailleurs', {}, { licence: 'ODbL-1.0' }));
		await serve(feed);
		const { text } = await read();
		for (const faults of relaxNgFaults('atom.rng', heard)) expect(faults).toEqual([]);
		const broken = [
			text.replace(/<updated>[^<]*</, '<updated>hier<'),
			text.replace(/<id>[^<]*<\/id>/, ''),
			text.replace('</feed>', '<dc xmlns="http://www.w3.org/2005/Atom"/></feed>'),
			text.replace('type="text/html"', 'type="html"'),
			text.replace('<author>', '<author><name>Une autre</name>'),
			text.replace('xml:lang="fr"', 'xml:lang="français"')
		];
		for (const faults of relaxNgFaults('atom.rng', broken)) expect(faults.length).toBeGreaterThan(0);
	});
});

describe('an entry', () => {
	it('keeps its id for ever, and no other has it', async () => {
		const feed = new FakeFeed(rows);
		for (let i = 0; i < 30; i++) feed.put(placed(`Lieu ${i}`));
		const idsOf = async () => (await newsOf((await loadSnapshot(feed, () => 0)).view, {})).map(({ change }) => changeId(change));
		const before = await idsOf();
		feed.put(placed('Un autre'));
		expect((await idsOf()).slice(1)).toEqual(before);
		expect(new Set(before).size).toBe(30);
		// As Python's uuid.uuid5 has it.
		const known = { id: '6ba7b810-9dad-11d1-80b4-00c04fd430c8', seq: 7, at: '2026-11-21T10:00:00.007Z' };
		expect(changeId(known as Parameters<typeof changeId>[0])).toBe('239d4e44-1f7f-58cc-ba82-6f096d566127');
	});
});
