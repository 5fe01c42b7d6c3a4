import type { Place } from '../../domain/place.ts';
import type { ReferenceRows } from './reference.ts';
import type { Change } from './view.ts';

/**
 * Where the snapshot reads. Each call is one request with a time limit; it rejects when the database is away. Pages are ascending and
 * may be shorter than asked (a server has its own maximum): only an empty one is the end.
 */
export interface RowSource {
	lastChange(): Promise<Change | null>;
	/** Changes with `seq` ≥ `from`. */
	changes(from: number, limit: number): Promise<Change[]>;
	/** Of those that took a place off the map, `seq` > `after`. */
	departures(after: number, limit: number): Promise<Change[]>;
	/** Places with an id > `after`. */
	places(after: string | null, limit: number): Promise<Place[]>;
	/** The present rows of at most 100 ids; those not readable are missing. */
	placesById(ids: string[]): Promise<Place[]>;
	reference<K extends keyof ReferenceRows>(what: K): Promise<ReferenceRows[K]>;
}

/** The same source, each of whose requests fails after a time: a frozen database must not freeze the loop for ever. */
export function limited(source: RowSource, ms: number): RowSource {
	const within = <T>(request: Promise<T>): Promise<T> => {
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
		});
		return Promise.race([request, late]).finally(() => clearTimeout(timer));
	};
	return {
		lastChange: () => within(source.lastChange()),
		changes: (from, limit) => within(source.changes(from, limit)),
		departures: (after, limit) => within(source.departures(after, limit)),
		places: (after, limit) => within(source.places(after, limit)),
		placesById: (ids) => within(source.placesById(ids)),
		reference: (what) => within(source.reference(what))
	};
}
