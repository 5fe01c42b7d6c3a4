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

	it('is the least that is enough, and gives way to what is larger', () => {
		const lent = new Lent();
		const [large, small] = [lent.lend(4 * megabyte), lent.lend(megabyte / 4)];
		for (const each of [large, small]) lent.takeBack(each);
		expect(lent.lend(1000)).toBe(small);
		const many = Array.from({ length: 40 }, () => lent.lend(megabyte / 4));
		for (const each of many) lent.takeBack(each);
		lent.takeBack(large);
		expect(lent.lend(3 * megabyte)).toBe(large);
		expect(many).toContain(lent.lend(1));
	});

	it('is let go of beyond eight megabytes', () => {
		const lent = new Lent();
		const all = Array.from({ length: 5 }, () => lent.lend(2 * megabyte));
		for (const each of all) lent.takeBack(each);
		const again = Array.from({ length: 5 }, () => lent.lend(2 * megabyte));
		expect(again.filter((each) => all.includes(each))).toHaveLength(4);
	});
});
