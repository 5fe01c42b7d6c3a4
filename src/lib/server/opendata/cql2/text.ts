import { TreeBuilder } from './builder.ts';
import type { Expression, Operator, Queryables } from './expression.ts';
import { comparisonOperators } from './expression.ts';
import { Cursor, tokensOf } from './lexer.ts';
import { Terms } from './terms.ts';
import type { Located } from './where.ts';

/**
 * Parses the text encoding of CQL2 (OGC 21-065r2, annex B). Throws a `FilterSyntaxError`.
 *
 * More is taken than the grammar has where it is clear what is meant: conditions compare with `=` and `<>`, instants and texts take
 * BETWEEN, NOT may be repeated, and a property may be called `date` without quotes.
 */
export function parseText(text: string, queryables: Queryables): Expression {
	const parser = new TextParser(text, queryables);
	return parser.filter();
}

class TextParser {
	readonly #cursor: Cursor;
	readonly #builder: TreeBuilder;
	readonly #terms: Terms;

	constructor(text: string, queryables: Queryables) {
		this.#cursor = new Cursor(tokensOf(text));
		this.#builder = new TreeBuilder(queryables);
		this.#terms = new Terms(this.#cursor, this.#builder, () => this.#or());
	}

	filter(): Expression {
		const root = this.#or();
		if (this.#cursor.token.kind !== 'end') this.#cursor.refuse('the end of the filter, AND or OR');
		return this.#builder.filter(root);
	}

	#or(): Located {
		return this.#chain('or', () => this.#chain('and', () => this.#factor()));
	}

	#chain(op: 'and' | 'or', part: () => Located): Located {
		const { at } = this.#cursor.token;
		const parts = [part()];
		while (this.#cursor.takeWord(op.toUpperCase())) parts.push(part());
		return parts.length === 1 ? parts[0]! : this.#builder.operation(op, parts, at);
	}

	#factor(): Located {
		const { at } = this.#cursor.token;
		if (!this.#cursor.takeWord('NOT')) return this.#predicate();
		return this.#cursor.deeper(() => this.#builder.operation('not', [this.#factor()], at));
	}

	#predicate(): Located {
		const { at } = this.#cursor.token;
		const left = this.#terms.sum();
		const { token } = this.#cursor;
		if (token.kind === 'symbol' && (comparisonOperators as readonly string[]).includes(token.value)) {
			this.#cursor.next();
			return this.#builder.operation(token.value as Operator, [left, this.#terms.sum()], at);
		}
		if (this.#cursor.takeWord('IS')) {
			const negated = this.#cursor.takeWord('NOT');
			this.#cursor.expectWord('NULL');
			return this.#negate(negated, this.#builder.operation('isNull', [left], at));
		}
		const negated = this.#cursor.takeWord('NOT');
		if (this.#cursor.takeWord('LIKE'))
			return this.#negate(negated, this.#builder.operation('like', [left, this.#terms.primary()], at));
		if (this.#cursor.takeWord('IN')) return this.#negate(negated, this.#builder.operation('in', [left, this.#terms.list()], at));
		if (this.#cursor.takeWord('BETWEEN')) {
			const low = this.#terms.sum();
			this.#cursor.expectWord('AND');
			return this.#negate(negated, this.#builder.operation('between', [left, low, this.#terms.sum()], at));
		}
		if (negated) this.#cursor.refuse('LIKE, BETWEEN or IN after NOT');
		return left;
	}

	#negate(negated: boolean, inner: Located): Located {
		return negated ? this.#builder.operation('not', [inner], inner.where) : inner;
	}
}
