import { sortables } from '../../published/order.ts';
import type { Order, Sortable, SortKey, SortValue, Standing } from '../../published/order.ts';
import type { Ref } from '../../published/layers.ts';
import { Top } from '../../published/top.ts';
import type { Asked } from './operation.ts';
import { sortby } from './parameters.ts';
import type { From, Page, Reading } from './reading.ts';
import { invalid } from './refusal.ts';
import { slice } from './slice.ts';
import { nextTurn } from '../next-turn.ts';

/** More keys than these order nothing that a person asks for. */
const mostKeys = 4;
/** Places that a page may reach to: they are all in memory together. */
export const farthestSorted = 20_000;

const isSortable = (name: string): name is Sortable => (sortables as readonly string[]).includes(name);

/** By which properties the answer is ordered; null when nobody says. In an address a plus sign that is not encoded is a blank. @throws Refusal */
export function sortKeysOf({ query }: Pick<Asked, 'query'>): SortKey[] | null {
	const text = query[sortby.name];
	if (typeof text !== 'string') return null;
	const keys = text.split(',').map((part): SortKey => {
		const [, sign, name = ''] = /^([-+ ]?)(.*)$/s.exec(part)!;
		if (!isSortable(name)) throw invalid(sortby.name, `cannot order by “${name}”; there are ${sortables.join(', ')}.`);
		return { name, descending: sign === '-' };
	});
	if (new Set(keys.map(({ name }) => name)).size < keys.length) throw invalid(sortby.name, 'may name each property once only.');
	if (keys.length > mostKeys) throw invalid(sortby.name, `may name ${mostKeys} properties at most.`);
	return keys;
}

const textOf = (keys: readonly SortKey[]) => keys.map(({ name, descending }) => (descending ? '-' : '') + name).join();

/** A page of an order goes on after a spot in it, so that it neither repeats nor leaves out a place while others change. */
export function cursorAtStanding(keys: readonly SortKey[], { values, id }: Standing): string {
	return Buffer.from(JSON.stringify([textOf(keys), id, ...values])).toString('base64url');
}

/** @throws Refusal */
export function standingOfCursor(keys: readonly SortKey[], cursor: string): Standing {
	const [text, id, ...values] = partsOf(cursor);
	if (text !== textOf(keys) || typeof id !== 'string' || values.length !== keys.length)
		throw invalid('cursor', 'must be taken from the “next” link of a page in the same order.');
	return { id, values };
}

function partsOf(cursor: string): SortValue[] {
	try {
		const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
		const isValue = (part: unknown): part is SortValue => part === null || ['string', 'number'].includes(typeof part);
		return Array.isArray(parts) && parts.every(isValue) ? parts : [];
	} catch {
		return [];
	}
}

interface FromStanding extends Omit<From, 'after'> {
	after: Standing | null;
}

/**
 * Up to `limit` places in an order, in slices. All are looked at, but only those that may be on the page are read for what the columns
 * can't tell: where time runs out nothing is sure, and the page is not whole and empty. `until`: of `performance.now`.
 */
export async function readSorted(
	{ view, selection, accepts }: Reading,
	order: Order,
	{ after, skip, limit }: FromStanding,
	until: number
): Promise<Omit<Page, 'next'> & { last: Ref | null }> {
	const top = new Top<Ref>(skip + limit + 1, order.compare);
	let sliceEnd = performance.now() + slice;
	for (const ref of view.refs(selection)) {
		const now = performance.now();
		if (accepts && now > until) return { places: [], last: null, whole: false };
		if (now > sliceEnd) {
			await nextTurn();
			sliceEnd = performance.now() + slice;
		}
		if (after && !order.isAfter(ref, after)) continue;
		const worst = top.threshold;
		if (worst && order.compare(ref, worst) >= 0) continue;
		if (accepts?.(view.read(ref)) ?? true) top.push(ref);
	}
	const places = top.sorted().slice(skip);
	const more = places.length > limit;
	return { places: places.slice(0, limit), last: more ? places[limit - 1]! : null, whole: true };
}
