import type { Place } from '../../../domain/place.ts';

/** How a text file is written: what begins it, its rows, what stands between two runs of them, what ends it. */
export interface Parts {
	head: string;
	rows: (places: readonly Place[]) => string;
	joiner: string;
	tail: string;
	/** A row is a feature and nothing but these around it: then no place needs to be read for it. */
	features?: { between: string; after: string };
}

/** A text of features, each as `JSON.stringify` has it. */
export function featureParts(
	featureOf: (place: Place) => object,
	{ head, between, after, tail }: { head: string; between: string; after: string; tail: string }
): Parts {
	const rows = (places: readonly Place[]) => places.map((place) => JSON.stringify(featureOf(place)) + after).join(between);
	return { head, rows, joiner: between, tail, features: { between, after } };
}

/** So many at once: more would hold up whoever else is served, fewer cost more (the library for CSV takes as long to begin as for fifty). */
const rowsAtOnce = 50;

/** The whole text of places, piece by piece. */
export function* textOf({ head, rows, joiner, tail }: Parts, places: Iterable<Place>): Generator<string> {
	yield head;
	let some: Place[] = [];
	let between = '';
	const written = () => {
		const text = between + rows(some);
		some = [];
		between = joiner;
		return text;
	};
	for (const place of places) {
		some.push(place);
		if (some.length >= rowsAtOnce) yield written();
	}
	if (some.length > 0) yield written();
	yield tail;
}

/** A run of rows of a kept file: the id it begins with, and its bytes in the plain file and in the compressed one. */
export type Piece = [first: string, plain: number, packed: number];

/** What the next edition of a file is made from, kept beside it. */
export interface PieceIndex {
	/** What every row depends on besides its place: rows of another basis are others. */
	basis: string;
	seq: number;
	changedAt: string | null;
	between: Between;
	/** Bytes of the head, as in a piece. */
	head: [plain: number, packed: number];
	/** Ascending by id. */
	pieces: Piece[];
}

/** Bytes of the joiner, which stand between two pieces. */
export interface Between {
	plain: number;
	packed: number;
}

/** Where the index of a kept file is. */
export const indexPath = (path: string) => `${path}.pieces`;

/** Rows to be taken over as they are, or to be written anew up to an id (exclusive; to the end when null). */
export type Step = { kept: Piece[]; plainAt: number; packedAt: number } | { from: string | null; until: string | null };

/** A piece in so many ids begins one: some 40 kB of GeoJSON. Half of it would make the compressed file a sixth larger, twice of it each change two thirds dearer. */
const usualSize = 32;

/**
 * Whether a new piece begins with a place. Of its id alone, so that the same places are cut alike whatever came and left before: each node writes the
 * same bytes, and a change of one place changes one piece, or two.
 */
export function beginsPiece(id: string): boolean {
	// FNV-1a, 32 bits. http://www.isthe.com/chongo/tech/comp/fnv/
	let hash = 0x811c9dc5;
	for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
	// Its low bits alone follow the last characters too closely.
	return ((hash ^ (hash >>> 15)) >>> 0) % usualSize === 0;
}

/** What has to be written when these places may have changed, come or left. Everything, when that is most of it. */
export function stepsFor({ head, pieces, between }: PieceIndex, changed: Iterable<string>): Step[] {
	const touched = new Set<number>();
	for (const id of changed) {
		const holder = holderOf(pieces, id);
		touched.add(holder);
		// The place that began it may be gone: what is left of it goes on in the piece before.
		if (holder > 0 && pieces[holder]![0] === id) touched.add(holder - 1);
	}
	if (pieces.length === 0 || touched.size > pieces.length / 2) return [{ from: null, until: null }];
	const steps: Step[] = [];
	let [plainAt, packedAt] = head;
	for (let i = 0; i < pieces.length;) {
		const begin = i;
		const isTouched = touched.has(begin);
		while (i < pieces.length && touched.has(i) === isTouched) i++;
		const run = pieces.slice(begin, i);
		const first = begin === 0 ? null : pieces[begin]![0];
		steps.push(isTouched ? { from: first, until: pieces[i]?.[0] ?? null } : { kept: run, plainAt, packedAt });
		plainAt += sum(run, 1) + run.length * between.plain;
		packedAt += sum(run, 2) + run.length * between.packed;
	}
	return steps;
}

const sum = (pieces: Piece[], column: 1 | 2) => pieces.reduce((total, piece) => total + piece[column], 0);

/** The piece that an id is in, or would be; the first one for those before it. */
function holderOf(pieces: Piece[], id: string): number {
	let low = 0;
	let high = pieces.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (pieces[middle]![0] <= id) low = middle + 1;
		else high = middle;
	}
	return Math.max(0, low - 1);
}
