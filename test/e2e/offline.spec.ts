import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
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
	const line = page.getByText(/^Hors connexion : page gardée le \d/);

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
