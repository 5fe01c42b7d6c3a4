import { describe, expect, it, test } from 'vitest';
import { codeIn, filled, languageOf, rooted, titleOf, withLine } from '../../src/lib/offline/html.ts';
import { networkFirst } from '../../src/lib/offline/race.ts';
import { isGone, isLeaving, isReading, mayKeep, pageOfData, wayOf } from '../../src/lib/offline/ways.ts';
import { lineWords } from '../../src/lib/offline/words.ts';
import { listHref } from '../../src/routes/query.ts';

const origin = 'https://carte.example.fr';
const at = (path: string) => new URL(path, origin);
const visit = (path: string, method = 'GET') => wayOf({ method, mode: 'navigate', url: at(path) }, origin);
const fetched = (path: string, range = false) => wayOf({ method: 'GET', mode: 'cors', url: at(path), range }, origin);
const place = '/places/0f8fad5b-d9cb-469f-a165-70867728950e';

describe('the ways of the service worker', () => {
	test.each([
		...['/', '/?q=compost&theme=nature', '/?open=now&page=2', `${place}/repair-cafe`, `${place}/history`],
		...[
			'/areas/nantes-centre-ville',
			'/organisations/ville-de-nantes?page=2',
			'/data',
			'/indicators',
			'/legal',
			'/privacy',
			'/terms'
		]
	])('%s is read by everyone alike, and may be kept', (path) => expect(visit(path)).toBe('page'));

	test.each([
		...[
			'/me',
			'/me/shared',
			'/moderation',
			'/moderation/desk',
			'/admin',
			'/admin/people',
			'/field',
			'/sign-in',
			'/sign-up',
			'/sign-out'
		],
		...[
			'/setup',
			'/follow',
			'/follow/abc',
			'/c/printemps',
			'/unsubscribe/abc',
			'/invitations/abc',
			'/reset/new',
			'/auth/confirm'
		],
		...[
			'/places/new',
			`${place}/edit`,
			`${place}/report`,
			`${place}/partners`,
			'/organisations/ville-de-nantes/members',
			'/offline'
		],
		...[
			'/organisations/ville-de-nantes?done=saved',
			'/?token=abc',
			'/?near=-1.55,47.21',
			`${place}/repair-cafe?done=1`,
			'/data/places.csv',
			'/embed'
		]
	])('%s is never kept', (path) => expect(visit(path)).toBe('elsewhere'));

	it('leave alone what is sent, what is elsewhere and what is read in parts', () => {
		expect(visit('/', 'POST')).toBe(null);
		expect(visit('/sign-out', 'POST')).toBe(null);
		expect(wayOf({ method: 'GET', mode: 'cors', url: new URL('https://data.geopf.fr/photos/a.webp') }, origin)).toBe(null);
		expect(fetched('/basemap/base.pmtiles', true)).toBe(null);
		expect(fetched('/health')).toBe(null);
		expect(fetched('/api/search?q=tri')).toBe(null);
		expect(fetched('/me/__data.json')).toBe(null);
	});

	it('know code, pictures and pieces of the map', () => {
		expect(fetched('/_app/immutable/entry/start.abc.js')).toBe('code');
		expect(fetched('/_app/version.json')).toBe(null);
		expect(fetched('/photos/0f8f-large.webp')).toBe('photo');
		expect(fetched('/tiles/places/12/2028/1437.mvt?theme=nature')).toBe('tile');
		expect(fetched('/basemap/areas.geojson')).toBe('tile');
		expect(fetched('/pictograms.svg')).toBe('file');
	});

	it('find the page of its data', () => {
		expect(pageOfData(at('/__data.json?q=tri&x-sveltekit-invalidated=01')).href).toBe(`${origin}/?q=tri`);
		expect(pageOfData(at(`${place}/repair-cafe/__data.json`)).href).toBe(`${origin}${place}/repair-cafe`);
		expect(fetched('/__data.json?q=tri&x-sveltekit-invalidated=01')).toBe('data');
		expect(fetched(`${place}/edit/__data.json`)).toBe(null);
	});

	it('know every address that the list makes of itself, and keep none that says where somebody stood', () => {
		const names = ['q', 'theme', 'category', 'area', 'kind', 'open', 'wheelchair', 'cost', 'audience', 'language'] as const;
		const all = listHref(new URLSearchParams(), { ...Object.fromEntries(names.map((name) => [name, 'x'])), page: '2' });
		expect([...at(all).searchParams]).toHaveLength(names.length + 1);
		expect(isReading(at(all))).toBe(true);
		expect(isReading(at(listHref(at(all).searchParams, { near: '-1.55,47.21' })))).toBe(false);
	});

	it('forget what was read when somebody leaves a browser', () => {
		expect(isLeaving({ method: 'POST', url: at('/sign-out') })).toBe(true);
		expect(isLeaving({ method: 'GET', url: at('/sign-out') })).toBe(false);
		expect(isLeaving({ method: 'POST', url: at('/sign-in') })).toBe(false);
	});
});

describe('an answer', () => {
	const answer = (caching: string, { status = 200, type = 'basic', contentType = 'text/html; charset=utf-8' } = {}) => ({
		status,
		type: type as ResponseType,
		redirected: false,
		headers: new Headers({ 'cache-control': caching, 'content-type': contentType })
	});

	it('is kept when it is whole and for everyone', () => {
		expect(mayKeep('page', answer('no-cache'))).toBe(true);
		expect(mayKeep('tile', answer('public, no-cache', { status: 204 }))).toBe(true);
		expect(mayKeep('photo', answer('public, max-age=31536000, immutable', { contentType: 'image/webp' }))).toBe(true);
	});

	it('is not kept when it is somebody’s own, an error, another page or no page', () => {
		expect(mayKeep('page', answer('private, no-cache'))).toBe(false);
		expect(mayKeep('photo', answer('private, no-store'))).toBe(false);
		expect(mayKeep('page', answer('No-Store'))).toBe(false);
		expect(mayKeep('page', answer('no-cache', { status: 503 }))).toBe(false);
		expect(mayKeep('page', answer('no-cache', { status: 204 }))).toBe(false);
		expect(mayKeep('page', answer('no-cache', { contentType: 'application/json' }))).toBe(false);
		expect(mayKeep('page', answer('', { type: 'opaqueredirect', status: 0 }))).toBe(false);
		expect(mayKeep('page', { ...answer('no-cache'), redirected: true })).toBe(false);
	});

	it('takes away what was kept when the place was taken off the map, and not when the server is in trouble', () => {
		expect(isGone(answer('', { status: 410 }))).toBe(true);
		expect(isGone(answer('', { status: 404 }))).toBe(true);
		expect(isGone(answer('', { status: 0, type: 'opaqueredirect' }))).toBe(true);
		expect(isGone(answer('', { status: 503 }))).toBe(false);
	});
});

describe('the network first', () => {
	const kept = () => Promise.resolve(new Response('kept'));
	const never = new Promise<Response>(() => {});
	const text = async (answer: Promise<Response>) => (await answer).text();

	it('answers as long as it answers at all, also with an error', async () => {
		expect(await text(networkFirst({ network: Promise.resolve(new Response('new', { status: 503 })), kept, limitMs: 5 }))).toBe(
			'new'
		);
	});

	it('is replaced by what was kept when it fails or is silent', async () => {
		expect(await text(networkFirst({ network: Promise.reject(new TypeError()), kept, limitMs: 1000 }))).toBe('kept');
		let silent = false;
		expect(await text(networkFirst({ network: never, kept, limitMs: 5, onsilence: () => (silent = true) }))).toBe('kept');
		expect(silent).toBe(true);
	});

	it('is waited for, and fails as it does, when nothing was kept', async () => {
		const slow = new Promise<Response>((answer) => setTimeout(answer, 30, new Response('slow')));
		const nothing = () => Promise.resolve(undefined);
		expect(await text(networkFirst({ network: slow, kept: nothing, limitMs: 5 }))).toBe('slow');
		const failing = Promise.reject(new TypeError('away'));
		await expect(networkFirst({ network: failing, kept: nothing, limitMs: 5 })).rejects.toThrow('away');
	});
});

describe('a page that was kept', () => {
	const html =
		'<html lang="en" dir="ltr"><head><title>Repair caf&eacute; – Nantes – Alentour</title><link href="../../_app/immutable/assets/0.Abc-1.css" rel="stylesheet"></head>' +
		'<body data-sveltekit-preload-data="hover"><div class="app"><script>import("../../_app/immutable/entry/start.x_y.js")</script></div></body></html>';

	it('names its language, its title and its code', () => {
		expect(languageOf(html)).toBe('en');
		expect(languageOf('<html lang="fr" dir="ltr">')).toBe('fr');
		expect(titleOf(html)).toBe('Repair caf&eacute; – Nantes');
		expect(codeIn(html + html)).toEqual(['/_app/immutable/assets/0.Abc-1.css', '/_app/immutable/entry/start.x_y.js']);
	});

	it('says so before all the rest, outside of what its scripts take over', () => {
		const line = withLine(html, { text: 'Hors connexion : <b>', label: 'Hors connexion' });
		expect(line).toContain(
			'<body data-sveltekit-preload-data="hover"><aside class="kept-line" id="kept-line" aria-label="Hors connexion"><p>Hors connexion : &lt;b&gt;</p></aside><div class="app">'
		);
	});

	it('says since when, in its own language', () => {
		const line = (at: Date, locale: 'fr' | 'en') => lineWords(at, locale, 'Europe/Paris').text.replaceAll('\u00a0', ' ');
		const moment = new Date('2026-11-22T10:30:00Z');
		expect(line(moment, 'fr')).toBe('Hors connexion : page gardée le 22 novembre à 11 h 30');
		expect(line(moment, 'en')).toBe('Offline: page kept on 22 November at 11:30');
		expect(line(new Date('2026-05-01T07:05:00Z'), 'fr')).toContain('le 1er mai à 9 h 05');
	});
});

describe('the offline page', () => {
	const html =
		'<link href="./_app/x.css"><a href="/language?to=en&amp;back=%2Foffline">English</a><a href="/offline" class="b">Réessayer</a>' +
		'<section id="kept-places" aria-labelledby="kept-title" hidden="" class="s"><h2 id="kept-title">Lieux</h2><ul class="s"></ul></section>';

	it('finds its files wherever it is shown', () => {
		expect(rooted(html)).toContain('<link href="/_app/x.css">');
	});

	it('leads to the page that was asked for, and to the places seen lately', () => {
		const page = filled(html, { address: '/areas/x?a="&b=$&', places: [{ href: place, title: 'Caf&eacute; $1' }] });
		expect(page).toContain('<a href="/areas/x?a=&quot;&amp;b=$&amp;" class="b">');
		expect(page).toContain('back=%2Fareas%2Fx%3Fa%3D%22%26b%3D%24%26"');
		expect(page).toContain(`<ul class="s"><li><a href="${place}">Caf&eacute; $1</a></li></ul>`);
		expect(page).not.toContain('hidden');
	});

	it('shows no empty list', () => {
		expect(filled(html, { address: '/x', places: [] })).toContain('hidden');
	});
});
