/// <reference types="@sveltejs/kit" />
/// <reference no-default-lib="true"/>
/// <reference lib="esnext" />
/// <reference lib="webworker" />
import { build, version } from '$service-worker';
import { filled, languageOf, rooted, withLine } from '$lib/offline/html';
import { networkFirst } from '$lib/offline/race';
import { keptAt, pagesOfOthers, Store } from '$lib/offline/store';
import { isLeaving, isReading, pageOfData, silenceMs, wayOf } from '$lib/offline/ways';
import type { Kept } from '$lib/offline/ways';
import { lineWords } from '$lib/offline/words';

// What somebody read stays readable without a network. Here it is asked for and answered; what may be kept is said in $lib/offline/ways.
const worker = self as unknown as ServiceWorkerGlobalScope;
const { origin } = worker.location;
const store = new Store(version);

/** Pages of the version before that a new one reads again. */
const carriedOver = 20;
/** A page that was kept so lately isn't asked for again; milliseconds. */
const freshMs = 60_000;
/** What was silent just now isn't listened to anew, milliseconds: a page that fails to load its data is opened as a whole at once. */
const silentMs = 5000;
const textFont = /-latin-wght-normal\.[^/]+\.woff2$/;
const languages = ['fr', 'en'] as const;
type Language = (typeof languages)[number];

let silent = { page: '', at: 0 };

worker.addEventListener('install', (event) => event.waitUntil(prepare()));
worker.addEventListener('activate', (event) => event.waitUntil(takeOver()));
worker.addEventListener('message', (event) => {
	const { seen, language } = event.data as { seen: string; language: Language };
	event.waitUntil(keepSeen(new URL(seen, origin), language));
});
worker.addEventListener('fetch', (event) => {
	const { request } = event;
	const url = new URL(request.url);
	url.hash = '';
	const asked = { method: request.method, mode: request.mode, url, range: request.headers.has('range') };
	if (isLeaving(asked)) event.waitUntil(store.forget());
	const way = wayOf(asked, origin);
	if (way === 'page') event.respondWith(page(event, url));
	else if (way === 'elsewhere') event.respondWith(ask(event).catch(() => offlinePage(url)));
	else if (way === 'data') event.respondWith(pageData(event, pageOfData(url).href));
	else if (way === 'code' || (way === 'photo' && !savesData())) event.respondWith(keptFirst(event, way, url.href));
	else if (way === 'file' || (way === 'tile' && !savesData())) event.respondWith(keptLast(event, way, url.href));
});

async function prepare(): Promise<void> {
	await Promise.all(languages.map(keepOfflinePage));
	await store.fetchCode(build.filter((path) => textFont.test(path)));
	await readLikeAnyone('file', new URL('/pictograms.svg', origin));
	// A page and its code belong to one version: what the former one kept is read anew, not handed on.
	for (const { url, language } of await pagesOfOthers(version, carriedOver)) await readLikeAnyone('page', new URL(url), language);
	await worker.skipWaiting();
}

async function takeOver(): Promise<void> {
	await store.forgetOthers();
	// The network is asked for a page while this program wakes up, not after.
	await worker.registration.navigationPreload?.enable();
	await worker.clients.claim();
}

async function keepOfflinePage(language: Language): Promise<void> {
	const answer = await fetch('/offline', { credentials: 'omit', headers: { accept: 'text/html', 'accept-language': language } });
	if (!answer.ok) throw new Error(`The offline page answers ${answer.status}.`);
	const html = rooted(await answer.text());
	await store.keepOfflinePage(language, html, answer.headers);
}

/** Opened from another of our pages, nothing but its data went over the network: the whole of it is read now. */
async function keepSeen(url: URL, language: Language): Promise<void> {
	const known = isReading(url) ? await store.find('page', url.href, Date.now()) : null;
	if (known === null) return;
	if (known && Date.now() - (keptAt(known) ?? 0) < freshMs && languageOf(await known.text()) === language) return;
	await readLikeAnyone('page', url, language);
}

/** Without cookies: what is kept is what somebody without an account reads. */
async function readLikeAnyone(way: Kept, url: URL, language: Language = 'fr'): Promise<void> {
	const headers = { accept: way === 'page' ? 'text/html' : '*/*', 'accept-language': language };
	const answer = await fetch(url, { credentials: 'omit', redirect: 'manual', headers }).catch(() => null);
	if (answer) await store.take(way, url.href, answer, Date.now());
}

async function ask({ preloadResponse, request }: FetchEvent): Promise<Response> {
	return ((await preloadResponse) as Response | undefined) ?? fetch(request);
}

/** The network's answer, kept on its way. */
function askAndKeep(event: FetchEvent, way: Kept, href: string): Promise<Response> {
	let keeping: Promise<void> | undefined;
	const network = ask(event).then((answer) => {
		keeping = store.take(way, href, answer.clone(), Date.now());
		return answer;
	});
	const kept = network.then(
		() => keeping,
		() => undefined
	);
	event.waitUntil(kept);
	return network;
}

async function page(event: FetchEvent, url: URL): Promise<Response> {
	const network = askAndKeep(event, 'page', url.href);
	const race = networkFirst({ network, kept: () => keptPage(url.href), limitMs: patienceFor(url.href) });
	return race.catch(() => offlinePage(url));
}

/** A failed answer makes SvelteKit open the page as a whole, which may be kept; its data alone never is. */
function pageData(event: FetchEvent, href: string): Promise<Response> {
	return networkFirst({
		network: fetch(event.request),
		kept: async () => ((await store.find('page', href, Date.now())) ? Response.error() : undefined),
		limitMs: patienceFor(href),
		onsilence: () => (silent = { page: href, at: Date.now() })
	});
}

const patienceFor = (href: string) => (silent.page === href && Date.now() - silent.at < silentMs ? 0 : silenceMs);

async function keptFirst(event: FetchEvent, way: Kept, href: string): Promise<Response> {
	return (await store.find(way, href, Date.now())) ?? askAndKeep(event, way, href);
}

function keptLast(event: FetchEvent, way: Kept, href: string): Promise<Response> {
	return networkFirst({
		network: askAndKeep(event, way, href),
		kept: () => store.find(way, href, Date.now()),
		limitMs: silenceMs
	});
}

async function keptPage(href: string): Promise<Response | undefined> {
	const found = await store.find('page', href, Date.now());
	if (!found) return undefined;
	const html = await found.text();
	const line = lineWords(new Date(keptAt(found) ?? 0), languageOf(html));
	return new Response(withLine(html, line), { headers: found.headers });
}

async function offlinePage(url: URL): Promise<Response> {
	const now = Date.now();
	const language = (await store.language(now)) ?? (worker.navigator.language.startsWith('en') ? 'en' : 'fr');
	const found = await store.offlinePage(language);
	if (!found) return Response.error();
	const html = filled(await found.text(), { address: url.pathname + url.search, places: await store.latestPlaces(12, now) });
	return new Response(html, { status: 503, headers: found.headers });
}

/** Who pays for each byte keeps what she reads, not the map. */
function savesData(): boolean {
	const { connection } = worker.navigator as WorkerNavigator & { connection?: { saveData?: boolean } };
	return connection?.saveData === true;
}
