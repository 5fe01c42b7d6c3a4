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
