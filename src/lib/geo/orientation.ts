/** Beyond that share of its terms, the rounded determinant has the right sign (Shewchuk 1997, ccwerrboundA). */
const trusted = (3 + 16 * Number.EPSILON) * (Number.EPSILON / 2);

/**
 * On which side of the line from a to b the point c lies: positive to the left, negative to the right, zero exactly on it. Never wrong
 * by rounding: what touches is told apart from what nearly does.
 */
export function orientation(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
	const left = (ax - cx) * (by - cy);
	const right = (ay - cy) * (bx - cx);
	const determinant = left - right;
	if (Math.abs(determinant) > trusted * (Math.abs(left) + Math.abs(right))) return determinant;
	if (left === 0 && right === 0) return 0;
	return exactly(ax, ay, bx, by, cx, cy);
}

function exactly(...coordinates: [number, number, number, number, number, number]): number {
	const parts = coordinates.map(binary);
	const lowest = parts.reduce((least, { exponent }) => Math.min(least, exponent), Infinity);
	const [ax, ay, bx, by, cx, cy] = parts.map(({ mantissa, exponent }) => mantissa << BigInt(exponent - lowest)) as [
		bigint,
		bigint,
		bigint,
		bigint,
		bigint,
		bigint
	];
	const determinant = (ax - cx) * (by - cy) - (ay - cy) * (bx - cx);
	// No doubles are that near to zero: whoever takes the ratio of two sides must find this one small.
	return determinant > 0n ? Number.MIN_VALUE : determinant < 0n ? -Number.MIN_VALUE : 0;
}

const bits = new DataView(new ArrayBuffer(8));

/** A double as mantissa × 2^exponent. */
function binary(value: number): { mantissa: bigint; exponent: number } {
	bits.setFloat64(0, value);
	const raw = bits.getBigUint64(0);
	const biased = Number((raw >> 52n) & 0x7ffn);
	const fraction = raw & 0xfffffffffffffn;
	const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
	return { mantissa: value < 0 ? -mantissa : mantissa, exponent: Math.max(biased, 1) - 1075 };
}
