import type { HistoryEntry, Offer, Place, PlaceFacts, Tombstone } from '../../domain/place.ts';
import { photoIds } from '../../domain/photo-form.ts';
import { isDay } from '../../domain/fact-parse.ts';
import type { Area, Category } from '../../domain/taxonomy.ts';
import { bboxContains } from '../../geo/bbox.ts';
import { isInside } from '../../geo/inside.ts';
import type { Reference } from '../published/reference.ts';
import type { Selection } from '../published/select.ts';
import { compareText } from '../published/text.ts';
import type { View } from '../published/view.ts';
import { belongs } from './belongs.ts';
import type { Belonging } from './belongs.ts';
import { offersAsOf, operationsOf } from './as-of-offers.ts';

/** Goes with every such file: what it is, and what it is not. */
const note =
	'The places that are on the map today, as their public records say they were at the end of that day. What is not public today is not ' +
	'told, nor what the records say was not public then. Places that left since (left_since) are not in the file: nothing of them is public any more. ' +
	'Left out too are places of which only the street or the area is shown and which changed since. Neighbourhoods, themes and addresses ' +
	'of pages are those of today. Who had vouched for what that day is not known: assurances are empty, verified_at and freshness null; ' +
	'so is updated_at where the record changed since.';

/** Whether a text is a day (`YYYY-MM-DD`) that has begun. */
export function isPastDay(text: string, today: string): boolean {
	return isDay(text) && text <= today;
}

/** What a file of a past day says of itself: plain values, for whoever writes it without the view. */
export interface AsOf {
	/** The day, `YYYY-MM-DD` in the territory's zone. */
	as_of: string;
	as_of_note: string;
	left_since: { id: string; kind: string; on: string; reason: string | null; into_id: string | null }[];
}

/** For the edition of a day. */
export function asOfDay(view: View, day: string): AsOf {
	const left = [...view.tombstones.values()].filter(({ on }) => on > day).sort((a, b) => (a.id < b.id ? -1 : 1));
	const leftSince = left.map(({ id, kind, on, reason, intoId }: Tombstone) => ({ id, kind, on, reason, into_id: intoId }));
	return { as_of: day, as_of_note: note, left_since: leftSince };
}

/** The places of a selection in an edition: those of now, or of its day. */
export function placesIn({ view, asOf }: { view: View; asOf?: AsOf }, selection: Selection): Generator<Place> {
	return asOf === undefined ? view.select(selection) : placesAsOf(view, selection, asOf.as_of);
}

/** The places of a selection at the end of a day, ascending by id. @see AsOf */
export function placesAsOf(view: View, selection: Belonging, day: string): Generator<Place> {
	return pastOf(view.all(), view, selection, day);
}

/** The same of any places: going through 100,000 takes seconds, which another thread has. */
export function* pastOf(
	places: Iterable<Place>,
	known: Pick<View, 'reference' | 'settings'>,
	selection: Belonging,
	day: string
): Generator<Place> {
	for (const place of places) {
		const past = placeAsOf(place, day, known.reference);
		if (past && belongs(known, selection, past)) yield past;
	}
}

/**
 * A place at the end of a day, from its public history alone; null when it was not on the map, or when where it was can't be told. A fact
 * is what the first later version says that it had been, else what it is now. `updatedAt` is empty when only the day of it is known.
 */
export function placeAsOf(place: Place, day: string, reference: Reference): Place | null {
	const { history } = place;
	const before = history.slice(0, history.findLastIndex(({ on }) => on <= day) + 1);
	const last = before.at(-1);
	if (!last || hasLeft(before)) return null;
	const since = history.slice(before.length);
	if (since.length === 0) return { ...place, assurances: {}, offers: place.offers.map(withoutAssurances) };
	const was = valuesBetween(before, since);
	const precision = (was('precision', place.facts.precision) ?? 'exact') as PlaceFacts['precision'];
	// Where it had been is in the history of those alone whose position is shown as it is, and was not for all to know when it was blurred.
	if (precision !== 'exact' || place.facts.precision !== 'exact') return null;
	if ((was('openness', 'open') ?? 'open') !== 'open') return null;
	const position = was('position', place.position) as Place['position'] | null;
	if (!position) return null;
	const slug = was('category', place.category) as string;
	const category = reference.categoryBySlug.get(slug);
	const closed = closedThen(category?.factOpenness, was('fact_openness', {}));
	return {
		...place,
		kind: was('kind', place.kind) as Place['kind'],
		category: slug,
		theme: category?.theme ?? '',
		steward: was('steward', place.steward) as string | null,
		position,
		area: position === place.position ? place.area : areaAt(position, reference),
		version: last.version,
		updatedAt: '',
		facts: factsAsOf(place.facts, was, closed),
		extra: extraAsOf(place.extra, was, closed, category),
		offers: offersAsOf(place.offers, since).filter(({ id }) => !closed.has(`offer:${id}`)),
		assurances: {}
	};
}

/** Whether the last of its comings and goings is a going. */
function hasLeft(history: readonly HistoryEntry[]): boolean {
	const kind = history.findLast(({ kind }) => kind !== 'updated' && kind !== 'redacted')?.kind;
	return kind === 'ended' || kind === 'merged';
}

type Was = (fact: string, now: unknown) => unknown;

/** What facts were between earlier and later versions; null also when that was redacted: then nobody knows it. */
function valuesBetween(before: readonly HistoryEntry[], since: readonly HistoryEntry[]): Was {
	const last = new Map(before.flatMap(operationsOf).map((operation) => [operation.fact, operation]));
	const next = new Map(
		since
			.flatMap(operationsOf)
			.reverse()
			.map((operation) => [operation.fact, operation])
	);
	return (fact, now) => {
		const later = next.get(fact);
		if (!later) return now;
		if (!later.redacted) return later.old ?? null;
		const earlier = last.get(fact);
		return earlier && !earlier.redacted ? (earlier.new ?? null) : null;
	};
}

/** Facts that were less open than their place on that day: as its category has it, and by exceptions of its own. */
function closedThen(ofCategory: object | undefined, exceptions: unknown): ReadonlySet<string> {
	const openness = Object.entries({ ...ofCategory, ...(exceptions as object | null) });
	return new Set(openness.flatMap(([fact, one]) => (one === 'open' ? [] : [fact])));
}

function factsAsOf(facts: PlaceFacts, was: Was, closed: ReadonlySet<string>): PlaceFacts {
	const past = Object.entries(facts).map(([fact, now]: [string, unknown]) => {
		const unknown = Array.isArray(now) ? [] : null;
		return [fact, closed.has(fact) ? unknown : (was(fact, now) ?? unknown)];
	});
	// A photo that left its place is nobody's to show.
	const shown = photoIds(was('photos', facts.photos));
	const photos = closed.has('photos') ? [] : facts.photos.filter(({ id }) => shown.includes(id));
	const { name, ...rest } = Object.fromEntries(past) as unknown as PlaceFacts;
	return { ...rest, name: (name as string | null) ?? '—', precision: 'exact', photos };
}

/** Only what the category knows: of the others nobody says how open they are, and they are not shown either. */
function extraAsOf(extra: Place['extra'], was: Was, closed: ReadonlySet<string>, category: Category | undefined): Place['extra'] {
	const names = Object.keys(category?.extraFacts ?? {}).filter((name) => !closed.has(`extra.${name}`));
	const past = names.map((name) => [name, was(`extra.${name}`, extra[name] ?? null)] as const);
	return Object.fromEntries(past.filter(([, value]) => value !== null)) as Place['extra'];
}

const withoutAssurances = (offer: Offer): Offer => ({ ...offer, assurances: {} });

/** The deepest area of today that covers a position, as `private.area_at` has it; null outside. */
function areaAt({ lon, lat }: Place['position'], { areas, ancestors }: Reference): string | null {
	const covering = areas.filter(({ bbox, geometry }) => bboxContains(bbox, lon, lat) && isInside(geometry, lon, lat));
	const depth = ({ slug }: Area) => ancestors(slug).length;
	return covering.sort((a, b) => depth(b) - depth(a) || compareText(a.slug, b.slug))[0]?.slug ?? null;
}
