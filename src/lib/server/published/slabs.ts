const smallestSlab = 1 << 16;
const largestSlab = 1 << 22;

/** Copies lines into slabs outside the heap: neither 100,000 small buffers nor one that must be copied to grow. */
export class Slabs {
	#slab = Buffer.alloc(0);
	#used = 0;

	keep(line: Uint8Array): Uint8Array {
		if (this.#used + line.length > this.#slab.length) {
			const size = Math.min(largestSlab, Math.max(smallestSlab, this.#slab.length * 2));
			this.#slab = Buffer.allocUnsafeSlow(Math.max(size, line.length));
			this.#used = 0;
		}
		const start = this.#used;
		this.#slab.set(line, start);
		this.#used += line.length;
		return this.#slab.subarray(start, this.#used);
	}
}

/** A buffer of which so much is dead is not kept for the rest. */
const deadShare = 1 / 4;
/** So much is copied at once, at most, bytes: copying everything would need twice the memory for a while. */
const copiedAtOnce = 1 << 24;

/**
 * The buffers that are mostly kept for lines that nobody has any more, the worst first: whoever copies the lines that live in them
 * lets go of them. What is left over is for the next time.
 */
export function wastefulBuffers(lines: Iterable<Uint8Array>): Set<ArrayBufferLike> {
	const alive = new Map<ArrayBufferLike, number>();
	for (const { buffer, length } of lines) alive.set(buffer, (alive.get(buffer) ?? 0) + length);
	const shareOf = ([buffer, bytes]: [ArrayBufferLike, number]) => 1 - bytes / buffer.byteLength;
	const worst = [...alive].filter((entry) => shareOf(entry) > deadShare).sort((a, b) => shareOf(b) - shareOf(a));
	const found = new Set<ArrayBufferLike>();
	let copied = 0;
	for (const [buffer, bytes] of worst) {
		copied += bytes;
		if (copied > copiedAtOnce) break;
		found.add(buffer);
	}
	return found;
}
