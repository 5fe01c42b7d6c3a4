import type { BBox } from '../../../geo/bbox.ts';
import { crs84 } from '../../../geo/crs.ts';
import { boundsOf, compile, FilterSyntaxError, parseJson, parseText } from '../cql2/cql2.ts';
import { systemOf } from './asked-crs.ts';
import type { Asked } from './operation.ts';
import { filter, filterCrs, filterLang } from './parameters.ts';
import { queryables } from './queryables.ts';
import { invalid } from './refusal.ts';

export interface Filter {
	/** Null is neither true nor false. */
	test: (read: (name: string) => unknown) => boolean | null;
	/** Outside this box nothing passes. */
	bounds: BBox | null;
}

/** The filter that is asked for; null without one. @throws Refusal */
export function readFilter(query: Asked['query']): Filter | null {
	const system = systemOf(filterCrs.name, query[filterCrs.name] ?? crs84);
	const text = query[filter.name];
	if (typeof text !== 'string') return null;
	try {
		const expression = query[filterLang.name] === 'cql2-json' ? parseJson(jsonOf(text), queryables) : parseText(text, queryables);
		const crs = ([a = NaN, b = NaN]: number[]): [number, number] => {
			const position = system.toLonLat([a, b]);
			if (position) return position;
			throw new FilterSyntaxError(`the position ${a} ${b} is not in ${system.name}.`);
		};
		return { test: compile(expression, { crs }), bounds: boundsOf(expression, { crs }) };
	} catch (failure) {
		if (failure instanceof FilterSyntaxError) throw invalid(filter.name, `is not understood: ${failure.message}`);
		throw failure;
	}
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		throw new FilterSyntaxError('it is not JSON.');
	}
}
