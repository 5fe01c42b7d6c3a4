import type { RequestEvent } from '@sveltejs/kit';
import { version } from '$app/environment';
import { config } from '$lib/server/environment';
import { standInFront } from '$lib/server/front/door';
import { Front } from '$lib/server/front/front';
import type { Giver, Maker } from '$lib/server/front/front';
import { secureHeaders } from '$lib/server/headers';
import { understand, wantedFormat } from '$lib/server/opendata/ogc/ask';
import { respondLent } from '$lib/server/opendata/ogc/respond';
import { answerTile } from '$lib/server/opendata/tile';
import { published } from '$lib/server/published/instance';
import { speaksOfSomebody } from '$lib/server/supabase';

let front: Front | undefined;

/** From now on finished public answers are given before the framework is asked; one per process. */
export function openFront(): void {
	const { origin } = config();
	const opened = (front = new Front({
		current: () => (published().status().snapshot ? published().current() : null),
		origin: new URL(origin).origin,
		isPersonal: speaksOfSomebody,
		// None of these is a page.
		finish: (headers) => secureHeaders(headers, { mapOrigins: [], https: origin.startsWith('https:') }),
		makers: [makeTile],
		givers: [givePage]
	}));
	standInFront((request, response, next) => opened.handle(request, response, next));
}

const tileAddress = /^\/tiles\/places\/(\d{1,2})\/(\d{1,8})\/(\d{1,8})\.mvt$/;

/** On a map that changes all the while, most tiles are asked for once: the framework would cost as much as the drawing. */
const makeTile: Maker = ({ request, url, view }) => {
	const [, z, x, y] = tileAddress.exec(url.pathname) ?? [];
	if (z === undefined || x === undefined || y === undefined) return null;
	return answerTile(request, { view, build: version, z, x, y, query: url.searchParams }).then(({ response, timeless }) => {
		return { response, keep: timeless ? { view, today: null, codings: ['gzip'] } : null };
	});
};

const pageAddress = /^\/ogc\/collections\/[a-z0-9_-]+\/items$/;

/** A page of features for a machine: half of its time would be the framework's, and its memory new each time. */
const givePage: Giver = ({ request, url, view }) => {
	if (!pageAddress.test(url.pathname) || wantedFormat(url, request.headers.get('accept')) === 'page') return null;
	const edition = { view, origin: url.origin, today: view.today(Date.now()) };
	const understood = () => understand({ edition, url, format: 'json', locale: 'fr', now: Date.now() });
	return respondLent({ ...request, url }, version, understood).then((answer) => {
		if (!answer || answer.body instanceof ReadableStream) return null;
		return { status: answer.status, headers: new Headers(answer.headers), bytes: answer.body, release: answer.release };
	});
};

/** Keeps an answer whose route said that it may be. */
export function keepInFront({ platform, locals }: RequestEvent, response: Response): Promise<Response> | Response {
	const { keep } = locals;
	// A thread or a timer that began with this request holds on to its event, and the view in it has all places as they were.
	delete locals.keep;
	return front && keep && platform?.req ? front.keep(platform.req, keep, response) : response;
}
