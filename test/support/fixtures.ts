import AxeBuilder from '@axe-core/playwright';
import { test as base, expect } from '@playwright/test';
import type { BrowserContext, Page, TestInfo } from '@playwright/test';
import type { TestApp } from './app.ts';
import { DEMO_PASSWORD, startApp, stopPostgres } from './app.ts';
import type { Backend } from './database.ts';
import { cookiesOf, post } from './forms.ts';
import { look } from './look.ts';

export interface WorkerOptions {
	backend: Backend;
}

interface Worker extends WorkerOptions {
	/** The built application with the demo territory, one per worker: stories leave what they did. */
	app: TestApp;
	/** Session cookies by account, from one sign-in each. */
	sessions: Map<DemoAccount, Promise<string>>;
}

interface Story {
	/** Fails with each rule that the page breaks, and where; another page than the story's own may be given. */
	axe: (other?: Page) => Promise<void>;
	/** Somebody with a browser of her own, signed in already; each of her pages is held to the same silence as the story's own. */
	person: (account: DemoAccount) => Promise<Page>;
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
	page: async ({ page, javaScriptEnabled }, use, story) => {
		await leaveOutMap(page.context(), story);
		if (javaScriptEnabled !== false) awaitCode(page);
		const complaints = listen(page, story);
		await use(page);
		expect(complaints, 'errors on the page or in its console, a broken content security policy among them').toEqual([]);
	},
	// eslint-disable-next-line no-empty-pattern -- Playwright reads which fixtures a fixture needs from this pattern
	sessions: [async ({}, use) => use(new Map()), { scope: 'worker' }],
	axe: async ({ page, browser, backend, javaScriptEnabled }, use, { title }) => {
		let copies: BrowserContext | undefined;
		await use(async (other = page) => {
			if (process.env['SHOTS']) await look(other, process.env['SHOTS'], title);
			// What a page is like doesn't depend on the database behind it.
			if (backend === 'postgres' && process.env['AXE'] !== 'all') return;
			if (javaScriptEnabled !== false) return judge(other);
			// A page without its scripts is judged in the main journeys; the others' were, with them.
			if (title.includes('@loop')) await judgeCopy(other, (copies ??= await browser.newContext({ javaScriptEnabled: true })));
		});
		await copies?.close();
	},
	person: async ({ browser, app, sessions, javaScriptEnabled }, use, story) => {
		const opened: { page: Page; complaints: string[] }[] = [];
		await use(async (account) => {
			if (!sessions.has(account)) sessions.set(account, signIn(app.url, account));
			const context = await browser.newContext({ baseURL: app.url });
			await context.addCookies(asCookies(await sessions.get(account)!, app.url));
			await leaveOutMap(context, story);
			const page = await context.newPage();
			if (javaScriptEnabled !== false) awaitCode(page);
			opened.push({ page, complaints: listen(page, story) });
			return page;
		});
		for (const { page } of opened) await page.context().close();
		expect(opened.flatMap(({ complaints }) => complaints)).toEqual([]);
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

/**
 * A map without a graphics card takes more of the machine than all the rest of a page. Who saves data gets none until she asks: so does each story
 * that isn't about the map (`@map`).
 */
async function leaveOutMap(context: BrowserContext, { title }: TestInfo): Promise<void> {
	if (title.includes('@map')) return;
	await context.addInitScript(() => Object.defineProperty(navigator, 'connection', { get: () => ({ saveData: true }) }));
}

/**
 * Its code takes a page over a moment after it can be read. A story acts after that, unless it is about that moment (`waitUntil: 'commit'`):
 * a program that types while a field is taken over meets what no hand is quick enough for.
 */
function awaitCode(page: Page): void {
	const goto = page.goto.bind(page);
	page.goto = async (url, options) => {
		const response = await goto(url, options);
		const brings = options?.waitUntil !== 'commit' && (await page.locator('link[rel=modulepreload]').count()) > 0;
		// SvelteKit's own mark that it has taken over.
		if (brings) await page.locator('#svelte-announcer').waitFor({ state: 'attached' });
		return response;
	};
}

async function signIn(origin: string, account: DemoAccount): Promise<string> {
	const answer = await post(origin, '/sign-in', { email: `${account}@alentour.example`, password: DEMO_PASSWORD });
	expect(answer.status, `${account} signs in`).toBe(303);
	return cookiesOf(answer);
}

/** A `cookie` header as the browser's own cookies. */
function asCookies(header: string, url: string) {
	return header.split('; ').map((pair) => {
		const at = pair.indexOf('=');
		return { name: pair.slice(0, at), value: pair.slice(at + 1), url };
	});
}

/** axe needs timers, which a page without scripts doesn't have: it judges a copy of what the page holds. */
async function judgeCopy(page: Page, copies: BrowserContext): Promise<void> {
	const html = (await page.content()).replace(/<script[\s\S]*?<\/script>/g, '');
	const copy = copies.pages()[0] ?? (await copies.newPage());
	await copy.unrouteAll();
	await copy.route('**/*', (route) =>
		route.request().isNavigationRequest()
			? route.fulfill({ contentType: 'text/html; charset=utf-8', body: html })
			: route.continue()
	);
	await copy.goto(page.url());
	await judge(copy);
}

/** Fails with each rule that the page breaks, and where. */
async function judge(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page })
		// Writing out what is right takes axe longer than finding what is wrong.
		.options({ resultTypes: ['violations'] })
		.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
		.setLegacyMode()
		.analyze();
	expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)).toEqual([]);
}

/**
 * Everything a page complains about. The browser also reports the status of a document that answers 4xx, such as a form sent
 * back with its errors, or of a file that is refused: that is an answer, not a fault. So is a network that a story takes away (`@offline`).
 */
function listen(page: Page, { title }: TestInfo): string[] {
	const complaints: string[] = [];
	const documents = new Set<string>();
	page.on('response', (response) => {
		const request = response.request();
		if (request.isNavigationRequest() || (request.method() === 'POST' && response.status() < 500)) documents.add(response.url());
	});
	page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
	page.on('console', (message) => {
		if (message.type() !== 'error') return;
		const { url } = message.location();
		if (documents.has(url) && message.text().startsWith('Failed to load resource')) return;
		if (title.includes('@offline') && /net::ERR_(INTERNET_DISCONNECTED|FAILED)|TypeError: Failed to fetch/.test(message.text()))
			return;
		complaints.push(`console: ${message.text()} ${url}`);
	});
	return complaints;
}

export { expect } from '@playwright/test';
