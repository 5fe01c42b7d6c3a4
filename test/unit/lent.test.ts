import { describe, expect, it } from 'vitest';
import { Lent } from '../../src/lib/server/opendata/lent.ts';

const megabyte = 1 << 20;

describe('lent memory', () => {
	it('is lent again once it was taken back, to one at a time', () => {
		const lent = new Lent();
		const [first, second] = [lent.lend(600_000), lent.lend(600_000)];
		expect(second).not.toBe(first);
		expect(first.length).toBe(megabyte);
		lent.takeBack(first);
		expect(lent.lend(900_000)).toBe(first);
		expect(lent.lend(900_000)).not.toBe(first);
		lent.takeBack(second);
		const larger = lent.lend(megabyte + 1);
		expect(larger.length).toBeGreaterThan(megabyte);
		expect(lent.lend(1)).toBe(second);
	});

	it('is let go of beyond eight megabytes', () => {
		const lent = new Lent();
		const all = Array.from({ length: 5 }, () => lent.lend(2 * megabyte));
		for (const each of all) lent.takeBack(each);
		const again = Array.from({ length: 5 }, () => lent.lend(2 * megabyte));
		expect(again.filter((each) => all.includes(each))).toHaveLength(4);
	});
});
