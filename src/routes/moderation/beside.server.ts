import { hrefOf } from '$lib/components/cards';
import { shownFacts } from '$lib/domain/fact-form';
import { likelyScore, likeness } from '$lib/domain/likeness';
import { findPersonalData } from '$lib/domain/personal-data';
import type { PersonalFinding } from '$lib/domain/personal-data';
import type { LonLat, Place } from '$lib/domain/place';
import { proposedValue } from '$lib/domain/proposal';
import type { FactValues } from '$lib/domain/proposal';
import type { AppealItem } from '$lib/domain/appeal';
import type { ProposalItem } from '$lib/domain/decision';
import type { View } from '$lib/server/published/view';

/** A published place that may be the one that the item is about. */
export interface Lookalike {
	id: string;
	href: string;
	name: string;
	/** Null when the item has no position. */
	metres: number | null;
	version: number;
	/** Its facts by path, of those that the item says something about. */
	facts: FactValues;
}

/** What the published map knows beside an item. */
export interface Beside {
	lookalikes: Lookalike[];
	personal: PersonalFinding[];
	/** What is done at the place, for operations that name an offer by its id. */
	offers: Record<string, { name: string; category: string | null }>;
}

const reachMetres = 1500;

/** Likely duplicates, personal data in what would be public, the names of offers. */
export function beside(view: View, item: ProposalItem | AppealItem): Beside {
	const place = view.byId(item.placeId);
	const proposed: FactValues = Object.fromEntries(item.operations.map((operation) => [operation.fact, proposedValue(operation)]));
	return {
		lookalikes: item.type === 'proposal' ? lookalikesOf(view, item.placeId, place, proposed) : [],
		personal: findPersonalData(openOnly(view, item, place, proposed)),
		offers: Object.fromEntries((place?.offers ?? []).map(({ id, name, category }) => [id, { name, category }]))
	};
}

/** Without what is closed by the category, by the place or by the proposal itself. */
function openOnly(view: View, item: ProposalItem | AppealItem, place: Place | null, proposed: FactValues): FactValues {
	const category = view.reference.categoryBySlug.get(String(proposed['category'] ?? item.category ?? ''));
	const openness: Record<string, unknown> = {
		...category?.factOpenness,
		...place?.factOpenness,
		...(proposed['fact_openness'] as object | null | undefined)
	};
	return Object.fromEntries(Object.entries(proposed).filter(([fact]) => (openness[fact] ?? 'open') === 'open'));
}

function lookalikesOf(view: View, id: string, place: Place | null, proposed: FactValues): Lookalike[] {
	const name = String(proposed['name'] ?? place?.facts.name ?? '');
	const position = (proposed['position'] ?? place?.position ?? null) as LonLat | null;
	if (!name) return [];
	const near = position ? view.nearby(position, { limit: 60 }).hits.filter(({ distance }) => (distance ?? 0) <= reachMetres) : [];
	const candidates = new Map([...near, ...view.search(name, { limit: 10 }).hits].map((hit) => [hit.place.id, hit.place]));
	candidates.delete(id);
	return [...candidates.values()]
		.map((other) => ({ other, like: likeness({ name, position }, { name: other.facts.name, position: other.position }) }))
		.filter(({ like }) => like.score >= likelyScore)
		.sort((a, b) => b.like.score - a.like.score)
		.slice(0, 3)
		.map(({ other, like }) => ({
			id: other.id,
			href: hrefOf(other),
			name: other.facts.name,
			metres: like.metres,
			version: other.version,
			facts: comparable(shownFacts(other), proposed)
		}));
}

/** What is compared side by side: the facts that the item names, those of administration apart. */
function comparable(facts: FactValues, proposed: FactValues): FactValues {
	const wanted = Object.keys(proposed).filter(
		(fact) => fact in facts && !/^(offer:|licence|openness|fact_openness|precision|kind)/.test(fact)
	);
	return Object.fromEntries(wanted.map((fact) => [fact, facts[fact] ?? null]));
}
