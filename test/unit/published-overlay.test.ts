import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Overlay } from '../../src/lib/server/published/overlay.ts';
import type { Changed } from '../../src/lib/server/published/overlay.ts';
import { encodeLine } from '../../src/lib/server/published/record.ts';
import { newDictionaries, SegmentBuilder } from '../../src/lib/server/published/segment.ts';
import type { Layer } from '../../src/lib/server/published/layers.ts';
import { compareText } from '../../src/lib/server/published/text.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const random = seeded(3);
const rows = syntheticReference();
const places = Array.from({ length: 5 }, () => syntheticPlace(random, rows));
const lineOf = (place: number, version: number) => encodeLine({ ...places[place]!, version }, undefined);

const dictionaries = newDictionaries();
function baseOf(lines: Map<string, Uint8Array>) {
	const builder = new SegmentBuilder(dictionaries);
	for (const [, line] of [...lines].sort(([a], [b]) => compareText(a, b))) builder.add(line);
	return builder.finish();
}

/** What somebody sees who looks through the layers. */
function seen(layers: Layer[]): Record<string, string> {
	const texts = layers.flatMap(({ segment, hidden }) =>
		segment.ids.flatMap((id, item): [string, string][] =>
			hidden?.[item] ? [] : [[id, Buffer.from(segment.lines.at(item)).toString()]]
		)
	);
	const ids = texts.map(([id]) => id);
	expect(new Set(ids).size, 'each place is seen once').toBe(ids.length);
	return Object.fromEntries(texts);
}

describe('what has changed, on top of what was', () => {
	it('is seen once and as it was last, however it was folded, taken over and changed again meanwhile', () => {
		const change = fc.record({ place: fc.nat(places.length - 1), goes: fc.boolean() });
		const step = fc.oneof(
			{ weight: 6, arbitrary: change },
			...['copy', 'take over'].map((word) => ({ weight: 1, arbitrary: fc.constant(word) }))
		);
		fc.assert(
			fc.property(
				fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }),
				fc.integer({ min: 0, max: 3 }),
				(steps, mostNew) => {
					const overlay = new Overlay(mostNew);
					const truth = new Map<string, Uint8Array>();
					let base = baseOf(truth);
					let taken: { changed: Changed; lines: Map<string, Uint8Array> } | null = null;
					const earlier: { layers: Layer[]; were: Record<string, string> }[] = [];
					for (const [version, move] of steps.entries()) {
						if (move === 'copy') taken = { changed: overlay.copy(), lines: new Map(truth) };
						else if (move === 'take over' && taken) {
							base = baseOf(taken.lines);
							overlay.drop(taken.changed);
							taken = null;
						} else if (typeof move === 'object') {
							const { id } = places[move.place]!;
							const line = move.goes ? null : lineOf(move.place, version);
							overlay.set(id, line);
							if (line) truth.set(id, line);
							else truth.delete(id);
							expect(overlay.get(id)).toBe(line);
						}
						const layers = overlay.over(base, dictionaries);
						const were = seen(layers);
						expect(were).toEqual(Object.fromEntries([...truth].map(([id, line]) => [id, Buffer.from(line).toString()])));
						earlier.push({ layers, were });
					}
					for (const { layers, were } of earlier) expect(seen(layers)).toEqual(were);
				}
			),
			{ numRuns: 200 }
		);
	});
});
