import { expect, test } from '../support/fixtures.ts';
import {
	csvRow,
	drawnAt,
	openWaiting,
	ownProposals,
	placeNamed,
	popupAt,
	sendForm,
	untilExported,
	openSections,
	writeHours
} from './steps.ts';

const before = { name: 'La Roue voisine, atelier vélo (exemple)', opening_hours: 'Tu,Th 17:00-20:00; Sa 14:00-18:00' };
const after = { name: 'La Roue voisine, vélos et remorques (exemple)', opening_hours: 'Tu,Th 17:00-21:30; Sa 14:00-18:00' };

test('found, proposed, decided in part, shown everywhere, undone @loop', async ({
	page,
	app,
	axe,
	person,
	javaScriptEnabled
}) => {
	test.setTimeout(120_000);
	const { properties, geometry } = await placeNamed(app, 'La Roue voisine');
	const { id, slug } = properties;
	const resident = await person('habitant');
	const moderator = await person('moderateur');

	await test.step('a resident finds the place by a word and a quartier', async () => {
		await resident.goto('/');
		await axe(resident);
		await resident.getByLabel('Que cherchez-vous ?').fill('reparer velo');
		await resident.keyboard.press('Enter');
		await expect(resident.getByRole('list', { name: 'Filtres' })).toContainText('reparer velo');
		await resident.locator('summary', { hasText: 'Plus de filtres' }).click();
		await resident.getByLabel('Quartier').selectOption({ value: 'nantes-malakoff-saint-donatien' });
		await resident.getByRole('button', { name: 'Appliquer' }).click();
		await expect(resident).toHaveURL(/area=nantes-malakoff-saint-donatien/);
		await axe(resident);
		await resident.getByRole('list', { name: 'Liste des lieux' }).getByRole('link', { name: before.name }).click();
		await expect(resident).toHaveURL(`/places/${id}/${slug}`);
		await expect(resident.getByRole('heading', { level: 1 })).toHaveText(before.name);
		await axe(resident);
	});

	await test.step('she proposes three corrections', async () => {
		await resident.getByRole('link', { name: 'Proposer une correction' }).click();
		await axe(resident);
		await resident.getByLabel('Nom').first().fill(after.name);
		await openSections(resident);
		await writeHours(resident, after.opening_hours);
		await resident.getByLabel('Accès en fauteuil roulant').selectOption('Accessible');
		await resident.getByLabel('Comment le savez-vous ?').first().fill('J’y étais mardi.');
		await sendForm(resident);
		await expect(resident.getByRole('heading', { name: 'En attente d’une décision' })).toBeVisible();
		await axe(resident);
		const [proposal] = await (await ownProposals(resident, before.name)).all();
		await expect(proposal!).toContainText('En attente');
		await axe(resident);
	});

	await test.step('nothing has changed yet', async () => {
		await page.goto(`/places/${id}`);
		await expect(page.getByRole('heading', { level: 1 })).toHaveText(before.name);
	});

	await test.step('a moderator accepts two of them and refuses the third, with a reason', async () => {
		await openWaiting(moderator, before.name);
		await expect(moderator.getByText('J’y étais mardi.')).toBeVisible();
		await axe(moderator);
		await moderator.getByRole('checkbox', { name: 'Accepter : Accès en fauteuil roulant' }).uncheck();
		await moderator.getByLabel('Raison du refus').selectOption('Impossible à vérifier');
		await moderator.getByLabel('Message à l’auteur').fill('Il reste une marche : nous demandons à l’atelier.');
		await moderator.getByRole('button', { name: 'Accepter', exact: true }).click();
		await expect(moderator.getByRole('status').first()).toContainText('Accepté en partie');
		await axe(moderator);
	});

	await test.step('the file, the table, the tile, the page, the list and the search show it', async () => {
		await untilExported(app, id, { ...after, wheelchair: null, version: properties.version + 1 });
		expect(await csvRow(app, id)).toContain(after.opening_hours);
		expect(await drawnAt(app, geometry.coordinates)).toContainEqual(expect.objectContaining({ id, name: after.name }));
		await page.goto(`/places/${id}/${slug}`);
		await expect(page.getByRole('heading', { level: 1 })).toHaveText(after.name);
		await expect(page).not.toHaveURL(new RegExp(`${slug}$`));
		await expect(page.getByRole('table', { name: 'Horaires' })).toContainText(/21.{1,3}30/);
		await expect(page.getByText(/^vérifié par .+ le \d/).first()).toBeVisible();
		await expect(page.getByText('Accès en fauteuil roulant')).toHaveCount(0);
		await axe();
		if (javaScriptEnabled) await expect(await popupAt(page, `Carte : ${after.name}`)).toContainText(after.name);
		await page.goto('/?q=remorques');
		await expect(page.getByRole('list', { name: 'Liste des lieux' }).getByRole('link')).toHaveText([after.name]);
		await page.goto('/?category=atelier-velo');
		await expect(page.getByRole('link', { name: after.name })).toBeVisible();
		const found = (await (await fetch(`${app.url}/api/search?q=remorques`)).json()) as { features: unknown[] };
		expect(found.features).toHaveLength(1);
	});

	await test.step('the resident reads why the third was refused', async () => {
		const proposal = (await ownProposals(resident, after.name)).first();
		await expect(proposal).toContainText('Acceptée en partie');
		await expect(proposal).toContainText('Impossible à vérifier');
		await expect(proposal).toContainText('Il reste une marche');
		await axe(resident);
	});

	await test.step('anyone reads the difference; the moderator undoes it', async () => {
		await page.goto(`/places/${id}/history`);
		const change = page.getByRole('listitem').filter({ has: page.getByRole('heading', { level: 2 }) });
		await expect(change.first()).toContainText('remorques');
		await expect(change.first()).toContainText(/21.{1,3}30/);
		await expect(page.getByRole('button', { name: 'Annuler' })).toHaveCount(0);
		await axe();
		await moderator.goto(`/places/${id}/history`);
		await axe(moderator);
		await moderator
			.getByRole('button', { name: /Annuler/ })
			.first()
			.click();
		await expect(moderator.getByRole('status').first()).toContainText('annulé');
	});

	await test.step('everything says what it said, and the proposal waits again', async () => {
		await untilExported(app, id, { ...before, wheelchair: null, version: properties.version + 2 });
		expect(await csvRow(app, id)).toContain(before.opening_hours);
		expect(await drawnAt(app, geometry.coordinates)).toContainEqual(expect.objectContaining({ id, name: before.name }));
		await page.goto(`/places/${id}`);
		await expect(page.getByRole('heading', { level: 1 })).toHaveText(before.name);
		await expect(page).toHaveURL(`/places/${id}/${slug}`);
		await page.goto('/?q=remorques');
		await expect(page.getByText('Aucun lieu ne correspond')).toBeVisible();
		await axe();
		await expect((await ownProposals(resident, before.name)).first()).toContainText('En attente');
		await openWaiting(moderator, before.name);
		await expect(moderator.getByRole('checkbox', { name: /^Accepter : / })).toHaveCount(3);
	});
});
