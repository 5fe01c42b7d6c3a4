import type { SupabaseClient } from '@supabase/supabase-js';
import type { HistoryEntry, Offer, Place, PlaceFacts } from '../../domain/place.ts';
import { publicReports } from './dataset-reports.ts';
import type { Area, Category, Dataset, Organisation, Settings, Theme } from '../../domain/taxonomy.ts';

/** Rows are what the anonymous views answer: their columns are promised, their content was masked in the database. */
type Row = Record<string, unknown>;

export interface ChangeRow {
	seq: number;
	at: string;
	subject: string;
	id: string;
	version: number | null;
	kind: string;
	facts: string[];
	reason: string | null;
	intoId: string | null;
}

const requestMs = 8000;

const factNames = [
	...['name', 'summary', 'description', 'precision', 'address', 'postcode', 'city', 'opening_hours', 'closures', 'booking'],
	...['phone', 'email', 'website', 'wheelchair', 'audience', 'cost', 'languages', 'starts_on', 'ends_on', 'photos', 'licence'],
	...['contact_name', 'contact_phone', 'part_of']
] as const;
const listNames: ReadonlySet<string> = new Set(['closures', 'audience', 'languages', 'photos']);

/**
 * What the snapshot keeps of a place. The columns left out say nothing to the public (openness is "open" for all of them) or say again what
 * others do (position); a fifth of the time of a whole load went into carrying them.
 */
const columns = [
	...[
		'id',
		'slug',
		'kind',
		'theme',
		'category',
		'area',
		'steward',
		'source',
		'lon',
		'lat',
		'version',
		'created_at',
		'updated_at'
	],
	...factNames,
	...['extra', 'offers', 'assurances', 'history']
].join();

/** A row of the view `places` as a place. */
export function placeFromRow(row: Row): Place {
	const facts: Record<string, unknown> = {};
	for (const fact of factNames) facts[fact] = row[fact] ?? (listNames.has(fact) ? [] : null);
	return {
		id: row.id as string,
		slug: row.slug as string,
		kind: row.kind as Place['kind'],
		theme: row.theme as string,
		category: row.category as string,
		area: (row.area as string | null) ?? null,
		steward: (row.steward as string | null) ?? null,
		source: (row.source as string | null) ?? null,
		position: { lon: Number(row.lon), lat: Number(row.lat) },
		openness: (row.openness as Place['openness'] | null) ?? 'open',
		version: Number(row.version),
		createdAt: row.created_at as string,
		updatedAt: row.updated_at as string,
		facts: facts as unknown as PlaceFacts,
		extra: (row.extra as Place['extra'] | null) ?? {},
		offers: ((row.offers as Partial<Offer>[] | null) ?? []).map(offerFromRow),
		assurances: (row.assurances as Place['assurances'] | null) ?? {},
		factOpenness: (row.fact_openness as Place['factOpenness'] | null) ?? {},
		history: (row.history as HistoryEntry[] | null) ?? []
	};
}

function offerFromRow(offer: Partial<Offer>): Offer {
	return {
		id: offer.id!,
		name: offer.name ?? '',
		summary: offer.summary ?? null,
		category: offer.category ?? null,
		audience: offer.audience ?? [],
		cost: offer.cost ?? null,
		booking: offer.booking ?? null,
		opening_hours: offer.opening_hours ?? null,
		closures: offer.closures ?? [],
		assurances: offer.assurances ?? {}
	};
}

function changeFromRow(row: Row): ChangeRow {
	return {
		seq: Number(row.seq),
		at: row.at as string,
		subject: row.subject as string,
		id: row.id as string,
		version: row.version == null ? null : Number(row.version),
		kind: row.kind as string,
		facts: (row.facts as string[] | null) ?? [],
		reason: (row.reason as string | null) ?? null,
		intoId: (row.into_id as string | null) ?? null
	};
}

function categoryFromRow(row: Row): Category {
	return {
		slug: row.slug as string,
		theme: row.theme as string,
		label: row.label as Category['label'],
		pictogram: row.pictogram as string,
		defaultKind: row.default_kind as Category['defaultKind'],
		extraFacts: (row.extra_facts as Category['extraFacts'] | null) ?? {},
		halfLives: (row.half_lives as Category['halfLives'] | null) ?? {},
		keyFacts: (row.key_facts as string[] | null) ?? [],
		factOpenness: (row.fact_openness as Category['factOpenness'] | null) ?? {},
		osmTag: (row.osm_tag as string | null) ?? null,
		schemaType: (row.schema_type as string | null) ?? null,
		synonyms: (row.synonyms as Category['synonyms'] | null) ?? {},
		sort: Number(row.sort)
	};
}

const referenceFromRows = {
	themes: (rows: Row[]) => rows as unknown as Theme[],
	categories: (rows: Row[]) => rows.map(categoryFromRow),
	areas: (rows: Row[]) => rows as unknown as Area[],
	organisations: (rows: Row[]) => rows as unknown as Organisation[],
	datasets: (rows: Row[]) =>
		rows.map(
			({ published_at, reports, ...row }) =>
				({ ...row, publishedAt: published_at, reports: publicReports(reports) }) as unknown as Dataset
		),
	settings: (rows: Row[]) => Object.fromEntries(rows.map(({ key, value }) => [key, value])) as unknown as Settings
};
type Reference = { [K in keyof typeof referenceFromRows]: ReturnType<(typeof referenceFromRows)[K]> };

interface Answer {
	data: Row[] | null;
	error: { message: string; code?: string } | null;
}

/** What the snapshot asks the database, with the anonymous key. Each request ends after eight seconds; a failure rejects. */
export function publishedRows(client: SupabaseClient, stop?: AbortSignal) {
	const signal = () => (stop ? AbortSignal.any([stop, AbortSignal.timeout(requestMs)]) : AbortSignal.timeout(requestMs));
	const rows = async (request: PromiseLike<unknown>): Promise<Row[]> => {
		const { data, error } = (await request) as Answer;
		if (error) throw new Error(`the database refused to be read: ${error.message}`, { cause: error });
		return data ?? [];
	};
	const feed = () => client.from('changes').select('*').order('seq');
	return {
		async lastChange(): Promise<ChangeRow | null> {
			const request = client.from('changes').select('*').order('seq', { ascending: false }).limit(1);
			const [row] = await rows(request.abortSignal(signal()));
			return row ? changeFromRow(row) : null;
		},
		async changes(from: number, limit: number): Promise<ChangeRow[]> {
			return (await rows(feed().gte('seq', from).limit(limit).abortSignal(signal()))).map(changeFromRow);
		},
		async departures(after: number, limit: number): Promise<ChangeRow[]> {
			const request = feed().gt('seq', after).eq('subject', 'place').in('kind', ['ended', 'merged', 'withdrawn']).limit(limit);
			return (await rows(request.abortSignal(signal()))).map(changeFromRow);
		},
		async places(after: string | null, limit: number): Promise<Place[]> {
			const { data, error } = await client.rpc('published_places', { after, n: limit }).abortSignal(signal());
			if (error) throw new Error(`the database refused to be read: ${error.message}`, { cause: error });
			return (JSON.parse(data as string) as Row[]).map((row) => placeFromRow({ ...(row.facts as Row), ...row }));
		},
		async placesById(ids: string[]): Promise<Place[]> {
			return (await rows(client.from('places').select(columns).in('id', ids).abortSignal(signal()))).map(placeFromRow);
		},
		/** Few rows; asked in pages all the same, because a server may cut at its own maximum. */
		async reference<K extends keyof Reference>(what: K): Promise<Reference[K]> {
			const key = what === 'settings' ? 'key' : 'slug';
			const all: Row[] = [];
			for (;;) {
				const request = client.from(what).select('*').order(key).limit(1000).abortSignal(signal());
				const page = await rows(all.length === 0 ? request : request.gt(key, all.at(-1)![key]));
				if (page.length === 0) return referenceFromRows[what](all) as Reference[K];
				all.push(...page);
			}
		}
	};
}
