import { describe, expect, it } from 'vitest';
import { KeptPages } from '../../src/lib/server/kept-pages.ts';

const page = (text: string, headers: Record<string, string> = {}, status = 200) =>
	new Response(text, { status, headers: { etag: `"${text}"`, 'content-type': 'text/html', ...headers } });

/** Draws what it is told, and counts. */
function drawer(make: (drawn: number) => Response | Promise<Response>) {
	const counter = { drawn: 0, draw: async () => make(++counter.drawn) };
	return counter;
}

describe('kept pages', () => {
	it('are drawn once for everybody who asks meanwhile and afterwards', async () => {
		const pages = new KeptPages();
		const { promise: turn, resolve } = Promise.withResolvers<void>();
		const slow = drawer(async (number) => {
			await turn;
			return page(`page ${number}`);
		});
		const crowd = Array.from({ length: 50 }, () => pages.get('1', '/', slow.draw));
		resolve();
		for (const answer of await Promise.all(crowd)) expect(await answer.text()).toBe('page 1');
		expect(await (await pages.get('1', '/', slow.draw)).text()).toBe('page 1');
		expect(slow.drawn).toBe(1);
	});

	it('are forgotten all together when what they are made of changes', async () => {
		const pages = new KeptPages();
		const draws = drawer((number) => page(`page ${number}`));
		await pages.get('1', '/', draws.draw);
		expect(await (await pages.get('2', '/', draws.draw)).text()).toBe('page 2');
		expect(await (await pages.get('1', '/', draws.draw)).text()).toBe('page 3');
	});

	it('keep their headers', async () => {
		const pages = new KeptPages();
		const { draw } = drawer(() => page('page', { vary: 'Cookie', 'content-encoding': 'gzip' }));
		await pages.get('1', '/', draw);
		const again = await pages.get('1', '/', draw);
		expect(Object.fromEntries(again.headers)).toMatchObject({ vary: 'Cookie', 'content-encoding': 'gzip', etag: '"page"' });
	});

	it.each([
		['an error', () => page('gone', {}, 410)],
		['a redirect', () => new Response(null, { status: 301, headers: { location: '/' } })],
		['what sets a cookie', () => page('page', { 'set-cookie': 'a=b' })],
		['what is private', () => page('page', { 'cache-control': 'private, no-cache' })],
		['what no cache may keep', () => page('page', { 'cache-control': 'no-store' })]
	])('never are %s: each reader gets her own', async (_what, make) => {
		const pages = new KeptPages();
		const draws = drawer(make);
		await Promise.all([pages.get('1', '/', draws.draw), pages.get('1', '/', draws.draw)]);
		const third = await pages.get('1', '/', draws.draw);
		expect(draws.drawn).toBe(3);
		expect(third.status).toBe(make().status);
		expect(third.headers.get('set-cookie')).toBe(make().headers.get('set-cookie'));
	});

	it('are drawn again after a failure, which only its own reader sees', async () => {
		const pages = new KeptPages();
		const draws = drawer((number) => (number === 1 ? Promise.reject(new Error('broken')) : page(`page ${number}`)));
		const [first, second] = await Promise.allSettled([pages.get('1', '/', draws.draw), pages.get('1', '/', draws.draw)]);
		expect(first.status).toBe('rejected');
		expect(second.status).toBe('fulfilled');
		expect(await (await pages.get('1', '/', draws.draw)).text()).toMatch(/^page [23]$/);
	});

	it('are not more than a few hundred, whoever asks for whatever', async () => {
		const pages = new KeptPages();
		const draws = drawer((number) => page(`page ${number}`));
		for (let i = 0; i <= 300; i++) await pages.get('1', `/?q=${i}`, draws.draw);
		await pages.get('1', '/?q=300', draws.draw);
		expect(draws.drawn).toBe(301);
		await pages.get('1', '/?q=0', draws.draw);
		expect(draws.drawn).toBe(302);
	});

	it('take no more memory than a small server has, however heavy they are', async () => {
		const pages = new KeptPages();
		const heavy = 'x'.repeat(2_000_000);
		const draws = drawer(() => page(heavy, { etag: '"heavy"' }));
		for (let i = 0; i < 9; i++) await pages.get('1', `/?q=${i}`, draws.draw);
		await pages.get('1', '/?q=8', draws.draw);
		expect(draws.drawn).toBe(9);
		await pages.get('1', '/?q=0', draws.draw);
		expect(draws.drawn).toBe(10);
	});
});
