import { likelyScore, likeness } from '../../domain/likeness.ts';
import type { Likenable, Likeness } from '../../domain/likeness.ts';
import type { Place } from '../../domain/place.ts';
import type { View } from './view.ts';

export interface LikelyDuplicate extends Likeness {
	place: Place;
}

/** How many neighbours, and how many places of a like name, are looked at. */
const most = { near: 40, named: 20 };

/** The places of the map that the typed one may be, likeliest first. `except` is the place itself when it is there already. */
export function likelyDuplicates(
	view: View,
	typed: Likenable,
	{ limit = 3, except }: { limit?: number; except?: string } = {}
): LikelyDuplicate[] {
	if (typed.name.trim() === '') return [];
	const named = view.search(typed.name.slice(0, 160), { limit: most.named }).hits;
	const near = typed.position ? view.nearby(typed.position, { limit: most.near }).hits : [];
	const candidates = new Map([...near, ...named].map(({ place }) => [place.id, place]));
	return [...candidates.values()]
		.filter(({ id }) => id !== except)
		.map((place) => ({ place, ...likeness(typed, { name: place.facts.name, position: place.position }) }))
		.filter(({ score }) => score >= likelyScore)
		.sort((a, b) => b.score - a.score || (a.place.id < b.place.id ? -1 : 1))
		.slice(0, limit);
}
