/** A part of a pattern between two `%`: texts to find as they are, and numbers of characters to skip. */
type Run = readonly (string | number)[];

/**
 * A matcher of a LIKE pattern: `%` is any characters, `_` one, and a backslash makes them, and itself, ordinary. It goes through a
 * text once, run by run: the first place where a run fits is as good as any other, so it never goes back over a `%`.
 */
export function likeMatcher(pattern: string): (text: string) => boolean {
	const runs = runsOf(pattern);
	const first = runs[0]!;
	const last = runs.at(-1)!;
	const middle = runs.slice(1, -1).filter((run) => run.length > 0);
	if (runs.length === 1) return (text) => fits(first, text, 0, isPlain(text)) === text.length;
	return (text) => {
		const plain = isPlain(text);
		let at = fits(first, text, 0, plain);
		for (const run of middle) {
			if (at === -1) return false;
			at = find(run, text, at, plain);
		}
		return at !== -1 && endsWith(last, text, at, plain);
	};
}

function runsOf(pattern: string): Run[] {
	const runs: (string | number)[][] = [[]];
	const add = (piece: string | number): void => {
		const run = runs.at(-1)!;
		const before = run.at(-1);
		if (typeof before === 'string' && typeof piece === 'string') run[run.length - 1] = before + piece;
		else if (typeof before === 'number' && typeof piece === 'number') run[run.length - 1] = before + piece;
		else run.push(piece);
	};
	for (const [token] of pattern.matchAll(/\\[%_\\]|[^]/gu)) {
		if (token === '%') runs.push([]);
		else if (token === '_') add(1);
		else add(token.length > 1 && token.startsWith('\\') ? token.slice(1) : token);
	}
	return runs;
}

/** Whether each of its characters is one code unit. */
function isPlain(text: string): boolean {
	return !/[\ud800-\udbff]/.test(text);
}

/** Where so many characters further is; beyond the end when there are not so many. */
function skip(text: string, at: number, count: number, plain: boolean): number {
	if (plain) return at + count;
	let end = at;
	for (let left = count; left > 0; left--) end += end < text.length ? width(text, end) : 1;
	return end;
}

function width(text: string, at: number): number {
	return text.codePointAt(at)! > 0xffff ? 2 : 1;
}

/** Where the run ends when it fits at that place, else -1. */
function fits(run: Run, text: string, at: number, plain: boolean): number {
	let end = at;
	for (const piece of run) {
		if (typeof piece === 'number') end = skip(text, end, piece, plain);
		else if (text.startsWith(piece, end)) end += piece.length;
		else return -1;
	}
	return end <= text.length ? end : -1;
}

/** Where the run ends at the first place from there on where it fits, else -1. */
function find(run: Run, text: string, at: number, plain: boolean): number {
	const lead = typeof run[0] === 'number' ? run[0] : 0;
	const literal = run[lead === 0 ? 0 : 1];
	if (!plain || typeof literal !== 'string') return findAnywhere(run, text, at, plain);
	for (let found = text.indexOf(literal, at + lead); found !== -1; found = text.indexOf(literal, found + 1)) {
		const end = fits(run, text, found - lead, plain);
		if (end !== -1) return end;
	}
	return -1;
}

function findAnywhere(run: Run, text: string, at: number, plain: boolean): number {
	for (let start = at; start < text.length; start += width(text, start)) {
		const end = fits(run, text, start, plain);
		if (end !== -1) return end;
	}
	return -1;
}

/** Whether the run fits at the end of the text, and not before that place. */
function endsWith(run: Run, text: string, from: number, plain: boolean): boolean {
	let start = text.length;
	for (const piece of run.toReversed()) {
		if (typeof piece === 'string') start -= piece.length;
		else if (plain) start -= piece;
		else for (let left = piece; left > 0; left--) start -= start >= 2 && width(text, start - 2) === 2 ? 2 : 1;
	}
	return start >= from && fits(run, text, start, plain) === text.length;
}
