import { expect, test } from '../support/fixtures.ts';
import { townDay } from '../support/town-day.ts';

/** The next Saturday, a day. */
function saturday(): string {
	const day = new Date(`${townDay()}T00:00:00Z`);
	day.setUTCDate(day.getUTCDate() + 1 + ((12 - day.getUTCDay()) % 7));
	return day.toISOString().slice(0, 10);
}

test('a resident finds what is open, now and on Saturday morning, and the way out of a dead end @plain', async ({
	page,
	axe,
	javaScriptEnabled
}) => {
	const list = page.getByRole('list', { name: 'Liste des lieux' });
	await page.goto('/');
	await page.getByRole('link', { name: /^Ouvert maintenant \(\d+\)$/ }).click();
	await expect(page).toHaveURL(/[?&]open=now$/);
	const said = await list.getByRole('listitem').allInnerTexts();
	expect(said.length).toBeGreaterThan(5);
	for (const text of said) expect(text).toMatch(/^(Ouvert|Normalement ouvert|Ferme dans)/m);
	await axe();

	await page.getByText('Plus de filtres').click();
	await page.getByLabel('À un autre moment').fill(`${saturday()}T10:30`);
	if (!javaScriptEnabled) await page.getByRole('button', { name: 'Appliquer' }).click();
	await expect(page).toHaveURL(new RegExp(`[?&]open=${saturday()}T10:30$`));
	await expect(page.getByRole('list', { name: 'Filtres' })).toContainText(/Ouvert (demain|samedi|le .*) à 10\sh\s30/);
	await expect(list).toContainText('Compost de la Bottière');
	await expect(list).not.toContainText('Conseil énergie de Barberie');
	await expect(page.getByText(/^\d+ autres lieux ont des horaires inconnus/)).toBeVisible();

	await page.goto('/?q=conseil&theme=sport&cost=paid');
	const notice = page.getByRole('region', { name: 'Résultats' });
	await expect(notice).toContainText('Aucun lieu ne correspond');
	await axe();
	await notice
		.getByRole('listitem')
		.getByRole('link', { name: /^(Sans|Seulement) « / })
		.first()
		.click();
	await expect(list.getByRole('listitem').first()).toBeVisible();
});

test('a few letters lead to a category, a place or a street, without a mouse, and the list follows them @js', async ({
	page,
	axe
}) => {
	await page.goto('/');
	const field = page.getByRole('combobox', { name: 'Que cherchez-vous ?' });
	const offered = page.getByRole('listbox', { name: 'Suggestions' });
	const list = page.getByRole('list', { name: 'Liste des lieux' });
	await field.pressSequentially('biblio');
	await expect(offered.getByRole('group', { name: 'Catégories' }).getByRole('option').first()).toContainText('Bibliothèque');
	await expect(offered.getByRole('group', { name: 'Lieux' })).toContainText('Bibliothèque de la Halvêque');
	await axe();
	await field.press('ArrowDown');
	await expect(offered.getByRole('option', { selected: true })).toContainText('Bibliothèque, médiathèque');
	await expect(field).toHaveAttribute('aria-activedescendant', 'suggestion-0');
	await field.press('Enter');
	await expect(page).toHaveURL(/\/\?category=bibliotheque$/);
	await expect(field).toHaveValue('');
	await expect(offered).toBeHidden();

	await page.goto('/');
	await field.pressSequentially('quai de la fos');
	await offered.getByRole('option', { name: 'Quai de la Fosse, Nantes' }).click();
	await expect(page).toHaveURL(/\/\?near=-1\.\d+,47\.\d+$/);
	await expect(list.getByRole('listitem').first()).toContainText(/à \d+\sm/);

	await page.goto('/');
	await field.pressSequentially('ludoth');
	await expect(page).toHaveURL(/\/\?q=ludoth$/);
	await expect(list.getByRole('listitem').first()).toContainText('La Toupie');
	await field.pressSequentially('eque');
	await expect(page).toHaveURL(/\/\?q=ludotheque$/);
	await expect(field).toHaveValue('ludotheque');
	await expect(field).toBeFocused();
	await field.press('Escape');
	await expect(offered).toBeHidden();
	await page.goBack();
	await expect(page).toHaveURL(/\/$/);
	await expect(list.getByRole('listitem')).not.toHaveCount(1);
});

test('on a phone the list lies over the map, as high as one wants, and the button brings it back @js', async ({ page, axe }) => {
	await page.setViewportSize({ width: 390, height: 844 });
	await page.goto('/?theme=culture');
	const list = page.getByRole('list', { name: 'Liste des lieux' });
	const top = async () => (await page.locator('.bar').boundingBox())!.y;
	await page.getByRole('button', { name: 'Voir la carte' }).last().click();
	await expect(page.getByRole('button', { name: 'Plus de place pour la carte' })).toBeFocused();
	await expect.poll(top).toBeCloseTo(844 * 0.45, -1);
	await expect(list.getByRole('link').first()).toBeInViewport();
	await axe();
	await page.keyboard.press('Enter');
	await expect.poll(top).toBeGreaterThan(760);
	await page.getByRole('button', { name: 'Plus de place pour la liste' }).click();
	await page.getByRole('button', { name: 'Plus de place pour la liste' }).click();
	await expect.poll(top).toBeLessThan(30);
	// A finger that pulls it half the screen down.
	await page.mouse.move(120, 30);
	await page.mouse.down();
	await page.mouse.move(120, 330, { steps: 5 });
	await page.mouse.up();
	await expect.poll(top).toBeCloseTo(844 * 0.45, -1);
	await page.getByRole('button', { name: 'Fermer la carte' }).click();
	await expect(page.getByRole('button', { name: 'Voir la carte' }).last()).toBeFocused();
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('who moves the map asks for what is there, and the map stays where it is @js @map', async ({ page }) => {
	await page.goto('/');
	const map = page.getByRole('region', { name: 'Carte des lieux' });
	const list = page.getByRole('list', { name: 'Liste des lieux' });
	await expect(map.locator('canvas')).toBeVisible();
	await expect(map.getByRole('link', { name: 'Chercher ici' })).toBeHidden();
	await map.getByRole('button', { name: 'Zoomer', exact: true }).click();
	await map.getByRole('button', { name: 'Zoomer', exact: true }).click();
	await map.getByRole('link', { name: 'Chercher ici' }).click();
	await expect(page).toHaveURL(/[?&]bbox=-1\.\d+,47\.\d+,-1\.\d+,47\.\d+$/);
	await expect(page.getByRole('list', { name: 'Filtres' })).toContainText('Dans la zone de la carte');
	await expect(map.getByRole('link', { name: 'Chercher ici' })).toBeHidden();
	await expect(list).toContainText('Centre-ville');
	const [west, south, east, north] = new URL(page.url()).searchParams.get('bbox')!.split(',').map(Number) as [
		...[number, number, number, number]
	];
	const answer = await page.request.get(`/api/search?bbox=${[west, south, east, north].join()}`);
	const { numberMatched } = (await answer.json()) as { numberMatched: number };
	expect(numberMatched).toBeLessThan(168);
	await expect(page.getByRole('region', { name: 'Résultats' }).getByRole('status')).toContainText(`${numberMatched} lieux`);
});

test('the page of a neighbourhood says what is open, what is missing and who takes care @map', async ({ page, axe }) => {
	await page.goto('/areas/nantes-malakoff-saint-donatien');
	const map = page.getByRole('region', { name: 'Carte des lieux' });
	await expect.poll(async () => (await map.locator('.maplibregl-map').boundingBox())?.height).toBeGreaterThan(200);
	const missing = page.locator('section', { has: page.getByRole('heading', { name: 'Ce qui manque' }) });
	await expect(missing).toContainText(/\d+ lieux n’ont pas d’horaires connus\./);
	await expect(missing).toContainText(/Rien encore pour\u00a0: .+\. Vos voisins en ont\./);
	const care = page.locator('section', { has: page.getByRole('heading', { name: 'Qui s’en occupe' }) });
	await expect(care.getByRole('link').first()).toHaveAttribute('href', /^\/organisations\//);
	await axe();
	await page.getByRole('link', { name: 'Voir tous les lieux' }).click();
	await expect(page).toHaveURL('/?area=nantes-malakoff-saint-donatien');
});
