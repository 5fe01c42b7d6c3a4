import type { FeatureCollection, Point } from 'geojson';
import type { Place } from '../../src/lib/domain/place.ts';
import { understand } from '../../src/lib/server/opendata/ogc/ask.ts';
import { respond } from '../../src/lib/server/opendata/ogc/respond.ts';
import type { PlaceProperties } from '../../src/lib/server/opendata/geojson.ts';
import type { Link } from '../../src/lib/server/opendata/ogc/links.ts';
import { createPublished } from '../../src/lib/server/published/published.ts';
import type { View } from '../../src/lib/server/published/view.ts';
import { FakeFeed } from './fake-feed.ts';
import { seeded } from './random.ts';
import { syntheticPlace, syntheticReference } from './synthetic.ts';

const log = { info: () => undefined, warn: () => undefined };
export const origin = 'https://carte.example';
export const now = Date.parse('2026-11-21T12:00:00Z');

export type Items = FeatureCollection<Point, PlaceProperties> & {
	links: Link[];
	timeStamp: string;
	numberMatched?: number;
	numberReturned: number;
};

export interface OgcApi {
	feed: FakeFeed;
	places: Place[];
	view(): View;
	/** The answer of the API for machines, without a server. */
	get(path: string, headers?: Record<string, string>, method?: 'GET' | 'HEAD'): Promise<Response>;
	json<T = Record<string, unknown>>(path: string): Promise<T>;
	/** Resolves when what the feed has by now is published. */
	caughtUp(): Promise<void>;
	stop(): Promise<void>;
}

/** The API over so many synthetic places, of which every fifth is under another licence when `mixed`. */
export async function openOgc(count: number, { mixed = false, seed = 11 } = {}): Promise<OgcApi> {
	const random = seeded(seed);
	const feed = new FakeFeed(syntheticReference());
	const places = Array.from({ length: count }, () => syntheticPlace(random, feed.rows));
	places.forEach((place, i) => {
		if (mixed && i % 5 === 0) place.facts.licence = 'ODbL-1.0';
		feed.put(place);
	});
	const published = createPublished({ source: feed, dir: null, log, pollMs: 5 });
	await published.start();
	await published.ready();
	const view = () => published.current();
	const get: OgcApi['get'] = (path, headers = {}, method = 'GET') => {
		const url = new URL(path.startsWith('http') ? path : `${origin}/ogc${path}`);
		const request = new Request(url, { headers, method });
		const edition = { view: view(), origin, today: '2026-11-21' };
		return respond(request, 'test', () => understand({ edition, url, format: 'json', locale: 'fr', now }));
	};
	return {
		...{ feed, places, view, get },
		json: async (path) => (await (await get(path)).json()) as never,
		caughtUp: async () => void (await published.until(feed.seq, AbortSignal.timeout(5000))),
		stop: () => published.stop()
	};
}
