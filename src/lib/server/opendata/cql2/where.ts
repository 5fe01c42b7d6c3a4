import type { Node } from './expression.ts';
import { FilterSyntaxError } from './expression.ts';

/** Nested deeper, a filter is an attack or a mistake. */
export const maxDepth = 64;
export const maxNodes = 500;
/** Of all literal geometries of a filter together. */
export const maxVertices = 4000;

/** A character of a text, from 1, or a JSON path. */
export type Where = number | string;

export interface Located<N extends Node = Node> {
	node: N;
	/** Of the tree below. */
	depth: number;
	where: Where;
}

export function fail(where: Where, message: string): never {
	throw new FilterSyntaxError(`${typeof where === 'number' ? `At character ${where}` : `At ${where}`}, ${message}.`);
}

/** A piece of the input for a message: at most forty of its characters. */
export function excerpt(text: string): string {
	return JSON.stringify(text.length > 40 ? `${text.slice(0, 39)}…` : text);
}

export const tooDeep = `expected a filter nested at most ${maxDepth} levels deep`;
