import { expect, test } from '../support/fixtures.ts';

/** The next Saturday, a day. */
function saturday(): string {
	const day = new Date();
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
