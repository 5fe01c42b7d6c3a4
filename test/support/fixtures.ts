import AxeBuilder from '@axe-core/playwright';
import { test as base, expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { TestApp } from './app.ts';
import { DEMO_PASSWORD, startApp, stopPostgres } from './app.ts';
import type { Backend } from './database.ts';

export interface WorkerOptions {
	backend: Backend;
}

interface Worker extends WorkerOptions {
	/** The built application with the demo territory, one per worker: stories leave what they did. */
	app: TestApp;
}

interface Story {
	/** Fails with each rule that the page breaks, and where. */
	axe: () => Promise<void>;
	/** Signs in one of the demo accounts, by the part before the @. */
	signInAs: (account: DemoAccount) => Promise<void>;
}

export type DemoAccount = 'coordinatrice' | 'moderateur' | 'agente' | 'association' | 'service' | 'habitant';

export const test = base.extend<Story, Worker>({
	backend: ['pglite', { option: true, scope: 'worker' }],
	app: [
		async ({ backend }, use) => {
			const app = await startApp({ backend });
			await use(app);
			await app.stop();
			await stopPostgres();
		},
		{ scope: 'worker', timeout: 400_000 }
	],
	baseURL: async ({ app }, use) => use(app.url),
	page: async ({ page }, use) => {
		const complaints = listen(page);
		await use(page);
		expect(complaints, 'errors on the page or in its console, a broken content security policy among them').toEqual([]);
	},
	axe: async ({ page, browser, javaScriptEnabled }, use) => {
		await use(async () => {
			if (javaScriptEnabled !== false) return judge(page);
			// axe needs timers, which a page without scripts doesn't have: it judges a copy of what the page holds.
			const html = (await page.content()).replace(/<script[\s\S]*?<\/script>/g, '');
			const context = await browser.newContext({ javaScriptEnabled: true });
			const copy = await context.newPage();
			await copy.route('**/*', (route) =>
				route.request().isNavigationRequest()
					? route.fulfill({ contentType: 'text/html; charset=utf-8', body: html })
					: route.continue()
			);
			await copy.goto(page.url());
			await judge(copy);
			await context.close();
		});
	},
	signInAs: async ({ page }, use) => {
		await use(async (account) => {
			await page.goto('/sign-in');
			await page
				.locator('main')
				.getByRole('textbox', { name: /e-mail/i })
				.fill(`${account}@alentour.example`);
			await page.getByLabel(/mot de passe|password/i).fill(DEMO_PASSWORD);
			await page.locator('main form').getByRole('button').click();
			await page.waitForURL((url) => url.pathname !== '/sign-in');
		});
	}
});

/** Fails with each rule that the page breaks, and where. */
async function judge(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page })
		.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
		.setLegacyMode()
		.analyze();
	expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)).toEqual([]);
}

/**
 * Everything a page complains about. The browser also reports the status of a document that answers 4xx, such as a form sent
 * back with its errors: that is an answer, not a fault.
 */
function listen(page: Page): string[] {
	const complaints: string[] = [];
	const documents = new Set<string>();
	page.on('response', (response) => {
		if (response.request().isNavigationRequest()) documents.add(response.url());
	});
	page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
	page.on('console', (message) => {
		if (message.type() !== 'error') return;
		const { url } = message.location();
		if (documents.has(url) && message.text().startsWith('Failed to load resource')) return;
		complaints.push(`console: ${message.text()} ${url}`);
	});
	return complaints;
}

export { expect } from '@playwright/test';
