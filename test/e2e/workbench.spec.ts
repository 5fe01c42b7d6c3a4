import { expect, test } from '../support/fixtures.ts';
import { exported, ownProposals, placeNamed, sendForm, untilExported } from './steps.ts';

test.describe.configure({ timeout: 180_000 });

test('accepted in part and refused in part with the keyboard, contested, and heard by a colleague @both', async ({
	app,
	axe,
	person
}) => {
	const place = await placeNamed(app, 'Jardin des Fonderies');
	const { id, name } = place.properties;
	const resident = await person('habitant');
	const moderator = await person('moderateur');
	const keyboard = moderator.keyboard;

	await test.step('a resident proposes two corrections, one with a mobile number', async () => {
		await resident.goto(`/places/${id}/edit`);
		await resident.getByLabel('En une phrase').first().fill('Ouvert à toutes et à tous.');
		await resident.getByLabel('Téléphone').first().fill('06 12 34 56 78');
		await sendForm(resident);
		// The form points the number out; she sends it all the same.
		await resident.getByRole('button', { name: 'Envoyer tel quel' }).last().click();
		await expect(resident.locator('h1')).toContainText('Merci');
	});

	await test.step('the moderator finds it by its filter, and what is somebody’s own is pointed out', async () => {
		await moderator.goto('/moderation');
		await moderator.locator('summary', { hasText: 'Filtrer la file' }).click();
		await moderator.getByLabel('De la part de').selectOption('resident');
		await moderator.getByRole('button', { name: 'Appliquer' }).click();
		await expect(moderator).toHaveURL(/author=resident/);
		await moderator.getByRole('navigation', { name: 'File d’attente' }).getByRole('link', { name }).last().click();
		await expect(moderator.getByRole('heading', { level: 2, name })).toBeVisible();
		await expect(moderator.locator('article')).toContainText('Numéro de mobile : 06 12 34 56 78');
		await axe(moderator);
	});

	await test.step('asks with the keyboard, and the answer comes back to the item', async () => {
		await expect(moderator.locator('kbd').first()).toBeVisible();
		await keyboard.press('d');
		await expect(moderator.getByLabel('Message à l’auteur')).toBeFocused();
		await keyboard.type('Est-ce le numéro du lieu ?');
		await keyboard.press('Tab');
		await keyboard.press('d');
		await expect(moderator.getByRole('status')).toContainText('La question est posée');
		await expect(moderator).toHaveURL(/author=resident/);
		const [own] = await (await ownProposals(resident, name)).all();
		await own!.getByLabel('Votre réponse').fill('C’est celui de l’animatrice.');
		await own!.getByRole('button', { name: 'Envoyer ma réponse' }).click();
		await expect(resident.getByRole('status')).toContainText('Votre réponse est envoyée');
	});

	await test.step('unticks one fact, refuses it with a reason and accepts the other, by keys alone', async () => {
		await moderator.goto('/moderation');
		await moderator.getByRole('navigation', { name: 'File d’attente' }).getByRole('link', { name }).last().click();
		await expect(moderator.locator('article')).toContainText('C’est celui de l’animatrice.');
		await expect(moderator.locator('article')).toContainText('Est-ce le numéro du lieu ?');
		const phone = moderator.getByRole('checkbox', { name: 'Accepter : Téléphone' });
		const boxes = moderator.locator('form.deciding input[name=facts]');
		const place = (await boxes.evaluateAll((all) => all.map((box) => (box as HTMLInputElement).value))).indexOf('phone');
		await keyboard.press(String(place + 1));
		await expect(phone).not.toBeChecked();
		await keyboard.press('r');
		await expect(moderator.getByLabel('Raison du refus')).toBeFocused();
		await moderator.getByLabel('Raison du refus').selectOption('personal_data');
		await phone.focus();
		await keyboard.press('a');
		await expect(moderator.getByRole('status')).toContainText('Accepté en partie');
		await axe(moderator);
		await untilExported(app, id, { summary: 'Ouvert à toutes et à tous.', phone: null });
	});

	await test.step('a key does nothing once they are switched off, and this is remembered', async () => {
		await moderator.locator('summary', { hasText: 'Raccourcis clavier' }).click();
		await moderator.getByLabel('Décider avec une touche').uncheck();
		await moderator.reload();
		await expect(moderator.locator('summary', { hasText: 'Raccourcis clavier' })).toBeVisible();
		await expect(moderator.locator('article kbd')).toHaveCount(0);
		const before = moderator.url();
		await keyboard.press('n');
		expect(moderator.url()).toBe(before);
	});

	await test.step('the author contests', async () => {
		const [own] = await (await ownProposals(resident, name)).all();
		await own!.locator('summary', { hasText: 'Contester cette décision' }).click();
		await axe(resident);
		await own!.getByLabel('Pourquoi n’êtes-vous pas d’accord ?').fill('Elle l’affiche sur la porte.');
		await own!.getByRole('button', { name: 'Envoyer ma contestation' }).click();
		await expect(resident.getByRole('status')).toContainText('Votre contestation est enregistrée');
	});

	await test.step('not the decider, but a colleague hears it', async () => {
		await moderator.goto('/moderation?kind=appeal');
		await expect(moderator.locator('article')).toContainText('quelqu’un d’autre répondra');
		const coordinator = await person('coordinatrice');
		await coordinator.goto('/moderation?kind=appeal');
		await expect(coordinator.locator('article')).toContainText('Elle l’affiche sur la porte.');
		await axe(coordinator);
		await coordinator.getByRole('button', { name: 'Donner raison à l’auteur' }).click();
		await expect(coordinator.locator('article')).toContainText('Écrivez vos raisons');
		await coordinator.getByLabel('Vos raisons').fill('Vérifié : il est public.');
		await coordinator.getByRole('button', { name: 'Donner raison à l’auteur' }).click();
		await expect(coordinator.getByRole('status')).toContainText('La décision est renversée');
		await untilExported(app, id, { phone: '06 12 34 56 78' });
		await expect((await ownProposals(resident, name)).first()).toContainText('vous aviez raison');
	});
});

test('several are rehearsed, then decided together @plain', async ({ app, axe, person }) => {
	const first = await placeNamed(app, 'Boîte à livres de Barberie');
	const second = await placeNamed(app, 'Boîte à livres de la Fosse');
	const resident = await person('habitant');
	for (const { properties } of [first, second]) {
		await resident.goto(`/places/${properties.id}/edit`);
		await resident.getByLabel('En une phrase').first().fill(`Résumé de ${properties.id}`);
		await sendForm(resident);
		await expect(resident.locator('h1')).toContainText('Merci');
	}
	const moderator = await person('moderateur');
	await moderator.goto('/moderation');
	for (const { properties } of [first, second])
		await moderator
			.getByRole('checkbox', { name: `Choisir pour décider ensemble : ${properties.name}` })
			.last()
			.check();
	await moderator.getByRole('button', { name: 'Décider ensemble des choix cochés' }).click();
	await expect(moderator.getByRole('heading', { name: '2 sur 2 seraient décidées' })).toBeVisible();
	await axe(moderator);
	await expect(
		(await exported(app)).find(({ properties }) => properties.id === first.properties.id)!.properties['summary']
	).not.toBe(`Résumé de ${first.properties.id}`);
	await moderator.getByRole('button', { name: 'Accepter ces 2 propositions' }).click();
	await expect(moderator.getByRole('status')).toContainText('2 propositions sont décidées');
	await untilExported(app, first.properties.id, { summary: `Résumé de ${first.properties.id}` });
	await untilExported(app, second.properties.id, { summary: `Résumé de ${second.properties.id}` });
	await moderator.goto('/indicators');
	await expect(moderator.getByRole('heading', { level: 2, name: 'Décisions' })).toBeVisible();
	await axe(moderator);
});
