import { excerpt, fail, maxDepth, tooDeep } from './where.ts';

/** `word` is an identifier without quotes, which may be a keyword; `name` one in double quotes, which never is. */
export interface Token {
	kind: 'word' | 'name' | 'text' | 'number' | 'symbol' | 'end';
	/** What it means: quotes and escapes undone. */
	value: string;
	/** Of its first character, from 1. */
	at: number;
}

/** Far above what the bounds on nodes and positions let through. */
const maxLength = 200_000;

const space = /[\s\u0085]+/y;
const number = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
// Rules identifierStart and identifierPart of the BNF (OGC 21-065r2, annex B).
const start = [
	':_A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1ffe\\u200c-\\u200d\\u2070-\\u218f',
	'\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}'
].join('');
const word = new RegExp(`[${start}][\\u0300-\\u036f\\u203f-\\u2040${start}.0-9]*`, 'uy');
const name = /"([^"]*)"/y;
const text = /'((?:[^'\\]|''|\\[^])*)'/y;
const symbol = /<\s*>|<\s*=|>\s*=|[()=<>,+\-*/%^]/y;

const controls: Readonly<Record<string, string>> = {
	a: '\x07',
	b: '\b',
	t: '\t',
	n: '\n',
	v: '\v',
	f: '\f',
	r: '\r',
	"'": "'",
	'\\': '\\'
};

/** Cuts a filter into tokens, the last of which is the end. */
export function tokensOf(filter: string): Token[] {
	if (filter.length > maxLength) fail(maxLength, `expected a filter of at most ${maxLength} characters`);
	const tokens: Token[] = [];
	let at = 0;
	const take = (pattern: RegExp): RegExpExecArray | null => {
		pattern.lastIndex = at;
		const match = pattern.exec(filter);
		if (match) at = pattern.lastIndex;
		return match;
	};
	for (;;) {
		take(space);
		const position = at + 1;
		const push = (kind: Token['kind'], value: string) => tokens.push({ kind, value, at: position });
		let match;
		if (at >= filter.length) {
			push('end', '');
			return tokens;
		} else if ((match = take(number))) push('number', match[0]);
		else if ((match = take(word))) push('word', match[0]);
		else if ((match = take(name))) push('name', match[1]!);
		else if ((match = take(text))) push('text', unescape(match[1]!));
		else if ((match = take(symbol))) push('symbol', match[0].replace(/\s/g, ''));
		else if (filter[at] === "'" || filter[at] === '"') fail(position, `expected the quote to be closed`);
		else fail(position, `expected a name, a value or an operator, but found ${excerpt(filter.slice(at, at + 10))}`);
	}
}

/** A backslash before anything else stays: it may be meant for LIKE. */
function unescape(inner: string): string {
	return inner.replace(/''|\\([^])/g, (all, escaped?: string) => (escaped === undefined ? "'" : (controls[escaped] ?? all)));
}

/** Reads tokens one after the other. */
export class Cursor {
	readonly #tokens: readonly Token[];
	#index = 0;
	#level = 0;

	constructor(tokens: readonly Token[]) {
		this.#tokens = tokens;
	}

	get token(): Token {
		return this.#tokens[this.#index]!;
	}

	/** The one after it; the end is followed by itself. */
	get following(): Token {
		return this.#tokens[Math.min(this.#index + 1, this.#tokens.length - 1)]!;
	}

	next(): Token {
		const { token } = this;
		if (token.kind !== 'end') this.#index += 1;
		return token;
	}

	isSymbol(...values: string[]): boolean {
		return this.token.kind === 'symbol' && values.includes(this.token.value);
	}

	/** Keywords are case-insensitive. */
	isWord(...values: string[]): boolean {
		return this.token.kind === 'word' && values.includes(this.token.value.toUpperCase());
	}

	takeSymbol(value: string): boolean {
		const found = this.isSymbol(value);
		if (found) this.next();
		return found;
	}

	takeWord(value: string): boolean {
		const found = this.isWord(value);
		if (found) this.next();
		return found;
	}

	expectSymbol(value: string): void {
		if (!this.takeSymbol(value)) this.refuse(`“${value}”`);
	}

	expectWord(value: string): void {
		if (!this.takeWord(value)) this.refuse(value);
	}

	/** Reads what is nested: parentheses, arguments, the operand of NOT. */
	deeper<T>(inside: () => T): T {
		this.#level += 1;
		if (this.#level > maxDepth) fail(this.token.at, tooDeep);
		const inner = inside();
		this.#level -= 1;
		return inner;
	}

	refuse(expected: string): never {
		const { kind, value, at } = this.token;
		fail(at, `expected ${expected}, but found ${kind === 'end' ? 'the end of the filter' : excerpt(value)}`);
	}
}
