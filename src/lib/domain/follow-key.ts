/** The short code to note down, and the private link: two keys to the same door. Only hashes of them are kept. */

/** No 0 and O, no 1, I and L, no 5 and S, no 2 and Z, no U and V: nothing that a hand or an ear confuses. 25 signs. */
export const codeAlphabet = '346789ABCDEFGHJKMNPQRTWXY';
/** 25¹² ≈ 2^55: a guesser with thirty tries in five minutes needs longer than there is. */
const codeLength = 12;

/** `bytes` are random; those that would favour the first signs are left out. @returns null when there are too few left */
export function codeFrom(bytes: Uint8Array): string | null {
	const fair = Math.floor(256 / codeAlphabet.length) * codeAlphabet.length;
	const signs = [...bytes].filter((byte) => byte < fair).map((byte) => codeAlphabet.charAt(byte % codeAlphabet.length));
	return signs.length < codeLength ? null : signs.slice(0, codeLength).join('');
}

/** `ABCDEFGHJKMN` → « ABCD-EFGH-JKMN ». */
export const groupCode = (code: string): string => code.replace(/(.{4})(?=.)/g, '$1-');

/** What was typed or opened: a code in any spelling, a link's token, or null. A whole pasted address counts as its last part. */
export function readFollowKey(text: string): { code: string } | { token: string } | null {
	const last = text.trim().split('/').at(-1) ?? '';
	const signs = last.toUpperCase().replaceAll(/[\s.·–—-]/g, '');
	if (signs.length === codeLength && [...signs].every((sign) => codeAlphabet.includes(sign))) return { code: signs };
	return /^[\w-]{40,80}$/.test(last) ? { token: last } : null;
}
