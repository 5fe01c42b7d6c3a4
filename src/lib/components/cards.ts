import type { Freshness } from '$lib/domain/freshness';
import { placeFreshness } from '$lib/domain/freshness';
import type { Place, PlaceKind } from '$lib/domain/place';
import type { Area, Category, Theme, ThemeColour } from '$lib/domain/taxonomy';
import type { LocalMinute } from '$lib/domain/local-time';
import type { Opening } from '$lib/domain/opening';
import { labelOf } from '$lib/i18n/words';
import { openingLine } from '$lib/i18n/opening';
import type { OpeningLine } from '$lib/i18n/opening';
import { knownPictogram } from './known-pictogram';

/** What a list shows of a place, in the reader's language. */
export interface Card {
	id: string;
	href: string;
	name: string;
	kind: PlaceKind;
	category: string;
	pictogram: string;
	colour: ThemeColour;
	/** An address, else the area; null in the ring around the territory. */
	where: string | null;
	summary: string | null;
	/** Null when nothing is known of its hours. */
	opening: OpeningLine | null;
	freshness: Freshness;
	/** A day. */
	verifiedAt: string | null;
	/** From the reader, when she said where she is. */
	metres: number | null;
	lon: number;
	lat: number;
}

/** What a card is written from; `today` is a day of the territory. */
export interface Names {
	themes: ReadonlyMap<string, Theme>;
	categories: ReadonlyMap<string, Category>;
	areas: ReadonlyMap<string, Area>;
	today: string;
	openingAt: (place: Place, at: LocalMinute) => Opening | null;
	/** When the reader wants to go there: now, unless she said otherwise. */
	moment: { at: LocalMinute; isNow: boolean };
}

const nothingKnown = { halfLives: {}, keyFacts: [] };

/** The card of a place. */
export function cardOf(place: Place, names: Names, metres: number | null = null): Card {
	const category = names.categories.get(place.category);
	const area = place.area === null ? undefined : names.areas.get(place.area);
	const opening = names.openingAt(place, names.moment.at);
	const trust = { place, category: category ?? nothingKnown, today: names.today };
	const { freshness, verifiedAt } = placeFreshness(place, category ?? nothingKnown, names.today);
	return {
		id: place.id,
		href: hrefOf(place),
		name: place.facts.name,
		kind: place.kind,
		category: category ? labelOf(category.label) : place.category,
		pictogram: knownPictogram(category?.pictogram),
		colour: names.themes.get(place.theme)?.colour ?? 'teal',
		where: place.facts.address ?? area?.name ?? null,
		summary: place.facts.summary,
		opening: opening && openingLine(opening, names.moment, trust),
		freshness,
		verifiedAt,
		metres,
		lon: place.position.lon,
		lat: place.position.lat
	};
}

/** The address of a place's page. */
export function hrefOf(place: Pick<Place, 'id' | 'slug'>): string {
	return `/places/${place.id}/${place.slug}`;
}
