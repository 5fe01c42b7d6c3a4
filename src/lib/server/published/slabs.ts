const smallestSlab = 1 << 16;
const largestSlab = 1 << 22;

/** Copies lines into slabs outside the heap: neither 100,000 small buffers nor one that must be copied to grow. */
export class Slabs {
	#all: Buffer[] = [];
	#slab = Buffer.alloc(0);
	#used = 0;
	readonly #before: number;

	/** @param before how many slabs there are already: these are numbered from there on */
	constructor(before = 0) {
		this.#before = before;
	}

	/** Notes the number of the slab and where the line begins in it. */
	keep(line: Uint8Array, where: Uint32Array, at: number): void {
		if (this.#used + line.length > this.#slab.length) {
			const size = Math.min(largestSlab, Math.max(smallestSlab, this.#slab.length * 2));
			this.#slab = Buffer.allocUnsafeSlow(Math.max(size, line.length));
			this.#all.push(this.#slab);
			this.#used = 0;
		}
		this.#slab.set(line, this.#used);
		where[at] = this.#before + this.#all.length - 1;
		where[at + 1] = this.#used;
		this.#used += line.length;
	}

	/** All of them, the last one no larger than what is in it. Nothing is kept after that. */
	finish(): Buffer[] {
		if (this.#used < this.#slab.length) {
			const own = Buffer.allocUnsafeSlow(this.#used);
			this.#slab.copy(own, 0, 0, this.#used);
			this.#all[this.#all.length - 1] = own;
		}
		return this.#all;
	}
}

/** A slab of which so much is dead, or was never used, is not kept for the rest. */
const deadShare = 1 / 4;
/** So much is copied at once, at most, bytes: copying everything would need twice the memory for a while. */
const copiedAtOnce = 1 << 24;

/**
 * The slabs of which too much is kept for nobody, the worst first: whoever copies the lines that live in them lets go of
 * them. What is left over is for the next time. Both in bytes, by slab.
 */
export function wastefulSlabs(sizes: readonly number[], alive: ArrayLike<number>): Set<number> {
	const shareOf = (slab: number) => 1 - alive[slab]! / sizes[slab]!;
	const worst = [...sizes.keys()].filter((slab) => shareOf(slab) > deadShare).sort((a, b) => shareOf(b) - shareOf(a));
	const found = new Set<number>();
	let copied = 0;
	for (const slab of worst) {
		copied += alive[slab]!;
		if (copied > copiedAtOnce) break;
		found.add(slab);
	}
	return found;
}
