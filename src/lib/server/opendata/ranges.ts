/** Both ends included; `invalid` when no byte of the file is asked for; `whole` when the header asks for nothing we serve in parts. */
export type Range = { start: number; end: number } | 'whole' | 'invalid';

/** One range of bytes (RFC 9110 §14.2). Several at once, or another unit, are answered with the whole file, as the RFC allows. */
export function parseRange(header: string | null, size: number): Range {
	const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec((header ?? '').trim());
	if (!match) return 'whole';
	const [, first, last] = match;
	if (first === '' && last === '') return 'whole';
	if (first === '') {
		const length = Number(last);
		return length === 0 || size === 0 ? 'invalid' : { start: Math.max(0, size - length), end: size - 1 };
	}
	const start = Number(first);
	const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
	if (last !== '' && Number(last) < start) return 'whole';
	return start >= size ? 'invalid' : { start, end };
}
