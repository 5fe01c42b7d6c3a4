import { bboxContains } from '../../geo/bbox.ts';
import type { Place } from '../../domain/place.ts';
import { audiences, costs, wheelchairs } from '../../domain/facts.ts';
import type { narrowing } from '../../domain/narrowing.ts';
import type { Filters } from './filters.ts';
import { openness } from './openings.ts';
import type { Openings } from './openings.ts';
import { bits } from './record.ts';
import type { Reference } from './reference.ts';
import { cutsAt, numbersOfLine, startAt } from './lines.ts';
import { itemOf, placeAt } from './segment.ts';
import { compareText } from './text.ts';
import type { Dictionaries, Segment } from './segment.ts';

/** A segment as one view sees it: `hidden[item]` is 1 where a later layer knows better. */
export interface Layer {
	segment: Segment;
	hidden: Uint8Array | null;
}

/** How many are hidden. A loop of a hundred thousand steps, at each change: `reduce` takes five times as long. */
export function marksIn(flags: Uint8Array): number {
	let count = 0;
	for (let i = 0; i < flags.length; i++) count += flags[i]!;
	return count;
}

/** What the views of one moment are computed from; nothing in it ever changes. */
export interface Frame {
	layers: Layer[];
	reference: Reference;
	dictionaries: Dictionaries;
	openings: Openings;
}

/** A place of a frame, not yet parsed. */
export interface Ref {
	layer: Layer;
	item: number;
}

export const sortKeyOf = ({ layer, item }: Ref): string => layer.segment.sortKeys[item]!;
export const idOf = ({ layer, item }: Ref): string => layer.segment.ids[item]!;

/** The order of lists: folded name, then id. */
export function compareRefs(a: Ref, b: Ref): number {
	return compareText(sortKeyOf(a), sortKeyOf(b)) || compareText(idOf(a), idOf(b));
}

/** The place itself. Its theme is its category's of now, also when the category moved after the place was read. */
export function readPlace({ reference }: Frame, { layer, item }: Ref): Place {
	const place = placeAt(layer.segment, item);
	place.theme = reference.categoryBySlug.get(place.category)?.theme ?? place.theme;
	return place;
}

/**
 * What of a place is known without parsing it, and where its line is (see record.ts): in a slab from `start` on. From there its place begins at
 * `cuts[first]`, the pieces of it after.
 */
export interface Outline {
	slab: Uint8Array;
	start: number;
	cuts: Uint32Array;
	first: number;
	id: string;
	lon: number;
	lat: number;
	/** Null when this node does not know its category yet. */
	theme: string | null;
	/** See `FreshnessDays`. */
	ageingFrom: number;
	staleFrom: number;
}

export function outlineOf({ dictionaries, reference }: Frame, { layer: { segment }, item }: Ref): Outline {
	const category = dictionaries.categories.slugs[segment.categories[item]!]!;
	const { slabs, where } = segment.lines;
	const line = item * numbersOfLine;
	return {
		slab: slabs[where[line]!]!,
		start: where[line + startAt]!,
		cuts: where,
		first: line + cutsAt,
		id: segment.ids[item]!,
		lon: segment.lon[item]!,
		lat: segment.lat[item]!,
		theme: reference.categoryBySlug.get(category)?.theme ?? null,
		ageingFrom: segment.ageingFrom[item]!,
		staleFrom: segment.staleFrom[item]!
	};
}

export function findRef(frame: Frame, id: string): Ref | null {
	for (let i = frame.layers.length - 1; i >= 0; i--) {
		const layer = frame.layers[i]!;
		const item = itemOf(layer.segment, id);
		if (item >= 0) return layer.hidden?.[item] ? null : { layer, item };
	}
	return null;
}

export type Accept = (segment: Segment, item: number) => boolean;

/** What lists are narrowed by, each on its own. */
export type Dimension = (typeof narrowing)[number] | 'bbox' | 'licence' | 'steward';

/** Which category and area codes pass: 1 by code. */
export function categoryMask(frame: Frame, passes: (slug: string, theme: string) => boolean): Uint8Array {
	const { slugs } = frame.dictionaries.categories;
	return Uint8Array.from(slugs, (slug) => Number(passes(slug, frame.reference.categoryBySlug.get(slug)?.theme ?? '')));
}

export function areaMask(frame: Frame, area: string): Uint8Array {
	return Uint8Array.from(frame.dictionaries.areas.slugs, (slug) => Number(frame.reference.ancestors(slug).includes(area)));
}

/** A place without a licence of its own is under the territory's. */
function licenceMask({ dictionaries, reference }: Frame, licence: string): Uint8Array {
	const otherwise = reference.settings.licence.id;
	return Uint8Array.from(dictionaries.licences.slugs, (own) => Number((own || otherwise) === licence));
}

/** One test per dimension that the filters bound; a dimension left out passes everything. */
export function tests(frame: Frame, filters: Partial<Filters>): Partial<Record<Dimension, Accept>> {
	const { theme, category, area, kind, bbox, licence, steward } = filters;
	const found: Partial<Record<Dimension, Accept>> = accessTests(frame, filters);
	if (theme !== undefined) {
		const mask = categoryMask(frame, (_, of) => of === theme);
		found.theme = ({ categories }, item) => mask[categories[item]!] === 1;
	}
	if (category !== undefined) {
		const code = frame.dictionaries.categories.find(category);
		found.category = ({ categories }, item) => categories[item] === code;
	}
	if (area !== undefined) {
		const mask = areaMask(frame, area);
		found.area = ({ areas }, item) => mask[areas[item]!] === 1;
	}
	if (kind !== undefined) {
		const code = kind === 'service' ? 0 : 1;
		found.kind = ({ kinds }, item) => kinds[item] === code;
	}
	if (licence !== undefined) {
		const mask = licenceMask(frame, licence);
		found.licence = ({ licences }, item) => mask[licences[item]!] === 1;
	}
	if (steward !== undefined) {
		const code = frame.dictionaries.stewards.find(steward);
		found.steward = ({ stewards }, item) => stewards[item] === code;
	}
	if (bbox !== undefined) found.bbox = ({ lon, lat }, item) => bboxContains(bbox, lon[item]!, lat[item]!);
	return found;
}

/** Whether one may go there, now or then, with what one has. Who says nothing of it does not pass. */
function accessTests(frame: Frame, filters: Partial<Filters>): Partial<Record<Dimension, Accept>> {
	const { open, wheelchair, cost, audience, language, checked } = filters;
	const found: Partial<Record<Dimension, Accept>> = {};
	if (open !== undefined) {
		const states = frame.openings.states(frame.dictionaries.schedules, open);
		found.open = ({ schedules }, item) => states[schedules[item]!] === openness.open;
	}
	if (wheelchair !== undefined) {
		const wanted = bits(wheelchairs, wheelchair === 'limited' ? ['yes', 'limited'] : [wheelchair]);
		found.wheelchair = ({ wheelchair }, item) => (wheelchair[item]! & wanted) !== 0;
	}
	if (cost !== undefined) {
		const wanted = bits(costs, [cost]);
		found.cost = ({ costs }, item) => (costs[item]! & wanted) !== 0;
	}
	if (audience !== undefined) {
		const wanted = bits(audiences, ['everyone', audience]);
		found.audience = ({ audiences }, item) => (audiences[item]! & wanted) !== 0;
	}
	if (checked !== undefined) found.checked = ({ verified }, item) => verified[item]! >= checked;
	if (language !== undefined) {
		const mask = Uint8Array.from(frame.dictionaries.languages.slugs, (tags) => Number(tags.split(' ').includes(language)));
		found.language = ({ languages }, item) => mask[languages[item]!] === 1;
	}
	return found;
}

/** All of them together; the visible ones only. */
export function acceptAll(frame: Frame, filters: Partial<Filters>): (layer: Layer, item: number) => boolean {
	const all = Object.values(tests(frame, filters));
	return ({ segment, hidden }, item) => {
		if (hidden?.[item]) return false;
		for (const test of all) if (!test(segment, item)) return false;
		return true;
	};
}
