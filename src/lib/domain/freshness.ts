import type { Assurance, Place, PlaceFacts } from './place.ts';
import type { Category, HalfLife } from './taxonomy.ts';

export const freshnessLevels = ['fresh', 'ageing', 'stale'] as const;
export type Freshness = (typeof freshnessLevels)[number];

/** The three classes, in days. */
export const halfLifeDays: Record<HalfLife, number> = { months: 182, year: 365, years: 1095 };

/** How fast facts go stale when their category says nothing; every other fact takes years. Mirrors `private.facts`. */
const defaultHalfLives: Partial<Record<string, HalfLife>> = {
	opening_hours: 'months',
	closures: 'months',
	phone: 'year',
	booking: 'year',
	cost: 'year'
};

/** The facts that every place is judged on, before the key facts of its category. */
export const watchedFacts: readonly string[] = ['position', 'opening_hours', 'phone'];

export interface PlaceFreshness {
	freshness: Freshness;
	/** A day; null while one of the watched facts was never vouched for. */
	verifiedAt: string | null;
}

/** Only days are read of the assurances, and of facts only whether there is a value. */
interface Judged extends Pick<Place, 'extra'> {
	facts: Partial<Record<keyof PlaceFacts, unknown>>;
	assurances: Record<string, Pick<Assurance, 'on'>>;
}
type Judging = Pick<Category, 'halfLives' | 'keyFacts'>;

/** The class of a fact in a category. */
export function halfLifeOf(fact: string, category: Pick<Category, 'halfLives'>): HalfLife {
	return category.halfLives[fact] ?? defaultHalfLives[fact] ?? 'years';
}

/**
 * One fact: `fresh` below its half-life, `ageing` below twice, else, or when nobody ever vouched for it, `stale`.
 * Days are `YYYY-MM-DD`; an assurance from tomorrow (another zone) is fresh.
 */
export function factFreshness(assurance: Pick<Assurance, 'on'> | undefined, halfLife: HalfLife, today: string): Freshness {
	return assurance === undefined ? 'stale' : ofAge(dayNumber(today) - dayNumber(assurance.on), halfLife);
}

/** When a place stops being fresh, and when it becomes stale: days since 1970, the first of each; never fresh while one of the watched facts was never vouched for. */
export interface FreshnessDays {
	verifiedAt: string | null;
	ageingFrom: number;
	staleFrom: number;
}

/** What freshness is told from on any day, see `freshnessOn`: the soonest of its position, opening hours, phone and its category's key facts. */
export function freshnessDays(place: Judged, category: Judging): FreshnessDays {
	let [ageingFrom, staleFrom] = [Infinity, Infinity];
	let oldest: string | null = null;
	let vouched = true;
	const judge = (fact: string) => {
		if (!isKnown(place, fact)) return;
		const on = place.assurances[fact]?.on;
		if (on === undefined) {
			vouched = false;
			return;
		}
		const limit = halfLifeDays[halfLifeOf(fact, category)];
		ageingFrom = Math.min(ageingFrom, dayNumber(on) + limit);
		staleFrom = Math.min(staleFrom, dayNumber(on) + 2 * limit);
		if (oldest === null || on < oldest) oldest = on;
	};
	for (const fact of watchedFacts) judge(fact);
	for (const fact of category.keyFacts) if (!watchedFacts.includes(fact)) judge(fact);
	return vouched ? { verifiedAt: oldest, ageingFrom, staleFrom } : { verifiedAt: null, ageingFrom: 0, staleFrom: 0 };
}

/** @param today days since 1970, see `dayNumber` */
export function freshnessOn({ ageingFrom, staleFrom }: Omit<FreshnessDays, 'verifiedAt'>, today: number): Freshness {
	if (today < ageingFrom) return 'fresh';
	return today < staleFrom ? 'ageing' : 'stale';
}

/** A place: the worst of its position, opening hours, phone and its category's key facts; unknown facts are left out. */
export function placeFreshness(place: Judged, category: Judging, today: string): PlaceFreshness {
	const days = freshnessDays(place, category);
	return { freshness: freshnessOn(days, dayNumber(today)), verifiedAt: days.verifiedAt };
}

function ofAge(days: number, halfLife: HalfLife): Freshness {
	const limit = halfLifeDays[halfLife];
	if (days < limit) return 'fresh';
	return days < 2 * limit ? 'ageing' : 'stale';
}

function isKnown(place: Judged, fact: string): boolean {
	if (fact === 'position') return true;
	const value = fact.startsWith('extra.') ? place.extra[fact.slice(6)] : place.facts[fact as keyof PlaceFacts];
	return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

/** A few thousand days name all the assurances of a territory: parsing each once makes 100,000 places cheap. */
const dayNumbers = new Map<string, number>();

/** Days since 1970 of a day, or of the day that an instant begins with. */
export function dayNumber(day: string): number {
	let number = dayNumbers.get(day);
	if (number === undefined) {
		number = Math.round(Date.parse(`${day.slice(0, 10)}T00:00:00Z`) / 86_400_000);
		if (dayNumbers.size > 50_000) dayNumbers.clear();
		dayNumbers.set(day, number);
	}
	return number;
}
