import { fold } from '../../domain/fold.ts';
import type { Place, PlaceFacts, PlaceKind } from '../../domain/place.ts';
import { words } from './text.ts';

const emptyFacts: PlaceFacts = {
	name: '',
	summary: null,
	description: null,
	precision: 'exact',
	address: null,
	postcode: null,
	city: null,
	opening_hours: null,
	closures: [],
	booking: null,
	phone: null,
	email: null,
	website: null,
	wheelchair: null,
	audience: [],
	cost: null,
	languages: [],
	starts_on: null,
	ends_on: null,
	photos: [],
	licence: null,
	contact_name: null,
	contact_phone: null,
	part_of: null
};

function isEmpty(value: unknown): boolean {
	if (value === null || value === undefined) return true;
	return typeof value === 'object' && Object.keys(value).length === 0;
}

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
}

const tab = 9;
const decoder = new TextDecoder();

/**
 * One line: the card, a tab, then the place as JSON without what is unknown or empty. 100,000 places as objects take more than the
 * whole application may; as bytes outside the heap they cost the collector nothing and a page of them is parsed in microseconds.
 */
export function encodeLine(place: Place): Buffer {
	const { facts, ...rest } = place;
	const json = JSON.stringify({ ...known(rest), facts: known(facts) });
	const where = [facts.address, facts.postcode, facts.city];
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
		wordsOf(where)
	];
	return Buffer.from(`${JSON.stringify(card)}\t${json}`);
}

const wordsOf = (texts: (string | null)[]) => words(texts.filter((text) => text !== null).join(' ')).join(' ');

function known(values: object): Record<string, unknown> {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => !isEmpty(value)));
}

/** The card of a line. */
export function cardOf(line: Uint8Array): Card {
	const parts = JSON.parse(decoder.decode(line.subarray(0, line.indexOf(tab)))) as unknown[];
	const [id, name, sortKey, kind, category, area, lon, lat, text, where] = parts as [
		...[string, string, string, number, string, string, number, number, string, string]
	];
	return { id, name, sortKey, kind: kind === 0 ? 'service' : 'initiative', category, area, lon, lat, text, where };
}

/** The place of a line, whole again, and nobody else's. */
export function placeOf(line: Uint8Array): Place {
	return decodePlace(decoder.decode(line.subarray(line.indexOf(tab) + 1)));
}

function decodePlace(json: string): Place {
	const kept = JSON.parse(json) as Partial<Place> & Pick<Place, 'id' | 'position'>;
	return {
		slug: '',
		kind: 'service',
		theme: '',
		category: '',
		area: null,
		steward: null,
		source: null,
		openness: 'open',
		version: 0,
		createdAt: '',
		updatedAt: '',
		extra: {},
		offers: [],
		assurances: {},
		factOpenness: {},
		history: [],
		...kept,
		facts: { ...emptyFacts, closures: [], audience: [], languages: [], photos: [], ...kept.facts }
	};
}
