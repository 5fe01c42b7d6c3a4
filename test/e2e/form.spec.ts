import { expect, test } from '../support/fixtures.ts';
import { townDay } from '../support/town-day.ts';
import { exported, openSections, openWaiting, placeNamed, sendForm } from './steps.ts';

test('a workshop’s link opens the form, the hours are filled in day by day, and its maker follows what came in @js @map', async ({
	page,
	app,
	axe,
	person
}) => {
	const agent = await person('agente');
	await agent.goto('/c');
	await agent.getByLabel('Titre').fill('Atelier carte du quai');
	await agent.getByRole('button', { name: 'Créer la campagne' }).click();
	const link = await agent.getByLabel('Lien à partager').inputValue();
	await axe(agent);
	// It takes longer than was thought; its address stays, which is printed on the poster.
	await agent.getByText('Changer le titre, le territoire ou les dates').click();
	await agent.getByLabel('Dernier jour').fill(townDay(9));
	await agent.getByRole('button', { name: 'Enregistrer' }).click();
	await expect(agent.getByText(/^Du \d/)).toBeVisible();
	expect(await agent.getByLabel('Lien à partager').inputValue()).toBe(link);

	// Nobody's words are counted with it unseen: a visitor without an account is told too, and may leave.
	await page.goto(link);
	const told = page.getByText('sera compté avec cette campagne');
	await expect(told).toBeVisible();
	const known = await placeNamed(app, 'Passage Sainte-Croix');
	await page.goto(`/places/${known.properties.id}/edit`);
	await expect(told).toBeVisible();
	await page.getByRole('button', { name: 'Contribuer sans cette campagne' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Proposer un lieu');
	await expect(told).toBeHidden();

	const resident = await person('habitant');
	await resident.goto(link);
	await expect(resident.getByText('Atelier carte du quai')).toBeVisible();
	await resident.getByLabel('Nom', { exact: true }).fill('Ressourcerie du quai');
	await resident.getByLabel('Catégorie', { exact: true }).selectOption({ label: 'Atelier de réparation' });
	await resident.getByLabel('Latitude').fill('https://www.openstreetmap.org/#map=17/47.2201/-1.5634');
	await resident.getByLabel('Longitude').focus();
	await expect(resident.getByLabel('Longitude')).toHaveValue('-1.5634');
	const pin = resident.getByLabel(/flèches du clavier/);
	await pin.press('ArrowUp');
	await expect(resident.getByLabel('Latitude')).not.toHaveValue('47.2201');
	// An activity has hours of its own, folded away.
	const hours = resident.getByRole('group', { name: /^Horaires d’ouverture/ });
	await hours.getByLabel('Mardi', { exact: true }).selectOption('Ouvert');
	await hours.getByRole('button', { name: 'Mardi : ajouter un horaire' }).click();
	await hours.getByText('Copier ce jour…').click();
	await hours.getByRole('checkbox', { name: 'Samedi' }).check();
	await hours.getByRole('button', { name: 'Copier', exact: true }).click();
	await hours.getByLabel('Jours fériés').selectOption('Fermé');
	await resident.getByLabel('Téléphone (facultatif)', { exact: true }).fill('06 12');
	await hours.getByLabel('Jours fériés').focus();
	await expect(resident.getByLabel('Téléphone (facultatif)', { exact: true })).toHaveAccessibleDescription(/écrivez le numéro/);
	await axe(resident);

	// Left and come back to: the draft is offered, not applied.
	await expect(resident.getByText('Brouillon gardé dans ce navigateur.')).toBeVisible();
	await resident.reload();
	await expect(resident.getByLabel('Nom', { exact: true })).toHaveValue('');
	await resident.getByRole('button', { name: 'Reprendre mon brouillon' }).click();
	await expect(resident.getByLabel('Nom', { exact: true })).toHaveValue('Ressourcerie du quai');
	await expect(hours.getByRole('combobox', { name: 'Samedi', exact: true })).toHaveValue('open');
	await resident.getByLabel('Téléphone (facultatif)', { exact: true }).fill('06 12 34 56 78');
	await sendForm(resident);
	await expect(resident.getByRole('alert')).toContainText('C’est un numéro de mobile');
	await axe(resident);
	await resident.getByLabel('Téléphone (facultatif)', { exact: true }).fill('02 40 12 34 56');
	await resident.getByRole('button', { name: 'Envoyer tel quel' }).last().click();
	await expect(resident.getByRole('heading', { level: 1 })).toHaveText('Merci !');
	await resident.goto('/places/new');
	await expect(resident.getByRole('button', { name: 'Reprendre mon brouillon' })).toBeHidden();

	await agent.reload();
	await expect(agent.getByRole('listitem').filter({ hasText: 'Ressourcerie du quai' })).toContainText('En attente');
	const moderator = await person('moderateur');
	await openWaiting(moderator, 'Ressourcerie du quai');
	await expect(moderator.getByText('Campagne : atelier-carte-du-quai')).toBeVisible();
	await moderator.getByRole('button', { name: 'Accepter', exact: true }).click();
	await expect(moderator.getByRole('status').first()).toContainText('Accepté');
	await expect
		.poll(async () => (await exported(app)).some(({ properties }) => properties.name === 'Ressourcerie du quai'))
		.toBe(true);
	const { properties } = await placeNamed(app, 'Ressourcerie du quai');
	expect(properties).toMatchObject({
		kind: 'initiative',
		opening_hours: 'Tu,Sa 09:00-12:00,14:00-18:00; PH off',
		phone: '02 40 12 34 56'
	});
});

test('a place that is on the map already is shown before it is proposed twice, and a place may be said in words @plain', async ({
	app,
	axe,
	person,
	javaScriptEnabled
}) => {
	const { geometry } = await placeNamed(app, 'Compost du Breil');
	const resident = await person('habitant');
	await resident.goto('/places/new');
	await resident.getByLabel('Nom', { exact: true }).fill('Composteur du Breil');
	await resident.getByLabel('Catégorie', { exact: true }).selectOption({ label: 'Boîte à livres' });
	await resident.getByLabel('Latitude').fill(`${geometry.coordinates[1]}, ${geometry.coordinates[0] + 0.0005}`);
	if (javaScriptEnabled) {
		await resident.getByLabel('Longitude').focus();
		await expect(resident.getByRole('status').filter({ hasText: 'Compost du Breil' })).toContainText('à 40 m');
	} else {
		await sendForm(resident);
		await expect(resident.getByRole('alert')).toContainText('Compost du Breil');
		await expect(resident.getByRole('link', { name: /C’est celui-ci/ })).toHaveAttribute('href', /edit$/);
		await axe(resident);
	}
	// Another place after all, and nobody knows where exactly.
	await resident.getByLabel('Nom', { exact: true }).fill('Livres sous le préau');
	await resident.getByLabel('Latitude').fill('');
	await resident.getByLabel('Longitude').fill('');
	await openSections(resident);
	await resident.getByLabel('Dites où c’est avec vos mots').fill('À côté de la pharmacie');
	await resident
		.getByRole('button', { name: /^Envoyer (ma proposition|tel quel)$/ })
		.last()
		.click();
	await expect(resident.getByLabel('Dans quel quartier ?')).toHaveAttribute('aria-invalid', 'true');
	const quartier = await resident.getByLabel('Dans quel quartier ?').getByRole('option').nth(3).textContent();
	await resident.getByLabel('Dans quel quartier ?').selectOption(quartier);
	await sendForm(resident);
	await expect(resident.getByRole('heading', { level: 1 })).toHaveText('Merci !');
	const moderator = await person('moderateur');
	await openWaiting(moderator, 'Livres sous le préau');
	await expect(moderator.getByText('Où : À côté de la pharmacie')).toBeVisible();
});
