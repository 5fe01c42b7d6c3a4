import { squareAt } from './curve.ts';
import { lengthAt, Lines, numbersOfLine } from './lines.ts';
import type { Segment } from './segment.ts';
import { Slabs, wastefulSlabs } from './slabs.ts';

/** Where the places are whose lines these are. */
export type Positions = Pick<Segment, 'lon' | 'lat'>;
type Breathe = () => Promise<void>;
const sliceItems = 500;

/**
 * The same lines, without the slabs of which too much is kept for nobody: what lives in them is copied into new ones, neighbours side by side;
 * the others stay where they are. Their numbers are written over. `breathe` is awaited between its steps.
 */
export async function withoutWaste(lines: Lines, positions: Positions, breathe: Breathe): Promise<Lines> {
	const { slabs, where } = lines;
	await breathe();
	const alive = new Float64Array(slabs.length);
	for (let at = 0; at < where.length; at += numbersOfLine) alive[where[at]!]! += where[at + lengthAt]!;
	const sizes = slabs.map(({ byteLength }) => byteLength);
	const wasteful = wastefulSlabs(sizes, alive);
	await breathe();
	const moved = await moveLines(lines, wasteful, positions, breathe);
	await breathe();
	return withoutEmpty([...slabs, ...moved], where);
}

/** Copies the lines of some slabs into new ones, which are numbered on. */
async function moveLines(lines: Lines, of: Set<number>, { lon, lat }: Positions, breathe: Breathe): Promise<Uint8Array[]> {
	const { slabs, where } = lines;
	const moving: { item: number; square: number }[] = [];
	for (let item = 0; of.size > 0 && item < lines.size; item++)
		if (of.has(where[item * numbersOfLine]!)) moving.push({ item, square: squareAt(lon[item]!, lat[item]!) });
	moving.sort((a, b) => a.square - b.square || a.item - b.item);
	const moved = new Slabs(slabs.length);
	for (const [i, { item }] of moving.entries()) {
		if (i % sliceItems === 0) await breathe();
		moved.keep(lines.at(item), where, item * numbersOfLine);
	}
	return moved.finish();
}

/** Slabs in which no line is any more are let go of. */
function withoutEmpty(slabs: Uint8Array[], where: Uint32Array): Lines {
	const isUsed = new Uint8Array(slabs.length);
	for (let at = 0; at < where.length; at += numbersOfLine) isUsed[where[at]!] = 1;
	const renumbered = new Uint32Array(slabs.length);
	let used = 0;
	for (const [slab, is] of isUsed.entries()) renumbered[slab] = is ? used++ : 0;
	for (let at = 0; at < where.length; at += numbersOfLine) where[at] = renumbered[where[at]!]!;
	const kept = slabs.filter((_, slab) => isUsed[slab]);
	return new Lines(kept, where);
}
