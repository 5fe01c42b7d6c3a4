import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, FilterSyntaxError, parseJson, parseText } from '../../src/lib/server/opendata/cql2/cql2.ts';
import { pick, seeded } from '../support/random.ts';
import { queryables } from '../support/cql2.ts';

/** What a parser says to a filter; anything but its own error is a fault. */
function complaint(parse: () => unknown): string | null {
	try {
		parse();
		return null;
	} catch (error) {
		if (error instanceof FilterSyntaxError) return error.message;
		throw error;
	}
}
const ofText = (text: string) => complaint(() => parseText(text, queryables));
const ofJson = (value: unknown) => complaint(() => parseJson(value, queryables));

/**
 * Milliseconds of this thread alone, since others use the machine too, and of the quickest of three tries: the first may compile, or
 * sweep what others left.
 */
function quickest(limit: number, run: () => void): number {
	let best = Infinity;
	for (let tries = 0; tries < 3 && best >= limit; tries++) {
		const start = process.threadCpuUsage();
		run();
		const { user, system } = process.threadCpuUsage(start);
		best = Math.min(best, (user + system) / 1000);
	}
	return best;
}

const wrap = (levels: number, value: unknown): unknown => (levels === 0 ? value : { op: 'not', args: [wrap(levels - 1, value)] });
const polygon = (vertices: number) => {
	const ring = Array.from({ length: vertices - 1 }, (_, index) => {
		const angle = (2 * Math.PI * index) / (vertices - 1);
		return [Math.cos(angle).toFixed(4), Math.sin(angle).toFixed(4)].join(' ');
	});
	return `POLYGON((${[...ring, ring[0]].join(',')}))`;
};

describe('a filter made to do harm', () => {
	const random = seeded(1);

	it('is refused when it is nested deeper than 64 levels, in either encoding', () => {
		expect(ofText(`${'('.repeat(64)}TRUE${')'.repeat(64)}`)).toBeNull();
		expect(ofText(`${'('.repeat(65)}TRUE${')'.repeat(65)}`)).toMatch(/at most 64 levels/);
		expect(ofText('('.repeat(100_000))).toMatch(/at most 64 levels/);
		expect(ofText(`${'NOT '.repeat(100)}TRUE`)).toMatch(/at most 64 levels/);
		expect(ofText(`${'CASEI('.repeat(100)}name${')'.repeat(100)} = 'a'`)).toMatch(/at most 64 levels/);
		expect(ofText(`version = 1${' + 1'.repeat(100)}`)).toMatch(/at most 64 levels/);
		expect(ofJson(wrap(63, true))).toBeNull();
		expect(ofJson(wrap(64, true))).toMatch(/at most 64 levels/);
	});

	it('is refused when it has more than 500 parts, or 4000 positions, or a long pattern', () => {
		expect(ofText(`version IN (${'1,'.repeat(495)}1)`)).toBeNull();
		expect(ofText(`version IN (${'1,'.repeat(500)}1)`)).toMatch(/at most 500/);
		expect(ofText(Array.from({ length: 200 }, () => 'version=1').join(' OR '))).toMatch(/at most 500/);
		expect(ofText(`S_WITHIN(geometry,${polygon(4000)})`)).toBeNull();
		expect(ofText(`S_WITHIN(geometry,${polygon(2000)}) OR S_WITHIN(geometry,${polygon(2001)})`)).toMatch(
			/at most 4000 positions/
		);
		expect(ofText(`name LIKE '${'a'.repeat(1001)}'`)).toMatch(/at most 1000 characters/);
		expect(ofJson({ op: 'and', args: Array(1e6).fill(true) })).toMatch(/at most/);
	});

	it('never gets more than 60 characters of itself back', () => {
		const long = 'x'.repeat(5000);
		for (const message of [
			ofText(`${long} = 1`),
			ofText(`name = 'a' ${long}`),
			ofText(`"${long}" = 1`),
			ofText(`date = DATE('${long}')`),
			ofText('‘'.repeat(5000)),
			ofJson({ op: long, args: [] }),
			ofJson({ op: 's_within', args: [{ property: 'geometry' }, { type: long, coordinates: [] }] }),
			ofJson({ [long]: 1 })
		]) {
			expect(message).not.toBeNull();
			expect(/x+|‘+/.exec(message!.replace('expected', ''))?.[0].length ?? 0).toBeLessThanOrEqual(60);
			expect(message!.length).toBeLessThan(200);
		}
	});

	it('gets an answer of one sentence, whatever it is made of, and soon', () => {
		const words = [
			...[
				'name',
				'"date"',
				'geometry',
				'version',
				'AND',
				'or',
				'NOT',
				'LIKE',
				'IN',
				'BETWEEN',
				'IS',
				'NULL',
				'CASEI(',
				'DATE(',
				'INTERVAL('
			],
			...[
				'POINT',
				'Z',
				'(',
				')',
				',',
				'=',
				'<',
				'>',
				'-',
				'+',
				'^',
				'div',
				"'a'",
				"'",
				'"',
				'1',
				'.5',
				'1e9',
				"'2026-01-01'",
				'S_WITHIN(',
				'BBOX('
			]
		];
		const some = <T>(most: number, one: () => T): T[] => Array.from({ length: Math.floor(random() * most) }, one);
		const unit = () => String.fromCharCode(Math.floor(random() * (random() < 0.7 ? 0x80 : 0x10000)));
		const check = (parse: () => string | null) => {
			let message: string | null = null;
			expect(quickest(50, () => (message = parse()))).toBeLessThan(50);
			if (message !== null) expect(message).toMatch(/^At (character \d+|\$[^\s,]*), expected [^]+\.$/);
		};
		for (let round = 0; round < 3000; round++) {
			const text = round % 2 === 0 ? some(200, unit).join('') : some(60, () => pick(random, words)).join(' ');
			check(() => ofText(text));
		}
		fc.assert(
			fc.property(fc.jsonValue(), fc.constantFrom('op', 'args', 'property', 'interval', 'bbox', 'type'), (value, name) => {
				check(() => ofJson(value));
				check(() => ofJson({ [name]: value, args: [value], coordinates: value }));
				check(() => ofJson({ op: 'not', args: [{ op: '=', args: value }] }));
			}),
			{ numRuns: 300, seed: 2 }
		);
	});

	const letters = 'aaaeeeinrst ’é';
	const places = Array.from({ length: 2000 }, (_, index) => ({
		name: index % 10 === 0 ? 'a'.repeat(200) : Array.from({ length: 40 }, () => pick(random, [...letters])).join(''),
		version: index,
		population: random(),
		languages: ['fr', 'en'],
		updated_at: new Date(1.7e12 + index * 1e6).toISOString(),
		date: '2026-01-01',
		geometry: { type: 'Point', coordinates: [2 * random() - 1, 2 * random() - 1] }
	}));
	/** As much of it as is let in within 4 kB. */
	const four = (part: (index: number) => string) => {
		let filter = part(0);
		for (let index = 1; ; index++) {
			const longer = `${filter} OR ${part(index)}`;
			if (longer.length > 4096 || ofText(longer) !== null) return filter;
			filter = longer;
		}
	};

	it.each<[string, string]>([
		['patterns', four((index) => `name LIKE '%${'a%'.repeat(index % 20)}b%c'`)],
		['a pattern of one-letter wildcards', four(() => `name LIKE '%${'_'.repeat(150)}e_a%'`)],
		['a pattern that nearly fits everywhere', `name LIKE '%${'a_'.repeat(95)}b%'`],
		['foldings', four((index) => `ACCENTI(CASEI(name)) = ACCENTI(CASEI('${index}'))`)],
		['nested foldings', four((index) => `${'CASEI(ACCENTI('.repeat(12)}name${'))'.repeat(12)} = '${index}'`)],
		['timestamps', four((index) => `T_AFTER(updated_at,INTERVAL('..',date)) AND version=${index}`)],
		['lists', four((index) => `A_EQUALS(languages,('fr','${index}'))`)],
		['sums', four((index) => `version*${index}=population^2-1`)],
		['boxes', four((index) => `S_TOUCHES(geometry,BBOX(-1,-1,1,0.${index}))`)],
		['polygons', `S_TOUCHES(geometry, ${polygon(4000)})`]
	])('ends within 0.4 seconds over 2,000 places: %s', (_, filter) => {
		let found = 0;
		const judge = () => {
			const matches = compile(parseText(filter, queryables));
			found = places.filter((place) => matches((name) => place[name as keyof typeof place] ?? null) === true).length;
		};
		expect(quickest(400, judge)).toBeLessThan(400);
		expect(found).toBeLessThan(places.length);
	});
});
