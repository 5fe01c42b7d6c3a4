import { audiences } from '../../src/lib/domain/facts.ts';
import type { LocalMinute } from '../../src/lib/domain/local-time.ts';
import type { Opening } from '../../src/lib/domain/opening.ts';
import type { Place } from '../../src/lib/domain/place.ts';
import type { Filters } from '../../src/lib/server/published/filters.ts';
import type { ReferenceRows } from '../../src/lib/server/published/reference.ts';

type OpeningOf = (place: Place, at: LocalMinute) => Opening | null;

/** The obvious, slow way to answer what the snapshot answers; shares no code with it, but for what opening hours mean (`openingOf`). */
export class NaiveView {
	readonly places: Place[];
	#rows: ReferenceRows;
	#openingOf: OpeningOf;

	constructor(places: Place[], rows: ReferenceRows, openingOf: OpeningOf = () => null) {
		this.places = places;
		this.#rows = rows;
		this.#openingOf = openingOf;
	}

	list(filters: Partial<Filters>): Place[] {
		const found = this.#found(filters).filter((place) => this.#passes(place, filters));
		const { near } = filters;
		if (near) return found.sort((a, b) => metres(near, a) - metres(near, b) || byName(a, b));
		return found.sort(byName);
	}

	counts(filters: Partial<Filters>, at?: LocalMinute) {
		const found = this.#found(filters);
		const tally = (without: (keyof Filters)[], valuesOf: (place: Place) => string[]) => {
			const rest = Object.fromEntries(Object.entries(filters).filter(([name]) => !without.includes(name as keyof Filters)));
			const sums: Record<string, number> = {};
			for (const place of found.filter((each) => this.#passes(each, rest)))
				for (const value of valuesOf(place)) sums[value] = (sums[value] ?? 0) + 1;
			return sums;
		};
		const states = tally(['open'], (place) => [this.#state(place, filters.open ?? at)]);
		return {
			total: found.filter((place) => this.#passes(place, filters)).length,
			themes: tally(['theme', 'category'], ({ theme }) => [theme]),
			categories: tally(['category'], ({ category }) => [category]),
			areas: tally(['area'], ({ area }) => this.#lineage(area)),
			kinds: tally(['kind'], ({ kind }) => [kind]),
			wheelchairs: tally(['wheelchair'], ({ facts }) => {
				return facts.wheelchair === 'yes' ? ['yes', 'limited'] : facts.wheelchair === 'limited' ? ['limited'] : [];
			}),
			costs: tally(['cost'], (place) => [...costsOf(place)]),
			audiences: tally(['audience'], (place) => (audiencesOf(place).has('everyone') ? [...audiences] : [...audiencesOf(place)])),
			checked: Object.fromEntries(
				[182, 365, 730].map((days) => {
					const since = at === undefined ? Infinity : Math.floor(at / 1440) - days;
					return [days, tally(['checked'], (place) => [String(this.#verified(place) >= since)])['true'] ?? 0];
				})
			),
			languages: tally(['language'], ({ facts }) => facts.languages),
			open: states['open'] ?? 0,
			uncertain: ['unknown', 'unsaid'].reduce((sum, state) => sum + (states[state] ?? 0), 0),
			unsaid: states['unsaid'] ?? 0
		};
	}

	#state(place: Place, at: LocalMinute | undefined): string {
		return at === undefined ? '' : (this.#openingOf(place, at)?.state ?? 'unsaid');
	}

	/** A day number; 0 when something that matters was never vouched for. */
	#verified({ category, assurances, facts, extra }: Place): number {
		const keys = this.#rows.categories.find(({ slug }) => slug === category)?.keyFacts ?? [];
		const values: Record<string, unknown> = { ...facts, position: true, 'extra.places': extra['places'] };
		const watched = ['position', 'opening_hours', 'phone', ...keys].filter((fact) => values[fact] !== null);
		const days = watched.map((fact) => assurances[fact]?.on);
		if (days.includes(undefined)) return 0;
		return Math.min(...days.map((day) => Date.parse(`${day}T00:00:00Z`) / 86_400_000));
	}

	#passes(place: Place, { theme, category, area, kind, bbox, ...more }: Partial<Filters>): boolean {
		const { lon, lat } = place.position;
		const { open, wheelchair, cost, audience, language, checked } = more;
		const suits = audiencesOf(place);
		return (
			(open === undefined || this.#state(place, open) === 'open') &&
			(wheelchair === undefined || place.facts.wheelchair === 'yes' || place.facts.wheelchair === wheelchair) &&
			(cost === undefined || costsOf(place).has(cost)) &&
			(audience === undefined || suits.has(audience) || suits.has('everyone')) &&
			(checked === undefined || this.#verified(place) >= checked) &&
			(language === undefined || place.facts.languages.includes(language)) &&
			(theme === undefined || place.theme === theme) &&
			(category === undefined || place.category === category) &&
			(area === undefined || this.#lineage(place.area).includes(area)) &&
			(kind === undefined || place.kind === kind) &&
			(bbox === undefined || (lon >= bbox[0] && lon <= bbox[2] && lat >= bbox[1] && lat <= bbox[3]))
		);
	}

	#lineage(area: string | null): string[] {
		if (area === null) return [];
		return [area, ...this.#lineage(this.#rows.areas.find(({ slug }) => slug === area)?.parent ?? null)];
	}

	#found({ q }: Partial<Filters>): Place[] {
		const wanted =
			q === undefined ? [] : tokens(q).filter((word, _, all) => all.length === 1 || !['de', 'la', 'du'].includes(word));
		const tests = wanted.map((word) => {
			const begins = (text: string) => tokens(text).some((each) => (word.length < 2 ? each === word : each.startsWith(word)));
			const resembles = (text: string) => tokens(text).some((each) => edits(word, each) <= tolerated(word));
			const has = (test: (text: string) => boolean) => (place: Place) => this.#texts(place).some(test);
			return has(this.places.some(has(begins)) ? begins : resembles);
		});
		const said = new Map(this.places.map((place) => [place, tests.filter((test) => test(place)).length]));
		const most = Math.max(0, ...said.values());
		return this.places.filter((place) => tests.length === 0 || (most > 0 && said.get(place) === most));
	}

	#texts({ facts, offers, category, theme, area }: Place): string[] {
		const { categories, themes, areas } = this.#rows;
		const kind = categories.find(({ slug }) => slug === category);
		return [
			...[facts.name, facts.summary, facts.address, facts.postcode, facts.city, ...offers.map(({ name }) => name)],
			...Object.values(kind?.label ?? {}),
			...Object.values(kind?.synonyms ?? {}).flat(),
			...Object.values(themes.find(({ slug }) => slug === theme)?.label ?? {}),
			...this.#lineage(area).map((slug) => areas.find((each) => each.slug === slug)!.name)
		].filter((text) => text !== null);
	}
}

const costsOf = ({ facts, offers }: Place) =>
	new Set([facts.cost, ...offers.map(({ cost }) => cost)].filter((cost) => cost !== null));
const audiencesOf = ({ facts, offers }: Place) => new Set([facts, ...offers].flatMap(({ audience }) => audience));

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/œ/g, 'oe');
const tokens = (text: string) =>
	plain(text)
		.split(/[^a-z0-9]+/)
		.filter(Boolean);
const tolerated = (word: string) => (word.length <= 3 ? 0 : word.length <= 7 ? 1 : 2);

function byName(a: Place, b: Place): number {
	const [x, y] = [plain(a.facts.name), plain(b.facts.name)];
	return x < y ? -1 : x > y ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Spherical law of cosines on purpose: another formula than the one under test. */
function metres(near: { lon: number; lat: number }, { position }: Place): number {
	const rad = Math.PI / 180;
	const cos =
		Math.sin(near.lat * rad) * Math.sin(position.lat * rad) +
		Math.cos(near.lat * rad) * Math.cos(position.lat * rad) * Math.cos((position.lon - near.lon) * rad);
	return Math.round(6_371_000 * Math.acos(Math.min(1, cos)) * 10) / 10;
}

/** How many letters are to be added, taken away or changed to make one text of the other (Levenshtein). */
export function edits(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++)
			next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + Number(a[i - 1] !== b[j - 1]));
		row = next;
	}
	return row[b.length]!;
}
