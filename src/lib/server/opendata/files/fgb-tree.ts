/** How many children a node has, as in the reference implementation. */
export const nodeSize = 16;
const nodeBytes = 40;
const hilbertMax = 0xffff;

/** Where the points of a file are and how long their features, to be packed into the index of a FlatGeobuf. */
export class PackedTree {
	readonly lengths: number[] = [];
	/** From the start of the features as they were added. */
	readonly offsets: number[] = [];
	readonly lons: number[] = [];
	readonly lats: number[] = [];
	#end = 0;

	get size(): number {
		return this.lengths.length;
	}

	/** west, south, east, north; null without points. */
	get box(): [number, number, number, number] | null {
		if (this.size === 0) return null;
		const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
		for (let i = 0; i < this.size; i++) widen(box, this.lons[i]!, this.lats[i]!, this.lons[i]!, this.lats[i]!);
		return box;
	}

	add(lon: number, lat: number, length: number): void {
		this.lons.push(lon);
		this.lats.push(lat);
		this.lengths.push(length);
		this.offsets.push(this.#end);
		this.#end += length;
	}

	/** The items along a Hilbert curve: neighbours stay together. */
	finish(): Uint32Array {
		const [west, south, east, north] = this.box ?? [0, 0, 0, 0];
		const across = (value: number, from: number, to: number) =>
			to === from ? 0 : Math.floor((hilbertMax * (value - from)) / (to - from));
		const keys = Float64Array.from(this.lons, (lon, i) => hilbert(across(lon, west, east), across(this.lats[i]!, south, north)));
		return Uint32Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]! || a - b);
	}
}

function widen(box: number[], west: number, south: number, east: number, north: number): void {
	box[0] = Math.min(box[0]!, west);
	box[1] = Math.min(box[1]!, south);
	box[2] = Math.max(box[2]!, east);
	box[3] = Math.max(box[3]!, north);
}

/** How far along the curve a cell of 65,536 × 65,536 lies. https://en.wikipedia.org/wiki/Hilbert_curve */
function hilbert(x: number, y: number): number {
	let distance = 0;
	for (let side = 0x8000; side > 0; side >>= 1) {
		const right = x & side ? 1 : 0;
		const up = y & side ? 1 : 0;
		distance += side * side * ((3 * right) ^ up);
		if (up === 1) continue;
		[x, y] = right ? [hilbertMax - y, hilbertMax - x] : [y, x];
	}
	return distance;
}

/**
 * The nodes, root first: a box of four doubles and where what is in it begins, a node's number or, in a leaf, the byte of its feature.
 * https://github.com/flatgeobuf/flatgeobuf#binary-layout
 */
export function treeBytes(tree: PackedTree, order: Uint32Array): Uint8Array {
	if (tree.size === 0) return new Uint8Array();
	const levels = [tree.size];
	do levels.push(Math.ceil(levels.at(-1)! / nodeSize));
	while (levels.at(-1) !== 1);
	const firsts = levels.map((_, level) => levels.slice(level + 1).reduce((sum, size) => sum + size, 0));
	const bytes = new DataView(new ArrayBuffer(nodeBytes * (firsts[0]! + tree.size)));
	let offset = 0;
	order.forEach((item, i) => {
		const [lon, lat] = [tree.lons[item]!, tree.lats[item]!];
		putNode(bytes, firsts[0]! + i, [lon, lat, lon, lat], offset);
		offset += tree.lengths[item]!;
	});
	for (let level = 1; level < levels.length; level++) {
		const below = firsts[level - 1]!;
		for (let i = 0; i < levels[level]!; i++) {
			const box = [Infinity, Infinity, -Infinity, -Infinity];
			const first = below + i * nodeSize;
			const end = Math.min(first + nodeSize, below + levels[level - 1]!);
			for (let child = first; child < end; child++) {
				const at = (side: number) => bytes.getFloat64(child * nodeBytes + side * 8, true);
				widen(box, at(0), at(1), at(2), at(3));
			}
			putNode(bytes, firsts[level]! + i, box, first);
		}
	}
	return new Uint8Array(bytes.buffer);
}

function putNode(bytes: DataView, node: number, box: number[], offset: number): void {
	box.forEach((degrees, side) => bytes.setFloat64(node * nodeBytes + side * 8, degrees, true));
	bytes.setBigUint64(node * nodeBytes + 32, BigInt(offset), true);
}
