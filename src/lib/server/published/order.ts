import { idOf, sortKeyOf } from './layers.ts';
import type { Frame, Ref } from './layers.ts';
import { compareText } from './text.ts';

/** What places can be ordered by without reading any: what the snapshot has a column for. */
export const sortables = ['id', 'name', 'kind', 'theme', 'category', 'area', 'steward', 'updated_at', 'verified_at'] as const;
export type Sortable = (typeof sortables)[number];

export interface SortKey {
	name: Sortable;
	descending: boolean;
}

/** Null when nothing is known, which comes last in both directions. */
export type SortValue = string | number | null;

/** Where a place stands: the values of its keys, then its id, so that no two stand at the same spot. */
export interface Standing {
	values: SortValue[];
	id: string;
}

/** An order of the places of a frame. */
export interface Order {
	compare(a: Ref, b: Ref): number;
	/** Whether a place comes after that spot, be there a place or not. */
	isAfter(ref: Ref, spot: Standing): boolean;
	standingOf(ref: Ref): Standing;
}

/**
 * Names as lists have them, without case and accents; days and instants by time. What is equal in all keys is ordered by id. Comparing is the
 * hot loop of a page: an iterator each time would take as long as the rest.
 */
export function orderBy(frame: Frame, keys: readonly SortKey[]): Order {
	const readers = keys.map(({ name }) => readerOf(frame, name));
	const valuesOf = (ref: Ref) => readers.map((read) => read(ref));
	return {
		compare(a, b) {
			for (let i = 0; i < readers.length; i++) {
				const read = readers[i]!;
				const difference = compareValues(read(a), read(b), keys[i]!.descending);
				if (difference !== 0) return difference;
			}
			return compareText(idOf(a), idOf(b));
		},
		isAfter(ref, { values, id }) {
			for (let i = 0; i < readers.length; i++) {
				const difference = compareValues(readers[i]!(ref), values[i] ?? null, keys[i]!.descending);
				if (difference !== 0) return difference > 0;
			}
			return compareText(idOf(ref), id) > 0;
		},
		standingOf: (ref) => ({ values: valuesOf(ref), id: idOf(ref) })
	};
}

function compareValues(a: SortValue, b: SortValue, descending: boolean): number {
	if (a === null || b === null) return Number(a === null) - Number(b === null);
	const difference = a < b ? -1 : a > b ? 1 : 0;
	return descending ? -difference : difference;
}

function readerOf({ dictionaries, reference }: Frame, name: Sortable): (ref: Ref) => SortValue {
	const { categories, areas, stewards } = dictionaries;
	const categoryOf = ({ layer: { segment }, item }: Ref) => categories.slugs[segment.categories[item]!]!;
	switch (name) {
		case 'id':
			return idOf;
		case 'name':
			return sortKeyOf;
		case 'kind':
			return ({ layer, item }) => (layer.segment.kinds[item] === 0 ? 'service' : 'initiative');
		case 'theme':
			return (ref) => reference.categoryBySlug.get(categoryOf(ref))?.theme ?? null;
		case 'category':
			return categoryOf;
		case 'area':
			return ({ layer, item }) => areas.slugs[layer.segment.areas[item]!] || null;
		case 'steward':
			return ({ layer, item }) => stewards.slugs[layer.segment.stewards[item]!] || null;
		case 'updated_at':
			return ({ layer, item }) => layer.segment.updated[item] || null;
		case 'verified_at':
			return ({ layer, item }) => layer.segment.verified[item] || null;
	}
}
