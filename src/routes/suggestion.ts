import type { ThemeColour } from '$lib/domain/taxonomy';
import type { PlaceKind } from '$lib/domain/place';
import type { Query } from './query';

/** One line below the search field. */
export interface Suggestion {
	label: string;
	/** What it is or where; null when the group says it all. */
	detail: string | null;
	/** A page, or what it changes in the address of the list. */
	to: string | Query;
	picture: { name: string; kind: PlaceKind; colour: ThemeColour } | null;
}

export interface SuggestionGroup {
	name: 'categories' | 'areas' | 'places' | 'addresses';
	items: Suggestion[];
}
