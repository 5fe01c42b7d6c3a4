/** Orders by code point, as the standard's counts do; JavaScript orders by code unit, which differs beyond the basic plane. */
export function compareText(left: string, right: string): number {
	if (left === right) return 0;
	const length = Math.min(left.length, right.length);
	for (let index = 0; index < length; index++) {
		const [one, other] = [left.charCodeAt(index), right.charCodeAt(index)];
		if (one !== other) return rank(one) - rank(other);
	}
	return left.length - right.length;
}

/** Surrogates come after all else. */
function rank(unit: number): number {
	return unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

export interface Folding {
	casei: boolean;
	accenti: boolean;
}

/** A text as it is compared: composed, and without differences of case or of accents where they don't count. */
export function fold(text: string, { casei, accenti }: Folding): string {
	if (ascii.test(text)) return casei ? text.toLowerCase() : text;
	// Accents first: what has lost its marks gets none by folding its case.
	const bare = accenti ? withoutMarks(text) : text;
	return (casei ? foldCase(bare) : bare).normalize('NFC');
}

const ascii = /^\p{ASCII}*$/u;

/** The marks that make voiced kana are no accents (recommendation japanese-non-spacing-marks). */
const marks = /(?![\u3099\u309a])\p{Mn}/gu;

function withoutMarks(text: string): string {
	return text.normalize('NFD').replace(marks, '');
}

/**
 * Full case folding (Unicode, CaseFolding.txt, statuses C and F), which JavaScript lacks: going down, up and down again ends in the
 * same place. The dotless ı folds to nothing else, and a sigma at the end of a word is a sigma.
 */
export function foldCase(text: string): string {
	if (!text.includes('ı')) return text.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ');
	return text.split('ı').map(foldCase).join('ı');
}
