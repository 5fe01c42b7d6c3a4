import { expect, test } from '../support/fixtures.ts';

test('somebody who opens the address of the API finds her way to a place by links alone', async ({ page, axe }) => {
	await page.goto('/ogc');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('API de la carte');
	await expect(page.getByText('OAPIF:')).toBeVisible();
	await axe();
	await page.getByRole('link', { name: 'Jeux de données', exact: true }).click();
	await axe();
	await page.getByRole('link', { name: 'Lieux et initiatives', exact: true }).first().click();
	await expect(page.getByRole('definition').filter({ hasText: 'EPSG/0/2154' })).toBeVisible();
	await axe();
	await page.getByRole('link', { name: 'Ce qu’un filtre peut nommer', exact: true }).first().click();
	await expect(page.getByRole('row', { name: /wheelchair/ })).toContainText('yes, limited, no');
	await axe();
	await page.goBack();
	await page.getByRole('link', { name: 'Les lieux', exact: true }).first().click();
	await expect(page.getByRole('row')).toHaveCount(101);
	await axe();
	await page.getByRole('link', { name: 'Page suivante' }).click();
	await expect(page).toHaveURL(/cursor=/);
	const first = page.getByRole('rowheader').first().getByRole('link');
	const name = await first.innerText();
	await first.click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
	await axe();
	await page.getByRole('link', { name: 'Voir la page de ce lieu' }).click();
	await expect(page).toHaveURL(/\/places\//);
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
});

test('the manual of the API and what it keeps to are pages too, also in English', async ({ page, axe }) => {
	await page.goto('/ogc/api?f=html');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mode d’emploi');
	await page.getByText(/^Paramètres \(\d\d\)/).click();
	await expect(page.getByRole('row', { name: /^bbox-crs/ })).toBeVisible();
	await axe();
	await page.getByRole('link', { name: 'OGC API', exact: true }).click();
	await page.getByRole('link', { name: 'Les normes respectées', exact: true }).click();
	await expect(page.getByRole('link', { name: 'cql2/1.0 – cql2-text' })).toBeVisible();
	await axe();
	await page.goto('/ogc/tiles?f=html');
	await axe();
	await page.getByRole('link', { name: 'English' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('The vector tiles');
});

test('a page of the API that is refused says why in the language of its reader, and what a program is told', async ({
	page,
	axe
}) => {
	await page.goto('/ogc/collections/places/sortables?f=html');
	await expect(page.getByRole('row', { name: /updated_at/ })).toContainText('Dernière modification');
	await axe();
	await page.goto('/ogc/collections/places/items?f=html&sortby=colour');
	await expect(page.getByText('Un paramètre de cette adresse n’est pas compris.')).toBeVisible();
	const told = page.getByText('cannot order by “colour”');
	await expect(told).toHaveAttribute('lang', 'en');
	await axe();
});
