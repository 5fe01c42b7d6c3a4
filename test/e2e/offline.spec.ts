import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { startProxy } from '../support/proxy.ts';
import type { Proxy } from '../support/proxy.ts';
import { placeNamed } from './steps.ts';

// Other stories go without: what they see comes from the application alone.
test.use({ serviceWorkers: 'allow' });

/** Paths of the pages that this browser has kept. */
const keptPages = (page: Page) =>
	page.evaluate(async () => {
		const names = (await caches.keys()).filter((name) => name.endsWith('-page'));
		const keys = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
		return keys.flat().map(({ url }) => new URL(url).pathname);
	});

const controlled = (page: Page) => page.waitForFunction(() => navigator.serviceWorker.controller !== null);

async function offline(context: BrowserContext, page: Page, away: boolean): Promise<void> {
	await context.setOffline(away);
	await page.waitForFunction((online) => navigator.onLine === online, !away);
}

test('a resident reads in the street, without a network, what she has seen @offline', async ({ page, context, app, axe }) => {
	const { properties } = await placeNamed(app, 'Repair café du Bouffay');
	const line = page.getByText(/^Hors connexion\u00a0: page gardée le \d/);

	await test.step('she looks at the list and at a place', async () => {
		await page.goto('/');
		await controlled(page);
		await expect.poll(() => keptPages(page)).toContain('/');
		await page.goto('/?q=repair');
		await page.getByRole('link', { name: properties.name }).click();
		await expect(page.getByRole('heading', { level: 1, name: properties.name })).toBeVisible();
		await expect.poll(() => keptPages(page)).toContain(new URL(page.url()).pathname);
		await expect(line).toHaveCount(0);
	});

	await test.step('the network goes: what she saw is there, and says since when', async () => {
		await offline(context, page, true);
		await page.reload();
		await expect(page.getByRole('heading', { level: 1, name: properties.name })).toBeVisible();
		await expect(line).toBeVisible();
		await axe();
		await page.getByRole('link', { name: /accueil/i }).click();
		await expect(page).toHaveURL('/');
		await expect(page.getByRole('article').first()).toBeVisible();
		await expect(line).toBeVisible();
	});

	await test.step('what she never saw is not, and the page that says so leads to what is', async () => {
		await page.getByRole('contentinfo').getByRole('link', { name: 'Données ouvertes' }).click();
		await expect(page.getByRole('heading', { level: 1, name: 'Hors connexion' })).toBeVisible();
		await expect(page).toHaveURL('/data');
		await axe();
		await page.getByRole('main').getByRole('link', { name: properties.name }).click();
		await expect(page.getByRole('heading', { level: 1, name: properties.name })).toBeVisible();
		await expect(line).toBeVisible();
	});

	await test.step('the network is back: the page becomes today’s and the line goes', async () => {
		await offline(context, page, false);
		await expect(line).toHaveCount(0);
		await page.goto('/data');
		await expect(page.getByRole('heading', { level: 1, name: 'Hors connexion' })).toHaveCount(0);
	});
});

test('nobody finds somebody’s own pages in a browser that she left @offline', async ({ page, context, signInAs }) => {
	await page.goto('/');
	await controlled(page);
	await signInAs('agente');
	await page.goto('/me');
	await page.goto('/legal');
	await expect.poll(() => keptPages(page)).toContain('/legal');

	await test.step('also while she is signed in, pages are kept as anyone reads them', async () => {
		const kept = await page.evaluate(async () => (await (await caches.match('/legal', { ignoreVary: true }))?.text()) ?? '');
		expect(kept).toContain('href="/sign-in"');
		expect(kept).not.toContain('href="/me"');
		expect(await keptPages(page)).not.toContain('/me');
	});

	await page.goto('/sign-out');
	await page.getByRole('main').getByRole('button', { name: 'Se déconnecter', exact: true }).click();
	await expect(page).toHaveURL('/');
	expect(await keptPages(page)).not.toContain('/legal');
	await offline(context, page, true);
	for (const path of ['/me', '/legal']) {
		await page.goto(path);
		await expect(page.getByRole('heading', { level: 1, name: 'Hors connexion' })).toBeVisible();
		expect(await page.content()).not.toContain('agente@');
	}
});

test('a kept page speaks the language it was read in, and so does the offline page @offline', async ({ page, context, axe }) => {
	await page.emulateMedia({ colorScheme: 'dark' });
	await page.goto('/legal');
	await controlled(page);
	await page.goto('/language?to=en&back=/privacy');
	await expect.poll(() => keptPages(page)).toContain('/privacy');
	await offline(context, page, true);
	await page.goto('/privacy');
	await expect(page.getByText(/^Offline: page kept on \d/)).toBeVisible();
	await axe();
	await page.goto('/terms');
	await expect(page.getByRole('heading', { level: 1, name: 'Offline' })).toBeVisible();
	await axe();
});

test.describe('between her and the application', () => {
	let proxy: Proxy;
	test.beforeEach(async ({ app }) => {
		proxy = await startProxy(app.url);
	});
	test.afterEach(() => proxy.close());

	test('a network that says nothing for three seconds gives way to what was kept, one that answers never does @offline', async ({
		page
	}) => {
		const line = page.getByText(/^Hors connexion\u00a0: page gardée le \d/);
		const heading = page.getByRole('heading', { level: 1 });
		await page.goto(`${proxy.url}/`);
		await expect.poll(() => keptPages(page)).toContain('/');
		await test.step('a page that changed is shown as it is now', async () => {
			proxy.rewrite = (path, text) => (path === '/' ? text.replace('</h1>', ' (nouveau)</h1>') : text);
			await page.goto(`${proxy.url}/`);
			await expect(line).toHaveCount(0);
			await expect.poll(() => proxy.asked.filter((path) => path === '/').length).toBeGreaterThan(1);
		});
		await page.goto(`${proxy.url}/data`);
		proxy.silent = true;
		const start = Date.now();
		await page.getByRole('link', { name: /accueil/i }).click();
		await expect(line).toBeVisible();
		await expect(page).toHaveURL(`${proxy.url}/`);
		await expect(heading).toBeVisible();
		expect(Date.now() - start).toBeGreaterThan(2500);
		expect(Date.now() - start).toBeLessThan(9000);
		proxy.silent = false;
		// A silent network comes back without a word: the page looks for it.
		await expect(line).toHaveCount(0, { timeout: 30_000 });
	});

	test('a new version takes over at once, and brings along what was read with the one before @offline', async ({ page }) => {
		const versions = () => page.evaluate(async () => (await caches.keys()).filter((name) => name.endsWith('-page')));
		await page.goto(`${proxy.url}/legal`);
		await expect.poll(() => keptPages(page)).toContain('/legal');
		await page.goto(`${proxy.url}/privacy`);
		await expect.poll(() => keptPages(page)).toContain('/privacy');
		const [before] = await versions();
		const version = /^alentour-(.+)-page$/.exec(before ?? '')![1]!;

		proxy.rewrite = (path, text) => {
			const next = path === '/service-worker.js' ? text.replaceAll(version, `${version}-next`) : text;
			return path === '/legal' ? next.replaceAll('</h1>', ' (nouveau)</h1>') : next;
		};
		await page.goto(`${proxy.url}/privacy`);
		await expect.poll(versions).toEqual([`alentour-${version}-next-page`]);
		expect((await page.evaluate(() => caches.keys())).filter((name) => !name.includes('-next-'))).toEqual([]);
		await expect.poll(() => keptPages(page)).toContain('/legal');
		await page.context().setOffline(true);
		const answer = await page.goto(`${proxy.url}/legal`);
		expect(await answer!.text()).toContain('(nouveau)</h1>');
	});
});
