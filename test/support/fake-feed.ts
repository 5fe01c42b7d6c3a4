import type { Place } from '../../src/lib/domain/place.ts';
import { departureKinds } from '../../src/lib/server/published/departures.ts';
import type { ReferenceRows } from '../../src/lib/server/published/reference.ts';
import type { RowSource } from '../../src/lib/server/published/source.ts';
import type { Change } from '../../src/lib/server/published/view.ts';

/** A database as the snapshot knows it, in memory, that can be told to fail. */
export class FakeFeed implements RowSource {
	places_ = new Map<string, Place>();
	changes_: Change[] = [];
	rows: ReferenceRows;
	/** `dead` rejects at once, `frozen` never answers. */
	mood: 'well' | 'dead' | 'frozen' = 'well';
	/** A server's own maximum of rows. */
	maxRows = 1000;
	/** A sequence number that is not visible yet. */
	missing: number | null = null;
	asked: Record<string, number> = {};
	#sorted: string[] | null = null;

	constructor(rows: ReferenceRows, places: Place[] = []) {
		this.rows = rows;
		for (const place of places) this.places_.set(place.id, place);
	}

	get seq(): number {
		return this.changes_.length;
	}

	put(place: Place, kind = this.places_.has(place.id) ? 'updated' : 'created'): void {
		if (!this.places_.has(place.id)) this.#sorted = null;
		this.places_.set(place.id, place);
		this.note('place', place.id, kind);
	}

	take(id: string, kind: string, intoId: string | null = null): void {
		this.places_.delete(id);
		this.#sorted = null;
		this.note('place', id, kind, intoId);
	}

	note(subject: string, id: string, kind: string, intoId: string | null = null): void {
		const seq = this.changes_.length + 1;
		const at = `2026-11-21T10:00:00.${String(seq % 1000).padStart(3, '0')}Z`;
		const reason = kind === 'ended' ? 'closed' : null;
		this.changes_.push({ seq, at, subject, id, version: subject === 'place' ? 1 : null, kind, facts: [], reason, intoId });
	}

	async #answer<T>(name: string, value: () => T): Promise<T> {
		this.asked[name] = (this.asked[name] ?? 0) + 1;
		if (this.mood === 'dead') throw new Error('connection refused');
		if (this.mood === 'frozen') await new Promise(() => undefined);
		await Promise.resolve();
		return structuredClone(value());
	}

	lastChange = () => this.#answer('lastChange', () => this.changes_.at(-1) ?? null);
	changes = (from: number, limit: number) =>
		this.#answer('changes', () =>
			this.changes_
				.slice(from - 1)
				.filter(({ seq }) => seq !== this.missing)
				.slice(0, Math.min(limit, this.maxRows))
		);
	departures = (after: number, limit: number) =>
		this.#answer('departures', () =>
			this.changes_
				.filter(
					({ seq, subject, kind }) => seq > after && subject === 'place' && (departureKinds as readonly string[]).includes(kind)
				)
				.slice(0, Math.min(limit, this.maxRows))
		);
	places = (after: string | null, limit: number) =>
		this.#answer('places', () => {
			this.#sorted ??= [...this.places_.keys()].sort();
			const start = after === null ? 0 : this.#sorted.indexOf(after) + 1;
			return this.#sorted.slice(start, start + Math.min(limit, this.maxRows)).map((id) => this.places_.get(id)!);
		});
	placesById = (ids: string[]) =>
		this.#answer('placesById', () => ids.flatMap((id) => this.places_.get(id) ?? []).slice(0, this.maxRows));
	reference = <K extends keyof ReferenceRows>(what: K) => this.#answer('reference', () => this.rows[what]);
}
