import { describe, expect, it } from 'vitest';
import { networkOf, RateLimiter } from '../../src/lib/server/rate-limit.ts';

const limit = { name: 'sign-in', max: 10, windowMs: 300_000 };
const noon = Date.UTC(2026, 10, 21, 12);

describe('a rate limit', () => {
	it('lets ten tries through and says how long to wait for the eleventh', () => {
		const limiter = new RateLimiter();
		for (let n = 0; n < 10; n++) expect(limiter.take(limit, ['a@example.org', '192.0.2'], noon + n * 1000).allowed).toBe(true);
		expect(limiter.take(limit, ['a@example.org', '192.0.2'], noon + 10_000)).toEqual({ allowed: false, retryAfter: 290 });
	});

	it('opens again when the window has passed', () => {
		const limiter = new RateLimiter();
		for (let n = 0; n < 11; n++) limiter.take(limit, ['a'], noon);
		expect(limiter.take(limit, ['a'], noon + 300_001).allowed).toBe(true);
	});

	it('counts someone else apart', () => {
		const limiter = new RateLimiter();
		for (let n = 0; n < 11; n++) limiter.take(limit, ['a'], noon);
		expect(limiter.take(limit, ['b'], noon).allowed).toBe(true);
		expect(limiter.take({ ...limit, name: 'reset' }, ['a'], noon).allowed).toBe(true);
	});

	it('does not confuse two parts of a key with one', () => {
		const limiter = new RateLimiter();
		for (let n = 0; n < 10; n++) limiter.take(limit, ['a,b'], noon);
		expect(limiter.take(limit, ['a', 'b'], noon).allowed).toBe(true);
	});

	it('does not count a try that nobody answered', () => {
		const limiter = new RateLimiter();
		for (let n = 0; n < 30; n++) {
			expect(limiter.take(limit, ['a'], noon + n).allowed).toBe(true);
			limiter.giveBack(limit, ['a'], noon + n);
		}
	});

	it('forgets the tries before a success', () => {
		const limiter = new RateLimiter();
		for (let n = 0; n < 10; n++) limiter.take(limit, ['a'], noon);
		limiter.forget(limit, ['a'], noon);
		expect(limiter.take(limit, ['a'], noon).allowed).toBe(true);
	});
});

describe('a network', () => {
	it.each([
		['192.0.2.7', '192.0.2'],
		['::ffff:192.0.2.7', '192.0.2'],
		['2001:db8:12:3456::1', '20010db8001234'],
		['2001:db8:12:3499:1:2:3:4', '20010db8001234'],
		['::1', '00000000000000']
	])('%s belongs to %s', (address, network) => {
		expect(networkOf(address)).toBe(network);
	});
});
