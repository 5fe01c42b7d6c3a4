import type { TreeBuilder } from './builder.ts';
import type { Operator, Property } from './expression.ts';
import { arrayFunctions, operators } from './expression.ts';
import type { Cursor, Token } from './lexer.ts';
import type { Located } from './where.ts';
import { fail } from './where.ts';
import { isGeometryWord, parseGeometry } from './wkt.ts';

/** By their name in text, which is case-insensitive: `T_FINISHEDBY`. */
const functions: ReadonlyMap<string, Operator> = new Map(
	[...operators].filter((op) => /^[sta]_|^casei$|^accenti$/.test(op)).map((op) => [op.toUpperCase(), op as Operator])
);
const arrays: ReadonlySet<string> = new Set(arrayFunctions);
/** Those that no grammar could take for a name. */
const reserved: ReadonlySet<string> = new Set(['AND', 'OR', 'NOT', 'LIKE', 'BETWEEN', 'IN', 'IS', 'NULL', 'DIV']);

/** Reads what conditions are made of. */
export class Terms {
	readonly #cursor: Cursor;
	readonly #builder: TreeBuilder;
	readonly #condition: () => Located;

	constructor(cursor: Cursor, builder: TreeBuilder, condition: () => Located) {
		this.#cursor = cursor;
		this.#builder = builder;
		this.#condition = condition;
	}

	/** A value, calculated or not; a condition in parentheses too. */
	sum(): Located {
		return this.#leftToRight(['+', '-'], () => this.#product());
	}

	#product(): Located {
		return this.#leftToRight(['*', '/', '%', 'DIV'], () => this.#power());
	}

	#leftToRight(signs: readonly string[], part: () => Located): Located {
		let left = part();
		while (this.#cursor.isSymbol(...signs) || this.#cursor.isWord(...signs)) {
			const { value } = this.#cursor.next();
			left = this.#builder.operation(value.toLowerCase() as Operator, [left, part()], left.where);
		}
		return left;
	}

	#power(): Located {
		const base = this.#signed();
		return this.#cursor.takeSymbol('^') ? this.#builder.operation('^', [base, this.#signed()], base.where) : base;
	}

	/** A sign belongs to the number; before anything else a minus is a multiplication, as in the examples of the standard. */
	#signed(): Located {
		const { token, following } = this.#cursor;
		if (!this.#cursor.isSymbol('+', '-')) return this.primary();
		this.#cursor.next();
		if (following.kind === 'number') {
			this.#cursor.next();
			return this.#builder.scalar(Number(token.value + following.value), token.at);
		}
		if (token.value === '+') this.#cursor.refuse('a number after “+”');
		return this.#builder.operation('*', [this.#builder.scalar(-1, token.at), this.primary()], token.at);
	}

	/** A name, a value, a call, or anything in parentheses. */
	primary(): Located {
		const { kind, value, at } = this.#cursor.token;
		if (this.#cursor.isSymbol('(')) return this.#parentheses();
		if (kind === 'symbol' || kind === 'end') this.#cursor.refuse('a name or a value');
		if (kind === 'word') return this.#word();
		this.#cursor.next();
		if (kind === 'number') return this.#builder.scalar(Number(value), at);
		return kind === 'text' ? this.#builder.scalar(value, at) : this.#builder.property(value, at);
	}

	#parentheses(): Located {
		this.#cursor.next();
		return this.#cursor.deeper(() => {
			const inner = this.#condition();
			this.#cursor.expectSymbol(')');
			return inner;
		});
	}

	#word(): Located {
		const { token, following } = this.#cursor;
		const keyword = token.value.toUpperCase();
		const call = following.kind === 'symbol' && following.value === '(';
		if (isGeometryWord(this.#cursor)) return parseGeometry(this.#cursor, this.#builder);
		if (reserved.has(keyword)) this.#cursor.refuse(`a name or a value (a name that is a keyword goes in double quotes)`);
		this.#cursor.next();
		if (keyword === 'TRUE' || keyword === 'FALSE') return this.#builder.scalar(keyword === 'TRUE', token.at);
		return call ? this.#cursor.deeper(() => this.#call(token, keyword)) : this.#builder.property(token.value, token.at);
	}

	#call(token: Token, keyword: string): Located {
		const op = functions.get(keyword);
		if (op) {
			const args = this.#arguments(() => (arrays.has(op) && this.#cursor.isSymbol('(') ? this.list() : this.#condition()));
			return this.#builder.operation(op, args, token.at);
		}
		if (keyword !== 'DATE' && keyword !== 'TIMESTAMP' && keyword !== 'INTERVAL')
			fail(token.at, 'expected a function of CQL2: there are no others');
		this.#cursor.expectSymbol('(');
		const first = this.#bound();
		if (keyword === 'INTERVAL') {
			this.#cursor.expectSymbol(',');
			const second = this.#bound();
			this.#cursor.expectSymbol(')');
			return this.#builder.interval([first, second], token.at);
		}
		this.#cursor.expectSymbol(')');
		if (typeof first !== 'string') fail(first.where, 'expected a date or a timestamp in single quotes');
		return this.#builder.instant(keyword === 'DATE' ? 'date' : 'timestamp', first, token.at);
	}

	#bound(): string | Located<Property> {
		const { kind, value, at } = this.#cursor.token;
		if (kind !== 'text' && kind !== 'word' && kind !== 'name') this.#cursor.refuse('a date or a timestamp in single quotes');
		this.#cursor.next();
		return kind === 'text' ? value : this.#builder.property(value, at);
	}

	/** Of an IN predicate or an array function. */
	list(): Located {
		const { at } = this.#cursor.token;
		if (this.#cursor.isSymbol('(') && this.#cursor.following.value === ')' && this.#cursor.following.kind === 'symbol') {
			this.#cursor.next();
			this.#cursor.next();
			return this.#builder.list([], at);
		}
		return this.#builder.list(
			this.#arguments(() => this.sum()),
			at
		);
	}

	#arguments(part: () => Located): Located[] {
		this.#cursor.expectSymbol('(');
		const args = [part()];
		while (this.#cursor.takeSymbol(',')) args.push(part());
		this.#cursor.expectSymbol(')');
		return args;
	}
}
