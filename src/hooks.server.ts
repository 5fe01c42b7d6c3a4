import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Handle, HandleServerError, RequestEvent, ServerInit } from '@sveltejs/kit';
import { json } from '@sveltejs/kit';
import { sequence } from '@sveltejs/kit/hooks';
import { building } from '$app/environment';
import { embedSitesOf, everySite } from '$lib/domain/embed';
import { m } from '$lib/paraglide/messages';
import { extractLocaleFromRequest, getTextDirection, isLocale } from '$lib/paraglide/runtime';
import { paraglideMiddleware } from '$lib/paraglide/server';
import { refuseLargeBody } from '$lib/server/body-limit';
import { lighten } from '$lib/server/compress';
import { config, EnvironmentError } from '$lib/server/environment';
import { fromOurPages, secureHeaders } from '$lib/server/headers';
import { KeptPages } from '$lib/server/kept-pages';
import { createLog } from '$lib/server/log';
import { mapOrigins } from '$lib/server/map-origins';
import { acceptsGzip, stateOf } from '$lib/server/opendata/answer';
import { wantedFormat } from '$lib/server/opendata/ogc/ask';
import { published } from '$lib/server/published/instance';
import { startUp } from '$lib/server/start';
import { keepInFront, openFront } from './routes/front.server';
import { callerClient, flagCookie, hasSession } from '$lib/server/supabase';
import { askViewer } from '$lib/server/viewer';
import { fileServer } from './routes/data/files.server';
import { startArchiving } from './routes/data/archives.server';

export const init: ServerInit = async () => {
	if (building) return;
	try {
		await startUp(config());
		// Files of before may hold what was withheld since: they are swept also while nobody asks for one.
		if (existsSync(join(config().dataDir, 'exports'))) fileServer();
		openFront();
		startArchiving(log);
	} catch (failure) {
		if (!(failure instanceof EnvironmentError)) throw failure;
		for (const sentence of failure.sentences) process.stderr.write(`${sentence}\n`);
		process.exit(1);
	}
};

const https = () => config().origin.startsWith('https:');

/** What every route finds in `locals`: cheap until it is used. */
const locals: Handle = ({ event, resolve }) => {
	let client: App.Locals['supabase'] | undefined;
	let viewer: ReturnType<App.Locals['viewer']> | undefined;
	const { cookies, setHeaders } = event;
	Object.defineProperty(event.locals, 'supabase', {
		enumerable: true,
		get: () =>
			(client ??= callerClient({ cookies, https: https(), setHeaders: (headers) => setHeadersOnce(setHeaders, headers) }))
	});
	event.locals.requestId = randomUUID();
	event.locals.flagged = cookies.get(flagCookie) === '1';
	event.locals.viewer = () =>
		(viewer ??= hasSession(cookies) ? askViewer(() => event.locals.supabase, m.error_database_away) : Promise.resolve(null));
	return resolve(event);
};

/** SvelteKit refuses a header that is already set; a session may be refreshed and then written again by the same request. */
function setHeadersOnce(set: (headers: Record<string, string>) => void, headers: Record<string, string>): void {
	for (const [name, value] of Object.entries(headers)) {
		try {
			set({ [name]: value });
		} catch {
			// Already set by the page, and no page of ours is cacheable.
		}
	}
}

/** A page that another site shows in a frame of its own. */
const isFrame = ({ route }: RequestEvent) => route.id === '/embed';

/** A frame may be asked to speak the language of the page around it. */
function asked({ request, url }: RequestEvent): Request {
	const locale = url.searchParams.get('lang');
	return isLocale(locale) ? new Request(url, { headers: { 'accept-language': locale } }) : request;
}

/** Cookie, then Accept-Language, then French. */
const language: Handle = ({ event, resolve }) =>
	paraglideMiddleware(isFrame(event) ? asked(event) : event.request, ({ locale }) => {
		event.locals.locale = locale;
		return resolve(event, {
			transformPageChunk: ({ html }) => html.replace('%lang%', locale).replace('%dir%', getTextDirection(locale))
		});
	});

/** An address of the OGC API is data and a page: what is asked for decides, and `f` in the address before any header. */
const dataOrPage: Handle = ({ event, resolve }) => {
	if (event.route.id === '/ogc/[...path]' && ['GET', 'HEAD'].includes(event.request.method)) {
		const wanted = wantedFormat(event.url, event.request.headers.get('accept'));
		const headers = new Headers(event.request.headers);
		headers.set('accept', wanted === 'page' ? 'text/html' : 'application/json');
		event.request = new Request(event.request, { headers });
	}
	return resolve(event);
};

const ownPagesOnly: Handle = ({ event, resolve }) => {
	if (fromOurPages(event.request, event.url.origin)) return resolve(event);
	const message = m.error_wrong_origin();
	// An error thrown here would reach none of the handlers around; a sentence is enough for a page that nobody of ours sent.
	if (event.request.headers.get('accept')?.includes('text/html')) return new Response(message, { status: 403 });
	const problem = { type: 'about:blank', title: 'Forbidden', status: 403, detail: message, code: 'wrong_origin' };
	return json(problem, { status: 403, headers: { 'content-type': 'application/problem+json' } });
};

/** Only forms with photos may be large, and a few of them at a time. */
const smallBodies: Handle = ({ event, resolve }) =>
	refuseLargeBody(event.request, event.route.id, {
		tooLarge: m.error_body_too_large,
		busy: m.error_uploads_busy,
		go: () => resolve(event)
	});

/** Without a first snapshot there is no page to show, not even its frame. */
const mapFirst: Handle = ({ event, resolve }) => {
	if (building || event.url.pathname === '/health' || published().status().snapshot) return resolve(event);
	const html = `<!doctype html><html lang="${event.locals.locale}"><meta charset="utf-8"><title>${m.error_title_503()}</title><h1>${m.error_title_503()}</h1><p>${m.error_lead_503()}</p>`;
	return new Response(html, {
		status: 503,
		headers: { 'content-type': 'text/html; charset=utf-8', refresh: '2', 'retry-after': '2' }
	});
};

/** What these show is somebody's own: no cache keeps it, and Back after signing out shows nothing. */
const ownPages = /^\/(me|moderation|admin|field|c)(\/|$)/;

/** While there is no snapshot nobody knows the setting, and the page that says so says nothing else. */
const framersOf = () => (published().status().snapshot ? embedSitesOf(published().current().settings.embed) : [everySite]);

const headers: Handle = async ({ event, resolve }) => {
	const response = await resolve(event);
	// What is drawn at build time is served as a file, with the headers of files.
	if (building) return response;
	if (ownPages.test(event.url.pathname) && !response.headers.has('cache-control'))
		response.headers.set('cache-control', 'private, no-store');
	secureHeaders(response.headers, {
		mapOrigins: mapOrigins(config().basemapStyleUrl),
		framers: isFrame(event) ? framersOf() : [],
		https: https(),
		personal: event.locals.flagged || hasSession(event.cookies)
	});
	return response;
};

/** Compressed for whoever has not signed in: the others' pages may hold what is theirs. */
const light: Handle = async ({ event, resolve }) => {
	const response = await resolve(event);
	return building || hasSession(event.cookies) ? response : lighten(response, acceptsGzip(event.request));
};

/** Pages that are the same for everybody who has not signed in, whatever cookies she brings besides her language. */
const sharedPages = new Set<string | null>([
	'/',
	'/places/[id]/[slug]',
	'/areas/[slug]',
	'/organisations/[slug]',
	'/embed',
	'/data',
	'/data/[dataset]',
	'/indicators'
]);
const keptPages = new KeptPages();

/** Public pages are drawn once a minute and version of the map, however many ask. */
const shared: Handle = ({ event, resolve }) => {
	const { request, route, cookies } = event;
	const mine = request.method !== 'GET' || hasSession(cookies) || cookies.get(flagCookie) !== undefined;
	if (building || mine || !sharedPages.has(route.id) || !published().status().snapshot) return resolve(event);
	const view = published().current();
	const locale = extractLocaleFromRequest(isFrame(event) ? asked(event) : request);
	// The request's own address: the event's has lost which parts of the page's data the browser has already.
	const key = [locale, acceptsGzip(request), request.url].join(' ');
	// Once a backup came back, or the database was migrated, the same number may mean something else.
	const made = `${JSON.stringify(stateOf(view))} ${view.clock(Date.now())}`;
	return keptPages.get(made, key, async () => resolve(event));
};

/** Outside all the others: what is kept is what leaves. */
const front: Handle = async ({ event, resolve }) => keepInFront(event, await resolve(event));

export const handle = sequence(front, shared, light, headers, language, ownPagesOnly, smallBodies, mapFirst, locals, dataOrPage);

const log = createLog('application', process.env['LOG_LEVEL'] || 'info');

export const handleError: HandleServerError = ({ error: thrown, event, status }) => {
	// 400: an address that no browser writes, such as `/%`. Whoever sends them by the thousand fills no log.
	if (status === 404 || status === 400) return { message: m.error_not_found() };
	const id = event.locals.requestId ?? randomUUID();
	log.error({ err: thrown, id, method: event.request.method, route: event.route.id, status }, 'A request failed.');
	return { message: m.error_unexpected(), code: 'unexpected', id };
};
