import { createServer } from 'node:http';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { freePort } from '../support/processes.ts';

interface Town {
	/** Its origin. */
	url: string;
	close(): void;
}

/** The web site of a town hall: one page, with a frame in it. */
async function openTown(frame: string): Promise<Town> {
	const html = `<!doctype html><html lang="fr"><title>Mairie</title><h1>Ma commune</h1>
		<iframe src="${frame}" title="La carte" width="100%" height="600"></iframe>`;
	const server = createServer((_request, response) => response.setHeader('content-type', 'text/html; charset=utf-8').end(html));
	const port = await freePort();
	await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
	return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** What a browser puts in a frame that it was not allowed to fill. */
const refused = 'chrome-error://chromewebdata/';
const frameOf = (page: Page) => page.frameLocator('iframe');

test('a town hall shows the list in its own page, where one searches without a cookie and without leaving it @plain', async ({
	page,
	app,
	axe
}) => {
	const town = await openTown(`${app.url}/embed?layout=list`);
	const frame = frameOf(page);
	const list = frame.getByRole('list', { name: 'Liste des lieux' });
	await page.goto(town.url);
	await expect(list.getByRole('listitem')).toHaveCount(30);
	await frame.getByLabel('Que cherchez-vous ?').fill('compost');
	await frame.getByLabel('Que cherchez-vous ?').press('Enter');
	await expect(list.getByRole('listitem')).toHaveCount(5);
	await expect(page).toHaveURL(`${town.url}/`);
	await expect(frame.getByRole('region', { name: 'Carte des lieux' })).toHaveCount(0);
	expect(await page.context().cookies(app.url)).toEqual([]);

	const whole = frame.getByRole('link', { name: 'Alentour Nantes : voir toute la carte (nouvel onglet)' });
	await expect(whole).toHaveAttribute('href', '/?q=compost');
	const opened = page.context().waitForEvent('page');
	await list.getByRole('link').first().click();
	const place = await opened;
	await expect(place).toHaveURL(/\/places\/[0-9a-f-]{36}\/compost-/);
	await place.close();
	town.close();

	for (const path of ['/embed', '/embed?layout=list&lang=en', '/embed?layout=map', '/embed?q=conseil&theme=sport&cost=paid']) {
		await page.goto(path);
		await page.setViewportSize({ width: 1280, height: 720 });
		await axe();
		await page.setViewportSize({ width: 280, height: 640 });
		expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(280);
	}
	await page.goto('/embed?lang=en');
	await expect(page.getByLabel('What are you looking for?')).toBeVisible();
	await expect(page.locator('a[href*="sign-in"], header')).toHaveCount(0);
});

test('a web master prepares the code, sees what it shows, and copies it @plain', async ({
	page,
	app,
	axe,
	javaScriptEnabled
}) => {
	await page.goto('/data');
	await page.getByRole('link', { name: 'Préparer le code à coller' }).click();
	const code = page.getByRole('region', { name: 'Le code à coller' }).locator('code');
	await expect(code).toContainText(`src="${app.url}/embed"`);
	await page.getByLabel('À montrer').selectOption('list');
	if (!javaScriptEnabled) await page.getByRole('button', { name: 'Voir le résultat' }).click();
	await expect(page).toHaveURL(/layout=list/);
	await page.getByLabel('Rubrique').selectOption('sport');
	if (!javaScriptEnabled) await page.getByRole('button', { name: 'Voir le résultat' }).click();
	await expect(code).toContainText(`src="${app.url}/embed?theme=sport&amp;layout=list"`);
	await expect(code).toContainText('title="Alentour Nantes : la carte des lieux"');
	await expect(frameOf(page).getByRole('list', { name: 'Filtres' })).toContainText('Sport');
	await axe();
	await page.setViewportSize({ width: 320, height: 640 });
	expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
	if (!javaScriptEnabled) return;
	await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app.url });
	await page.getByRole('button', { name: 'Copier le code' }).click();
	await expect(page.getByRole('status')).toContainText('Copié');
	expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await code.textContent());
});

test('only the sites that the coordinator names show the map, and no site shows another page @both', async ({
	app,
	browser,
	person,
	axe
}) => {
	const coordinator = await person('coordinatrice');
	const [town, thief] = await Promise.all([openTown(`${app.url}/embed`), openTown(`${app.url}/`)]);
	// A page that is refused a frame complains of it, which is what is wanted here.
	const visitor = await browser.newPage();
	const list = frameOf(visitor).getByRole('list', { name: /Liste des lieux|List of places/ });
	const choose = async (who: string, sites = '') => {
		await coordinator.goto('/admin');
		await coordinator.getByRole('radio', { name: who }).check();
		await coordinator.getByLabel('Adresses des sites').fill(sites);
		await coordinator.getByRole('button', { name: 'Valider ce choix' }).click();
	};
	const shows = (url: string, what: string | RegExp) =>
		expect
			.poll(
				async () => {
					await visitor.goto(url);
					return visitor.frames()[1]?.url();
				},
				{ timeout: 20_000 }
			)
			.toMatch(what);

	await shows(town.url, `${app.url}/embed`);
	await expect(list).toBeVisible();
	await shows(thief.url, refused);

	await choose('Seulement ces sites', 'la mairie!');
	await expect(coordinator.getByRole('alert')).toContainText('n’est pas l’adresse d’un site');
	await expect(coordinator.getByLabel('Adresses des sites')).toHaveValue('la mairie!');
	await choose('Seulement ces sites', 'www.mairie.example/accueil');
	await expect(coordinator.getByRole('status')).toContainText('Le choix des sites est enregistré');
	await expect(coordinator.getByLabel('Adresses des sites')).toHaveValue('https://www.mairie.example');
	await axe(coordinator);
	await shows(town.url, refused);
	await coordinator.goto('/embed/about');
	await expect(coordinator.getByText('https://www.mairie.example')).toBeVisible();
	await expect(frameOf(coordinator).getByRole('list', { name: 'Liste des lieux' })).toBeVisible();

	await choose('Seulement ces sites', `https://www.mairie.example\n${town.url}`);
	await expect(coordinator.getByRole('status')).toContainText('Le choix des sites est enregistré');
	await shows(town.url, `${app.url}/embed`);
	await expect(list).toBeVisible();

	await choose('Aucun');
	await expect(coordinator.getByRole('status')).toContainText('Le choix des sites est enregistré');
	await shows(town.url, refused);
	await choose('Tous les sites');
	await expect(coordinator.getByRole('status')).toContainText('Le choix des sites est enregistré');
	await visitor.close();
	town.close();
	thief.close();
});
