import { factFreshness, halfLifeOf } from '../../domain/freshness.ts';
import type { Freshness } from '../../domain/freshness.ts';
import { emptyOverview, watchedFacts } from '../../domain/overview.ts';
import type { Overview, WatchedFact } from '../../domain/overview.ts';
import type { Place } from '../../domain/place.ts';
import type { Category, Dataset } from '../../domain/taxonomy.ts';
import { OfLines } from '../published/lines.ts';
import { placeOf } from '../published/record.ts';
import type { View } from '../published/view.ts';
import { datasetsOf } from './datasets.ts';
import type { Edition } from './geojson.ts';
import { nextTurn } from './next-turn.ts';

const noCategory: Pick<Category, 'halfLives'> = { halfLives: {} };

type Overviews = Promise<ReadonlyMap<string, Overview>>;

/** A view never changes, and freshness turns with the day. */
const made = new WeakMap<View, { today: string; overviews: Overviews }>();

/**
 * The last ones that were counted, or are being counted; not their view, which weighs a hundred megabytes. `until`: how long they are given for
 * later views too, of `performance.now()`.
 */
let latest: { reference: View['reference']; today: string; overviews: Overviews; until: number } | null = null;

/** What is counted in less may be counted again at once; else it rests four times as long, but not longer than so; milliseconds. */
const quickMs = 50;
const longestRest = 5000;

/**
 * The overview of every dataset that can be had, by slug. One pass over all places for all of them, once for a version of the snapshot and
 * a day; other requests are served meanwhile. Of 100,000 places the first takes three seconds, those after a change a quarter of one: under
 * constant change the former numbers are given for some seconds, as long as the datasets are the same.
 */
export function overviewsOf({ view, today }: Pick<Edition, 'view' | 'today'>, quick = quickMs): Overviews {
	const known = made.get(view);
	if (known?.today === today) return known.overviews;
	if (latest?.reference === view.reference && latest.today === today && performance.now() < latest.until) return latest.overviews;
	const started = performance.now();
	const overviews = count(view, today);
	const counting = (latest = { reference: view.reference, today, overviews, until: Infinity });
	made.set(view, { today, overviews });
	overviews.then(
		() => {
			const took = performance.now() - started;
			counting.until = took < quick ? 0 : performance.now() + Math.min(4 * took, longestRest);
		},
		() => {
			made.delete(view);
			counting.until = 0;
		}
	);
	return overviews;
}

/** What is counted of a place. */
interface Said {
	licence: string | null;
	theme: string;
	area: string | null;
	steward: string | null;
	freshness: Freshness;
	/** By watched fact; null where nothing is known. */
	facts: readonly (Freshness | null)[];
	first: string;
	modified: string;
	checked: string | null;
}

/** Kept with the lines of the places: after a change only what changed is parsed again. Of the present day. */
let said = { today: '', byLine: new OfLines<Said>() };

/** Longer than that nobody else waits; milliseconds. */
const patience = 10;

async function count(view: View, today: string): Promise<ReadonlyMap<string, Overview>> {
	if (said.today !== today) said = { today, byLine: new OfLines() };
	const { byLine } = said;
	const counted = datasetsOf(view).map((dataset) => ({ holds: holder(view, dataset), overview: emptyOverview(), dataset }));
	let since = performance.now();
	let read = 0;
	for (const line of view.lines()) {
		if (++read % 100 === 0 && performance.now() - since > patience) {
			await nextTurn();
			since = performance.now();
		}
		let place = byLine.get(line);
		if (!place) byLine.set(line, (place = judge(view, placeOf(line), today)));
		for (const { holds, overview } of counted) if (holds(place)) add(overview, place);
	}
	return new Map(counted.map(({ dataset, overview }) => [dataset.slug, overview]));
}

/** Whether a place is in a dataset: what `selectionOf` says, asked of one place. */
function holder(view: View, { licence, theme, area, organisation }: Dataset): (place: Said) => boolean {
	const { settings, reference } = view;
	const inside = new Set(
		area == null ? [] : reference.areas.map(({ slug }) => slug).filter((slug) => reference.ancestors(slug).includes(area))
	);
	return (place) =>
		(place.licence ?? settings.licence.id) === licence &&
		(theme == null || place.theme === theme) &&
		(organisation == null || place.steward === organisation) &&
		(area == null || (place.area !== null && inside.has(place.area)));
}

/** The few ways in which facts are known and fresh, each kept once for all the places it is true of. */
const patterns = new Map<string, Said['facts']>();

function judge(view: View, place: Place, today: string): Said {
	const category = view.reference.categoryBySlug.get(place.category) ?? noCategory;
	const facts = watchedFacts.map((fact) =>
		isKnown(place, fact) ? factFreshness(place.assurances[fact], halfLifeOf(fact, category), today) : null
	);
	const pattern = facts.join();
	if (!patterns.has(pattern)) patterns.set(pattern, facts);
	return {
		...{ licence: place.facts.licence, theme: place.theme, area: place.area, steward: place.steward },
		freshness: view.freshness(place, today).freshness,
		facts: patterns.get(pattern)!,
		first: place.createdAt.slice(0, 10),
		modified: place.updatedAt,
		checked: lastCheck(place, today)
	};
}

/** Not one that is to come: a clock may be wrong. */
function lastCheck({ assurances }: Place, today: string): string | null {
	let last: string | null = null;
	for (const { on } of Object.values(assurances)) if (on <= today && (last === null || on > last)) last = on;
	return last;
}

function isKnown(place: Place, fact: WatchedFact): boolean {
	if (fact === 'position') return true;
	const value = place.facts[fact];
	return Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined;
}

function add(overview: Overview, { freshness, facts, first, modified, checked }: Said): void {
	overview.places++;
	overview.freshness[freshness]++;
	for (let i = 0; i < facts.length; i++) {
		const level = facts[i];
		if (!level) continue;
		const fact = overview.facts[i]!;
		fact.known++;
		fact[level]++;
	}
	if (overview.first === null || first < overview.first) overview.first = first;
	if (overview.modified === null || modified > overview.modified) overview.modified = modified;
	if (checked !== null && (overview.checked === null || checked > overview.checked)) overview.checked = checked;
}
