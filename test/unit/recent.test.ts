import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Recent } from '../../src/lib/server/published/recent.ts';
import type { Change } from '../../src/lib/server/published/view.ts';

const change = (seq: number): Change => ({
	...{ seq, at: `2026-11-22T10:00:00.${String(seq).padStart(6, '0')}Z`, subject: 'place', id: `id-${seq}`, version: 1 },
	...{ kind: 'updated', facts: [], reason: null, intoId: null }
});

describe('the last changes of a view', () => {
	it('are those it was made with, whichever views went on from it, in whichever order', () => {
		const steps = fc.array(fc.record({ from: fc.nat(), gaps: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 6 }) }), {
			maxLength: 40
		});
		fc.assert(
			fc.property(steps, fc.integer({ min: 1, max: 12 }), fc.nat(90), (moves, most, asked) => {
				const views = [{ recent: new Recent([]), plain: [] as Change[] }];
				for (const { from, gaps } of moves) {
					const { recent, plain } = views[from % views.length]!;
					let seq = plain.at(-1)?.seq ?? 0;
					const more = gaps.map((gap) => change((seq += gap)));
					views.push({ recent: recent.and(more, most), plain: [...plain, ...more].slice(-most) });
				}
				for (const { recent, plain } of views) {
					expect(recent.toJSON()).toEqual(plain);
					expect([...recent.backwards()]).toEqual(plain.toReversed());
					expect([recent.length, recent.oldest]).toEqual([plain.length, plain[0]?.seq]);
					expect(recent.at(asked)).toBe(plain.find(({ seq }) => seq === asked));
					expect(recent.since(asked, 3)).toEqual(plain.filter(({ seq }) => seq > asked).slice(0, 3));
				}
			})
		);
	});
});
