import { audiences, costs, wheelchairs } from '../../domain/facts.ts';
import { hasHours, scheduleOf } from '../../domain/opening.ts';
import { freshnessDays } from '../../domain/freshness.ts';
import { parseLocalDay } from '../../domain/local-time.ts';
import type { LocalDay } from '../../domain/local-time.ts';
import { photoIds } from '../../domain/photo-form.ts';
import { fold } from '../../domain/fold.ts';
import type { Place, PlaceKind } from '../../domain/place.ts';
import type { Schedule } from '../../domain/opening.ts';
import type { Category } from '../../domain/taxonomy.ts';
import { keptFeature, placeOfFeature } from './kept-feature.ts';
import type { Cuts } from './kept-feature.ts';
import { words } from './text.ts';

/** What of a place is filtered, sorted, searched and drawn: kept apart so that starting from disk parses a tenth of the bytes. */
export interface Card {
	id: string;
	name: string;
	/** Folded name. */
	sortKey: string;
	kind: PlaceKind;
	category: string;
	/** Empty for "outside". */
	area: string;
	lon: number;
	lat: number;
	/** Folded words, between blanks: of summary and offers, and of the address. */
	text: string;
	where: string;
	/** When it is open (see `scheduleText`); empty when nothing is known. */
	schedule: string;
	/** Sets as bits; those of what is done there are among them. */
	wheelchair: number;
	costs: number;
	audiences: number;
	/** BCP 47 tags, sorted, between blanks. */
	languages: string;
	/** Since when all that matters is vouched for; 0 when something never was. */
	verified: LocalDay;
	/** Its own, empty when it is under the territory's; and who takes care of it, empty when nobody. */
	licence: string;
	steward: string;
	/** The days since 1970 from which it is not fresh any more, and stale. */
	ageingFrom: LocalDay;
	staleFrom: LocalDay;
	/** When it last changed, in microseconds since 1970: the database knows no less. */
	updated: number;
	/** In the line: where the place begins, then its pieces. */
	cuts: [place: number, ...Cuts];
	/** Ids of the photos it shows, and of those that its history says it showed once. */
	photos: string[];
	formerPhotos: string[];
}

const tab = 9;
const decoder = new TextDecoder();

/**
 * One line: the card, a tab, then the place as JSON (see kept-feature.ts). 100,000 places as objects take more than the whole application may; as
 * bytes outside the heap they cost the collector nothing, a page of them is parsed in microseconds, and their features are put together
 * without parsing any.
 */
export function encodeLine(place: Place, category: Judging | undefined): Buffer {
	const { facts } = place;
	const where = [facts.address, facts.postcode, facts.city];
	const { verifiedAt, ageingFrom, staleFrom } = freshnessDays(place, category ?? { halfLives: {}, keyFacts: [] });
	const { json, cuts } = keptFeature(place, verifiedAt);
	const card = [
		place.id,
		facts.name,
		fold(facts.name),
		place.kind === 'service' ? 0 : 1,
		place.category,
		place.area ?? '',
		place.position.lon,
		place.position.lat,
		wordsOf([facts.summary, ...place.offers.map(({ name }) => name)]),
		wordsOf(where),
		scheduleText(place),
		bits(wheelchairs, [facts.wheelchair]),
		bits(costs, [facts.cost, ...place.offers.map(({ cost }) => cost)]),
		bits(audiences, [...facts.audience, ...place.offers.flatMap(({ audience }) => audience)]),
		[...facts.languages].sort().join(' '),
		verifiedAt === null ? 0 : parseLocalDay(verifiedAt),
		facts.licence ?? '',
		place.steward ?? '',
		ageingFrom,
		staleFrom,
		microsecondsOf(place.updatedAt),
		...cuts
	];
	const photos = facts.photos.map(({ id }) => id);
	const former = formerPhotos(place, photos);
	if (photos.length + former.length > 0) card.push(photos as never, former as never);
	return Buffer.from(`${JSON.stringify(card)}\t${json}`);
}

/** Of an instant in UTC; what follows the sixth decimal does not count. */
function microsecondsOf(instant: string): number {
	const [, before = '', decimals = '', zone = ''] = /^(.*?)(?:\.(\d+))?(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(instant) ?? [];
	const seconds = Date.parse(before + (zone || 'Z'));
	return Number.isNaN(seconds) ? 0 : seconds * 1000 + Number(decimals.padEnd(6, '0').slice(0, 6));
}

/** Opening hours as written, when there is nothing else to know; else the whole schedule as JSON. Few places have their own. */
function scheduleText(place: Place): string {
	const schedule = scheduleOf(place);
	if (!hasHours(schedule)) return '';
	const { hours, closures, startsOn, endsOn } = schedule;
	return hours !== null && closures.length === 0 && startsOn === null && endsOn === null ? hours : JSON.stringify(schedule);
}

/** @see scheduleText */
export function scheduleOfText(text: string): Schedule {
	if (text.startsWith('{')) return JSON.parse(text) as Schedule;
	return { hours: text === '' ? null : text, closures: [], offers: [], startsOn: null, endsOn: null };
}

/** Which of the options are among the values. */
export function bits(options: readonly string[], values: readonly (string | null)[]): number {
	return values.reduce(
		(set, value) => (value !== null && options.includes(value) ? set | (1 << options.indexOf(value)) : set),
		0
	);
}

/** A photo that some version took away and that is not there now: its address says that it is gone. */
function formerPhotos({ history }: Place, present: string[]): string[] {
	const operations = history.flatMap((entry) => entry.operations ?? []).filter(({ fact }) => fact === 'photos');
	const left = operations.flatMap(({ old, new: young }) => photoIds(old).filter((id) => !photoIds(young).includes(id)));
	return [...new Set(left)].filter((id) => !present.includes(id));
}

const wordsOf = (texts: (string | null)[]) => words(texts.filter((text) => text !== null).join(' ')).join(' ');

type More = [
	string,
	number,
	number,
	number,
	string,
	number,
	string,
	string,
	number,
	number,
	number,
	...Cuts,
	string[]?,
	string[]?
];
type Judging = Pick<Category, 'halfLives' | 'keyFacts'>;

/** The card of a line. */
export function cardOf(line: Uint8Array): Card {
	const begin = line.indexOf(tab) + 1;
	const parts = JSON.parse(decoder.decode(line.subarray(0, begin - 1))) as unknown[];
	const [id, name, sortKey, kind, category, area, lon, lat, text, where, ...more] = parts as [
		...[string, string, string, number, string, string, number, number, string, string],
		...More
	];
	const [schedule, wheelchair, costs, audiences, languages, verified, licence, steward, ...rest] = more;
	const [ageingFrom, staleFrom, updated, path, theme, facts, given, offers, assurances, end, photos = [], formerPhotos = []] =
		rest;
	const facets = {
		schedule,
		wheelchair,
		costs,
		audiences,
		languages,
		verified,
		licence,
		steward,
		ageingFrom,
		staleFrom,
		updated
	};
	const cuts: Card['cuts'] = [0, path, theme, facts, given, offers, assurances, end];
	for (let i = 0; i < cuts.length; i++) cuts[i]! += begin;
	const known = kind === 0 ? ('service' as const) : ('initiative' as const);
	return { id, name, sortKey, kind: known, category, area, lon, lat, text, where, ...facets, cuts, photos, formerPhotos };
}

/** The place of a line, whole again, and nobody else's. */
export function placeOf(line: Uint8Array): Place {
	return placeOfFeature(decoder.decode(line.subarray(line.indexOf(tab) + 1)));
}
