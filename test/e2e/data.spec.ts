import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { Graph } from '../support/rdf.ts';
import { harvest } from '../support/udata-rules.ts';

async function fitsOn320(page: Page): Promise<void> {
	const before = page.viewportSize();
	await page.setViewportSize({ width: 320, height: 640 });
	expect(await page.evaluate(() => document.documentElement.scrollWidth), page.url()).toBeLessThanOrEqual(320);
	if (before) await page.setViewportSize(before);
}

/** What the lines of the page say when somebody copies them. */
async function run(page: Page, example: string, program: string, args: (code: string) => string[], cwd: string): Promise<string> {
	const code = await page.locator(`pre[data-example=${example}]`).textContent();
	const env = { ...process.env, FORCE_COLOR: '0' };
	return execFileSync(program, args(code ?? ''), { cwd, env, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
}

test('a re-user sees what there is and why the rest is not, opens a dataset, and its lines work @plain', async ({
	page,
	app,
	axe,
	javaScriptEnabled
}) => {
	// Another story may have added one.
	const { features } = (await (await fetch(`${app.url}/data/tri-et-reemploi.geojson`)).json()) as { features: unknown[] };
	const places = features.length;
	expect(places).toBeGreaterThanOrEqual(13);
	await page.goto('/data');
	await expect(page.getByRole('heading', { name: 'Bientôt' })).toBeVisible();
	await expect(page.getByText('Ces dossiers parlent de personnes')).toBeVisible();
	await page.getByText('Garder une copie à jour').click();
	await expect(page.getByRole('region', { name: 'follow.mjs' })).toContainText(
		`node follow.mjs ${new URL(page.url()).origin} places.json`
	);
	await page.getByRole('link', { name: 'Tri, déchets et réemploi', exact: true }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Tri, déchets et réemploi');
	await expect(page.getByRole('link', { name: 'GeoJSON pour les cartes' })).toHaveAttribute(
		'href',
		'/data/tri-et-reemploi.geojson'
	);
	await expect(page.getByRole('region', { name: 'Les premiers lieux du jeu' }).getByRole('row')).not.toHaveCount(1);
	await page.getByText('Les mêmes chiffres en tableau').click();
	await expect(page.getByRole('row', { name: /^Position/ })).toContainText(`Position${places}`);
	await page.getByText(/^Voir les \d+ colonnes$/).click();
	await expect(page.getByText('Horaires (syntaxe OpenStreetMap)')).toBeVisible();
	await expect(page.getByRole('link', { name: /^Écrire à/ })).toHaveAttribute('href', /^(mailto:|http)/);
	const ld = await page.locator('script[type="application/ld+json"]').textContent();
	expect(JSON.parse(ld ?? '')).toMatchObject({
		'@type': 'Dataset',
		name: expect.stringMatching(/^\[Démonstration\]/) as unknown
	});
	await axe();
	await fitsOn320(page);
	await page.getByRole('link', { name: 'Voir les mois passés' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Les mois passés');
	await expect(page.getByRole('heading', { name: 'Un fichier peut-il changer ?' })).toBeVisible();
	await axe();
	await fitsOn320(page);
	await page.getByRole('link', { name: 'Tri, déchets et réemploi', exact: true }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Tri, déchets et réemploi');
	if (!javaScriptEnabled) return;
	await page.emulateMedia({ colorScheme: 'dark' });
	await axe();
	const lines = new RegExp(`^${places} \\S`);
	const cwd = mkdtempSync(join(tmpdir(), 'examples-'));
	try {
		await run(page, 'curl', 'sh', (code) => ['-c', code], cwd);
		const file = readFileSync(join(cwd, 'tri-et-reemploi.geojson'), 'utf8');
		expect((JSON.parse(file) as { features: unknown[] }).features).toHaveLength(places);
		// The second time nothing has changed, and what is there stays.
		await run(page, 'curl', 'sh', (code) => ['-c', code], cwd);
		expect(readFileSync(join(cwd, 'tri-et-reemploi.geojson'), 'utf8')).toBe(file);
		expect(await run(page, 'javascript', process.execPath, (code) => ['--input-type=module', '-e', code], cwd)).toMatch(lines);
		expect(await run(page, 'python', '/usr/bin/python3', (code) => ['-c', code], cwd)).toMatch(lines);
	} finally {
		rmSync(cwd, { recursive: true });
	}
	await page.getByRole('link', { name: new RegExp(`^Voir les ${places} lieux`) }).click();
	await expect(page).toHaveURL('/?theme=tri-reemploi');
});

test('what is not open has a page that says why, and nothing to take', async ({ page, axe }) => {
	await page.goto('/data/fontaines');
	await expect(page.getByText('Ces données ne sont pas encore ouvertes.')).toBeVisible();
	await expect(page.getByText('il sera ouvert au printemps')).toBeVisible();
	await expect(page.getByRole('heading', { name: 'Télécharger' })).toBeHidden();
	await axe();
	expect((await page.request.get('/data/fontaines.csv')).status()).toBe(404);
	expect((await page.request.get('/data/rien')).status()).toBe(404);
});

test('the coordinator opens a dataset with one tick, is told what portals would refuse, and mends it @plain', async ({
	person,
	axe,
	javaScriptEnabled
}) => {
	const page = await person('coordinatrice');
	const theme = javaScriptEnabled ? 'Culture' : 'Sport';
	await page.goto('/admin');
	await page.getByRole('link', { name: 'Les jeux de données' }).click();
	await page.getByRole('button', { name: 'Ouvrir', exact: true }).click();
	await expect(page.getByRole('alert')).toContainText('Cochez au moins une case');
	await page.getByRole('checkbox', { name: theme }).check();
	await page.getByRole('button', { name: 'Ouvrir', exact: true }).click();
	await expect(page.getByRole('status')).toContainText('C’est ouvert');
	await axe(page);
	await fitsOn320(page);
	await page.getByRole('link', { name: theme, exact: true }).click();
	const said = page.getByRole('region', { name: 'Ce qu’en diront les portails' });
	await expect(said).toContainText('Personne à qui écrire');
	await expect(said).toContainText('Trois mots-clés');
	await page.getByLabel('Qui répond des données').fill('Direction de la culture');
	await page.getByLabel('Ou sa page de contact').fill('pas une adresse');
	await page.getByLabel('Mots-clés').fill('culture, spectacles, musées');
	if (javaScriptEnabled) await expect(said).not.toContainText('Trois mots-clés');
	await page.locator('main form').evaluate((form: HTMLFormElement) => (form.noValidate = true));
	await page.getByRole('button', { name: 'Enregistrer' }).click();
	await expect(page.getByLabel('Ou sa page de contact')).toHaveAttribute('aria-invalid', 'true');
	await page.getByLabel('Ou sa page de contact').fill('https://exemple.fr/culture');
	await page.getByRole('button', { name: 'Enregistrer' }).click();
	await expect(page.getByRole('status')).toContainText('enregistré');
	await expect(said).not.toContainText('Personne à qui écrire');
	await axe(page);
	await fitsOn320(page);
	await page.getByRole('link', { name: 'Voir la page publique' }).click();
	await expect(page.getByRole('link', { name: 'Direction de la culture', exact: true })).toBeVisible();
	const catalogue = await (await page.request.get('/catalog.ttl')).text();
	const { datasets, refused } = harvest(new Graph(catalogue), new Date().toISOString());
	expect(refused).toEqual([]);
	expect(datasets).toContainEqual(expect.objectContaining({ title: `[Démonstration] ${theme}`, licence: 'lov2' }));
});

test('two colleagues describe one dataset at once: the second is told what she would replace, and loses nothing @plain', async ({
	person,
	axe,
	javaScriptEnabled
}) => {
	const [theirs, hers] = [await person('coordinatrice'), await person('coordinatrice')];
	const [title, theirTitle] = [hers.getByLabel('Titre en français'), theirs.getByLabel('Titre en français')];
	const how = javaScriptEnabled ? '' : ' sans script';
	for (const page of [hers, theirs]) await page.goto('/admin/datasets/places');
	const before = await title.inputValue();
	await theirTitle.fill(`Tous les lieux${how}`);
	await theirs.getByRole('button', { name: 'Enregistrer' }).click();
	await expect(theirs.getByRole('status')).toContainText('enregistré');
	await title.fill(`Les lieux ouverts${how}`);
	await hers.getByRole('button', { name: 'Enregistrer' }).click();
	const alert = hers.getByRole('alert');
	await expect(alert).toContainText('pendant que vous écriviez');
	await expect(alert.getByRole('definition')).toHaveText([`Tous les lieux${how}`]);
	await expect(title).toHaveValue(`Les lieux ouverts${how}`);
	await axe(hers);
	await fitsOn320(hers);
	await theirs.reload();
	await expect(theirTitle).toHaveValue(`Tous les lieux${how}`);
	await title.fill(before);
	await hers.getByRole('button', { name: 'Enregistrer' }).click();
	await expect(hers.getByRole('status')).toContainText('enregistré');
	await expect(title).toHaveValue(before);
});
