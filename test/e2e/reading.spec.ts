import type { Page } from '@playwright/test';
import { DEMO_PASSWORD } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { expect, test } from '../support/fixtures.ts';
import { exported, openWaiting, placeNamed } from './steps.ts';

/** The pages that anyone reads. */
async function publicPages(app: TestApp): Promise<string[]> {
	const { properties } = await placeNamed(app, 'Repair café du Bouffay');
	const place = `/places/${properties.id}`;
	const papers = ['/legal', '/privacy', '/terms', '/accessibility'];
	return [
		'/',
		'/?q=compost',
		'/?q=zzzz',
		place,
		`${place}/history`,
		`${place}/report`,
		'/follow',
		'/areas/nantes-centre-ville',
		'/organisations/ville-de-nantes-demo',
		'/data',
		...['/embed', '/embed?layout=map', '/embed/about'],
		...papers,
		'/offline',
		'/nowhere'
	];
}

const signedPages = ['/me', '/places/new', '/moderation', '/moderation/decisions', '/moderation/unproven'];

/** No page says what a program says when it has nothing to say. */
const mumble = /\bundefined\b|\bNaN\b|\bnull\b|\[object |\b[a-z]+_[a-z_]+\b/;

/** Paragraphs of several lines that an eye loses its way in: more than about 75 letters a line. */
const longLines = (page: Page): Promise<string[]> =>
	page.locator('p').evaluateAll((paragraphs) =>
		paragraphs
			.filter((paragraph) => {
				const { display, fontSize } = getComputedStyle(paragraph);
				return (
					display === 'block' && paragraph.clientWidth > 35 * parseFloat(fontSize) && (paragraph.textContent ?? '').length > 120
				);
			})
			.map((paragraph) => paragraph.textContent ?? '')
	);

test('every page is accessible in the dark, says nothing that a program says, and has its place on 320 pixels @js', async ({
	page,
	app,
	axe,
	person
}) => {
	test.setTimeout(120_000);
	const reads = async (who: Page, path: string) => {
		await who.setViewportSize({ width: 1280, height: 720 });
		await who.goto(path);
		await axe(who);
		expect(await longLines(who), path).toEqual([]);
		if (path !== '/privacy') expect(await who.locator('body').innerText(), path).not.toMatch(mumble);
		await who.setViewportSize({ width: 320, height: 640 });
		expect(await who.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(320);
	};
	await page.emulateMedia({ colorScheme: 'dark' });
	for (const path of [...(await publicPages(app)), '/sign-in', '/sign-up', '/reset'])
		await test.step(path, () => reads(page, path));
	const moderator = await person('moderateur');
	await moderator.emulateMedia({ colorScheme: 'dark' });
	for (const path of signedPages) await test.step(path, () => reads(moderator, path));
});

test('the map’s button has its name before the browser says whether it may locate, and the map is accessible in the dark @js @map', async ({
	page,
	axe
}) => {
	await page.emulateMedia({ colorScheme: 'dark' });
	await page.addInitScript(() => (navigator.permissions.query = () => new Promise(() => {})));
	await page.goto('/');
	await expect(page.locator('.maplibregl-ctrl-geolocate')).toHaveAccessibleName('Me situer');
	await axe();
});

test('what no other story opens is read in the light too', async ({ page, axe }) => {
	for (const path of ['/areas/nantes-centre-ville', '/data', '/legal', '/privacy', '/terms', '/accessibility', '/nowhere']) {
		await page.goto(path);
		await test.step(path, () => axe());
	}
});

test('someone without a mouse searches, meets the list before the map, and opens a place @map', async ({
	page,
	javaScriptEnabled
}) => {
	await page.goto('/');
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
	if (javaScriptEnabled) await expect(page.locator('canvas')).toBeVisible();
	const focused = page.locator(':focus');
	await page.keyboard.press('Tab');
	await expect(focused).toHaveText('Aller au contenu');
	await page.keyboard.press('Enter');
	await page.keyboard.press('Tab');
	await expect(focused).toHaveText('Aller aux résultats');
	await page.keyboard.press('Tab');
	await expect(focused).toHaveAccessibleName('Que cherchez-vous ?');
	await page.keyboard.type('ludotheque');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('list', { name: 'Filtres' })).toContainText('ludotheque');

	const order = await tabOrder(page);
	const at = (name: RegExp) => order.findIndex((text) => name.test(text));
	expect(at(/^Espaces verts|^Culture|^Petite enfance|^Sport|^Jeu/)).toBeGreaterThanOrEqual(0);
	expect(at(/^Plus de filtres/)).toBeGreaterThan(0);
	expect(at(/^La Toupie/)).toBeGreaterThan(at(/^Plus de filtres/));
	if (javaScriptEnabled) expect(at(/^canvas/)).toBeGreaterThan(at(/^La Toupie/));

	await page.getByRole('link', { name: /^La Toupie/ }).focus();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { level: 1 })).toContainText('La Toupie');
});

/** What the Tab key meets from here on, until it leaves the page. */
async function tabOrder(page: Page): Promise<string[]> {
	const order: string[] = [];
	for (let step = 0; step < 60; step++) {
		await page.keyboard.press('Tab');
		const text = await page.evaluate(() => {
			const element = document.activeElement;
			if (!element || element === document.body) return null;
			if (element instanceof HTMLCanvasElement) return 'canvas';
			return (element.getAttribute('aria-label') ?? element.textContent ?? '').trim() || element.tagName;
		});
		if (text === null) break;
		order.push(text);
	}
	return order;
}

test('the accessibility tree of the home page names what there is @js', async ({ page }) => {
	await page.goto('/?q=ludotheque');
	await expect(page.locator('body')).toMatchAriaSnapshot(`
    - banner:
      - link /Alentour Nantes, Accueil/
      - navigation "Navigation principale"
    - main:
      - heading "Qu’y a-t-il près de chez vous ?" [level=1]
      - combobox "Que cherchez-vous ?"
      - navigation "Rubriques"
      - region "Résultats":
        - heading "Résultats" [level=2]
        - list "Liste des lieux"
      - region "Carte des lieux"
    - contentinfo:
      - navigation "Informations sur ce site"
  `);
});

test('another language is one link away, on the page one reads', async ({ page }) => {
	await page.goto('/areas/nantes-centre-ville');
	await page.getByRole('link', { name: /Read this page in English/ }).click();
	await expect(page).toHaveURL('/areas/nantes-centre-ville');
	await expect(page.locator('html')).toHaveAttribute('lang', 'en');
	await page.goto('/?q=library');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('What is around you?');
	await expect(page.getByRole('list', { name: 'List of places' }).getByRole('listitem').first()).toContainText('Library');
});

test('an address keeps its promise: no slug, an old slug, an id in capitals lead to the page @js', async ({ app }) => {
	const { properties } = await placeNamed(app, 'La Toupie');
	const { id, slug } = properties;
	for (const path of [`/places/${id}`, `/places/${id}/un-ancien-nom`, `/places/${id.toUpperCase()}/${slug}`]) {
		const answer = await fetch(app.url + path, { redirect: 'manual' });
		expect([301, 308], path).toContain(answer.status);
		expect(new URL(answer.headers.get('location') ?? '', app.url).pathname).toBe(`/places/${id}/${slug}`);
	}
	expect((await fetch(`${app.url}/places/11111111-1111-4111-8111-111111111111`)).status).toBe(404);
});

test('a place that closed answers 410 with the reason, in words and to machines', async ({ page, app, axe, person }) => {
	const { properties } = await placeNamed(app, 'Collectif des habitants de Port-Boyer');
	const resident = await person('habitant');
	await resident.goto(`/places/${properties.id}/edit`);
	await resident.getByLabel('Fermé définitivement').check();
	await resident.getByRole('button', { name: 'Proposer de retirer ce lieu' }).click();
	await expect(resident.getByText('Votre demande attend une décision.')).toBeVisible();
	await accept(await person('moderateur'), properties.name);
	await expect.poll(async () => (await fetch(`${app.url}/places/${properties.id}.geojson`)).status).toBe(410);
	const answer = await page.goto(`/places/${properties.id}/${properties.slug}`);
	expect(answer?.status()).toBe(410);
	await expect(page.getByText(/Raison\u00a0: Fermé définitivement/)).toBeVisible();
	await axe();
	expect((await exported(app)).some((one) => one.properties.id === properties.id)).toBe(false);
});

test('a place merged into another leads there for ever @js', async ({ app, page, person }) => {
	const [from, into] = [await placeNamed(app, 'Le Ponton'), await placeNamed(app, 'Compost de la Crapaudine')];
	await call(app, 'habitant', 'submit_proposal', {
		proposal: {
			client_id: crypto.randomUUID(),
			kind: 'merge',
			place_id: from.properties.id,
			into_place_id: into.properties.id,
			operations: []
		}
	});
	await accept(await person('moderateur'), from.properties.name);
	await expect
		.poll(async () => (await fetch(`${app.url}/places/${from.properties.id}`, { redirect: 'manual' })).status)
		.toBe(301);
	await page.goto(`/places/${from.properties.id}/${from.properties.slug}`);
	await expect(page).toHaveURL(`/places/${into.properties.id}/${into.properties.slug}`);
});

async function accept(moderator: Page, name: string): Promise<void> {
	await openWaiting(moderator, name);
	await moderator.getByRole('button', { name: 'Accepter', exact: true }).click();
	await expect(moderator.getByRole('status').first()).toContainText('Accepté');
}

/** What no page asks for yet: a call of the API with a demo account's own rights. */
async function call(app: TestApp, account: string, name: string, args: object): Promise<void> {
	const { url, publishable_key: apikey } = app.endpoint();
	const headers = { apikey, 'content-type': 'application/json' };
	const signedIn = await fetch(`${url}/auth/v1/token?grant_type=password`, {
		method: 'POST',
		headers,
		body: JSON.stringify({ email: `${account}@alentour.example`, password: DEMO_PASSWORD })
	});
	const { access_token } = (await signedIn.json()) as { access_token: string };
	const answer = await fetch(`${url}/rest/v1/rpc/${name}`, {
		method: 'POST',
		headers: { ...headers, authorization: `Bearer ${access_token}` },
		body: JSON.stringify(args)
	});
	expect(answer.status, await answer.clone().text()).toBe(200);
}
