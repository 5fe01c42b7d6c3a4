import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { exported, openSections, openWaiting, ownProposals, placeNamed, sendForm, untilExported, writeHours } from './steps.ts';

async function accept(moderator: Page, name: string): Promise<void> {
	await openWaiting(moderator, name);
	await moderator.getByRole('button', { name: 'Accepter', exact: true }).click();
	await expect(moderator.getByRole('status').first()).toContainText('Accepté');
}

/** The form of a new place with the three facts that it cannot do without. */
async function startNewPlace(page: Page, name: string, category: string): Promise<void> {
	await page.goto('/places/new');
	await page.getByLabel('Nom', { exact: true }).fill(name);
	await page.getByLabel('Catégorie', { exact: true }).selectOption({ label: category });
}

test('a new place with all its facts is accepted and found @plain', async ({ page, app, axe, person, javaScriptEnabled }) => {
	const name = 'Atelier couture de la Tortière';
	const bus = await placeNamed(app, 'Fil à fil');
	const member = await person('association');
	await startNewPlace(member, name, 'Atelier de réparation');
	if (!javaScriptEnabled) await member.getByRole('button', { name: 'Choisir', exact: true }).click();
	const form = member.locator('form[action*="submit"]');
	await openSections(member);
	await form.getByLabel('Nature').selectOption('Initiative citoyenne');
	await form.getByLabel('On y répare').fill('vêtements; rideaux');
	await form.getByLabel('En une phrase').first().fill('On raccommode ensemble.');
	await form.getByLabel('Description').fill('Machines et fil sur place.');
	await form.getByLabel('Adresse', { exact: false }).first().fill('3 rue de la Tortière');
	await form.getByLabel('Code postal').fill('44300');
	await form.getByLabel('Commune').fill('Nantes');
	await form.getByLabel('Latitude').fill('47,2372');
	await form.getByLabel('Longitude').fill('-1.5512');
	await form.getByLabel('Ce lieu reçoit du public').check();
	await form.getByLabel('Fait partie de').fill(`${app.url}/places/${bus.properties.id}`);
	await writeHours(member, 'We 14:00-18:00; Sa 10:00-12:00; PH off');
	await form.getByLabel('Premier jour').first().fill('2026-12-24');
	await form.getByLabel('Dernier jour').first().fill('2027-01-02');
	await form.getByLabel('Raison').first().fill('fêtes');
	await form.getByLabel('Commence le').fill('2026-09-01');
	await form.getByLabel('Se termine le').fill('2028-06-30');
	await form.getByLabel('Téléphone (facultatif)', { exact: true }).fill('02 40 41 90 00');
	await form.getByLabel('Adresse e-mail').first().fill('bonjour@couture.example');
	await form.getByLabel('Site internet').fill('https://couture.example/atelier');
	await form.getByRole('group', { name: 'Public accueilli' }).first().getByLabel('Adultes').check();
	await form.getByLabel('Prix').first().selectOption('Gratuit');
	await form
		.getByLabel(/^Rendez-vous/)
		.first()
		.selectOption('Sans rendez-vous');
	await form.getByLabel('Accès en fauteuil roulant').selectOption('Accessible avec une aide');
	await form.getByLabel('arabe').check();
	await form.getByLabel('Nom de l’activité').fill('Premiers points');
	await form.getByLabel('Organisme responsable').selectOption('Les Voisins du quai (exemple)');
	await axe(member);
	await sendForm(member);
	await expect(member.getByRole('heading', { name: 'En attente d’une décision' })).toBeVisible();

	await accept(await person('moderateur'), name);
	await expect.poll(async () => (await exported(app)).some(({ properties }) => properties.name === name)).toBe(true);
	const { properties, geometry } = await placeNamed(app, name);
	expect(geometry.coordinates).toEqual([-1.5512, 47.2372]);
	expect(properties).toMatchObject({
		...{ kind: 'initiative', category: 'atelier-reparation', area: 'nantes-hauts-paves-saint-felix' },
		...{ summary: 'On raccommode ensemble.', description: 'Machines et fil sur place.' },
		...{ address: '3 rue de la Tortière', postcode: '44300', city: 'Nantes', precision: 'exact' },
		opening_hours: 'We 14:00-18:00; Sa 10:00-12:00; PH off',
		closures: [{ from: '2026-12-24', to: '2027-01-02', reason: 'fêtes' }],
		...{ starts_on: '2026-09-01', ends_on: '2028-06-30', phone: '02 40 41 90 00', email: 'bonjour@couture.example' },
		...{ website: 'https://couture.example/atelier', audience: ['adults'], cost: 'free', booking: 'none' },
		...{ wheelchair: 'limited', languages: ['ar'], steward: 'voisins-du-quai-exemple' },
		offers: [expect.objectContaining({ name: 'Premiers points' })]
	});
	expect(Object.values(properties['extra'] as object)).toEqual([['rideaux', 'vêtements']]);
	await page.goto('/?q=couture+tortiere');
	await page.getByRole('link', { name }).click();
	await expect(page.getByRole('table', { name: 'Horaires' })).toContainText('14');
	await expect(page.getByRole('link', { name: /^Fait partie de Fil à fil/ })).toBeVisible();
	await axe();
});

test('what was typed, ticked and chosen before the page’s code arrived is kept @js', async ({ app, person }) => {
	const { properties } = await placeNamed(app, 'Boîte à dons des Hauts-Pavés');
	const resident = await person('habitant');
	let arrive = () => {};
	const arrived = new Promise<void>((resolve) => (arrive = resolve));
	await resident.route('**/_app/immutable/entry/*.js', async (route) => {
		await arrived;
		await route.continue();
	});
	await resident.goto(`/places/${properties.id}/edit`, { waitUntil: 'commit' });
	await openSections(resident);
	await resident.getByLabel('En une phrase').first().fill('Tapé dans un tunnel.');
	await resident.getByLabel('Catégorie', { exact: true }).selectOption({ label: 'Atelier de réparation' });
	await resident.getByLabel('arabe').check();
	await resident.getByLabel('Fermé définitivement').check();
	await expect(resident.getByRole('button', { name: 'Choisir', exact: true })).toBeVisible();
	await resident.getByLabel('Nom').first().selectText();
	arrive();
	await expect(resident.getByRole('button', { name: 'Choisir', exact: true })).toBeHidden();
	await resident.keyboard.insertText('Écrit par-dessus');
	await expect(resident.getByLabel('Nom').first()).toHaveValue('Écrit par-dessus');
	await expect(resident.getByLabel('On y répare')).toBeVisible();
	await expect(resident.getByLabel('En une phrase').first()).toHaveValue('Tapé dans un tunnel.');
	await expect(resident.getByLabel('arabe')).toBeChecked();
	await expect(resident.getByLabel('Fermé définitivement')).toBeChecked();
	// Choosing another one afterwards still unticks the first.
	await resident.getByLabel('A déménagé').check();
	await expect(resident.getByLabel('Fermé définitivement')).not.toBeChecked();
});

test('who mends a refused form before the page’s code arrives stays in her field @js', async ({ app, page }) => {
	const { properties } = await placeNamed(app, 'Boîte à dons des Hauts-Pavés');
	await page.goto(`/places/${properties.id}/edit`);
	await openSections(page);
	await page.getByLabel('En une phrase').first().fill('On donne, on prend.');
	await page.getByLabel('Votre adresse e-mail').fill('pas une adresse');
	let arrive = () => {};
	const arrived = new Promise<void>((resolve) => (arrive = resolve));
	await page.route('**/_app/immutable/entry/*.js', async (route) => {
		await arrived;
		await route.continue();
	});
	await sendForm(page);
	await page.waitForURL(/submit/, { waitUntil: 'commit' });
	await expect(page.getByRole('alert')).toContainText('une adresse s’écrit nom@exemple.fr');
	await expect(page.getByRole('alert')).toBeFocused();
	await page.getByLabel('Votre adresse e-mail').click();
	await page.getByLabel('Votre adresse e-mail').selectText();
	const height = await page.evaluate(() => scrollY);
	expect(height).toBeGreaterThan(1000);
	arrive();
	await expect(page.getByRole('button', { name: 'Choisir', exact: true })).toBeHidden();
	expect(await page.evaluate(() => scrollY), 'a click under way would be lost').toBe(height);
	await page.keyboard.press('Delete');
	await expect(page.getByLabel('Votre adresse e-mail')).toHaveValue('');
	// Without her in a field, the answer is read out from its list.
	await page.unroute('**/_app/immutable/entry/*.js');
	await page.getByLabel('Votre adresse e-mail').fill('toujours pas');
	await sendForm(page);
	await expect(page.getByRole('alert')).toBeFocused();
	// A sentence that is no longer true goes when the field is left, but not from above the button that one is pressing.
	await expect(page.getByRole('button', { name: 'Choisir', exact: true })).toBeHidden();
	const address = page.getByLabel('Votre adresse e-mail');
	await address.fill('voisine@quai.example');
	const button = page.getByRole('button', { name: 'Envoyer mes corrections' });
	await button.hover();
	const { y } = (await button.boundingBox())!;
	await page.mouse.down();
	await expect(address).not.toBeFocused();
	await page.waitForTimeout(300);
	await expect(address).toHaveAttribute('aria-invalid', 'true');
	expect((await button.boundingBox())!.y).toBe(y);
	await page.mouse.up();
	await expect(page.getByText('Un instant\u00a0: nous vérifions')).toBeVisible();
	await expect(address).not.toHaveAttribute('aria-invalid');
});

test('a click on the map places a new place @js @map', async ({ app, person }) => {
	const name = 'Banc des lecteurs';
	const resident = await person('habitant');
	await startNewPlace(resident, name, 'Boîte à livres');
	const map = resident.getByRole('group', { name: 'Carte : cliquez pour placer le point' });
	await map.scrollIntoViewIfNeeded();
	await expect(async () => {
		await map.locator('canvas').click();
		await expect(resident.getByLabel('Latitude')).not.toHaveValue('', { timeout: 500 });
	}).toPass();
	const lat = Number(await resident.getByLabel('Latitude').inputValue());
	const lon = Number(await resident.getByLabel('Longitude').inputValue());
	await sendForm(resident);
	await expect(resident.getByRole('heading', { level: 1 })).toHaveText('Merci !');
	await accept(await person('moderateur'), name);
	await expect
		.poll(async () => (await exported(app)).find(({ properties }) => properties.name === name)?.geometry.coordinates)
		.toEqual([lon, lat]);
});

test('a steward’s member and an agent in her quartier publish at once, an agent elsewhere waits @loop', async ({
	page,
	app,
	person
}) => {
	const correct = async (who: Page, name: string, hours: string) => {
		const { properties } = await placeNamed(app, name);
		await who.goto(`/places/${properties.id}/edit`);
		await writeHours(who, hours);
		await sendForm(who);
		return properties.id;
	};
	const member = await person('association');
	const cafe = await correct(member, 'Le Chaleureux', 'Tu-Fr 10:00-20:00; Sa 10:00-13:00');
	await expect(member.getByRole('heading', { name: 'En ligne dès maintenant' })).toBeVisible();
	await untilExported(app, cafe, { opening_hours: 'Tu-Fr 10:00-20:00; Sa 10:00-13:00' });
	await page.goto(`/places/${cafe}`);
	await expect(page.getByText(/vérifié par Les Voisins du quai \(exemple\) le/).first()).toBeVisible();

	const agent = await person('agente');
	const parents = await correct(agent, 'Café des parents de Zola', 'Th 09:00-12:00');
	await expect(agent.getByRole('heading', { name: 'En ligne dès maintenant' })).toBeVisible();
	await untilExported(app, parents, { opening_hours: 'Th 09:00-12:00' });

	await correct(agent, 'Gym douce du Cens', 'Tu,Fr 10:00-11:30');
	await expect(agent.getByRole('heading', { name: 'En attente d’une décision' })).toBeVisible();
	expect((await placeNamed(app, 'Gym douce du Cens')).properties['opening_hours']).toBe('Tu,Fr 10:00-11:00');
});

test('two people change the same fact: the second is told, and the moderator sees both values', async ({ app, axe, person }) => {
	const { properties } = await placeNamed(app, 'Boîte à dons des Hauts-Pavés');
	const resident = await person('habitant');
	const moderator = await person('moderateur');
	await resident.goto(`/places/${properties.id}/edit`);
	await writeHours(resident, 'Mo-Fr 08:00-20:00');
	await moderator.goto(`/places/${properties.id}/edit`);
	await writeHours(moderator, 'Mo-Sa 09:00-19:00');
	await sendForm(moderator);
	await expect(moderator.getByRole('heading', { name: 'En ligne dès maintenant' })).toBeVisible();

	await sendForm(resident);
	await expect(resident.getByRole('heading', { name: 'Le lieu a changé pendant que vous écriviez' })).toBeVisible();
	await expect(resident.getByText('Sur la carte maintenant')).toContainText('09:00-19:00');
	await axe(resident);
	await openWaiting(moderator, properties.name);
	await expect(moderator.getByText('Le lieu a changé depuis que l’auteur l’a vu.')).toBeVisible();
	await expect(moderator.getByRole('checkbox', { name: 'Accepter : Horaires d’ouverture' })).not.toBeChecked();
	await axe(moderator);
});

test('a form sent twice at once and once more is one proposal', async ({ app, person }) => {
	const { properties } = await placeNamed(app, 'Compost du Breil');
	const resident = await person('habitant');
	await resident.goto(`/places/${properties.id}/edit`);
	await openSections(resident);
	await resident.getByLabel('En une phrase').first().fill('Le bac au pied de la tour.');
	const fields = await resident
		.locator('form[action*="submit"]')
		.evaluate((form: HTMLFormElement) => [...new FormData(form)].map(([name, value]) => [name, String(value)]));
	const body = new URLSearchParams(fields as [string, string][]).toString();
	const post = () =>
		resident.request.post(`/places/${properties.id}/edit?/submit`, {
			data: body,
			headers: { origin: app.url, 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' }
		});
	const answers = await Promise.all([post(), post()]);
	expect(answers.map((answer) => answer.status())).toEqual([200, 200]);
	await resident.getByRole('button', { name: 'Envoyer mes corrections' }).dblclick();
	await expect(resident.getByRole('heading', { level: 1 })).toHaveText('Merci !');
	await expect(await ownProposals(resident, properties.name)).toHaveCount(1);
});

test('what is wrong is said at its field, and everything typed stays @plain', async ({ axe, person }) => {
	const resident = await person('habitant');
	await startNewPlace(resident, 'Le Banc', 'Boîte à livres');
	await openSections(resident);
	await resident.getByLabel('Latitude').fill('quarante-sept');
	await writeHours(resident, 'du lundi au jeudi');
	await resident.getByLabel('Adresse e-mail').fill('bonjour');
	await resident.getByLabel('Comment le savez-vous ?').first().fill('Je passe devant.');
	await sendForm(resident);
	const summary = resident.getByRole('alert').filter({ hasText: 'À revoir avant d’envoyer' });
	await expect(summary.getByRole('link')).toHaveCount(3);
	await expect(resident.getByLabel('Latitude')).toHaveAttribute('aria-invalid', 'true');
	await expect(resident.getByLabel('Latitude')).toHaveValue('quarante-sept');
	await expect(resident.getByLabel('Horaires d’ouverture').first()).toHaveAccessibleDescription(/nous n’avons pas compris/);
	await expect(resident.getByLabel('Adresse e-mail')).toHaveValue('bonjour');
	await expect(resident.getByLabel('Nom', { exact: true })).toHaveValue('Le Banc');
	await expect(resident.getByLabel('Comment le savez-vous ?').first()).toHaveValue('Je passe devant.');
	await axe(resident);
});
