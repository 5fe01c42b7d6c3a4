import type { Page } from '@playwright/test';
import { DEMO_PASSWORD } from '../support/app.ts';
import { expect, test } from '../support/fixtures.ts';
import { openSections, placeNamed } from './steps.ts';

// Each story signs in three or four times, and a password is slow to check on purpose.
test.describe.configure({ timeout: 120_000 });

/** Example places of nobody, so that a resident's word waits; each story takes one of its own. */
async function placeOf(page: Page, index: number): Promise<{ id: string; name: string; phone: string | null }> {
	const answer = await page.request.get('/data/places.geojson');
	const { features } = (await answer.json()) as {
		features: { properties: { id: string; name: string; steward: string | null; kind: string; phone: string | null } }[];
	};
	const free = features.map(({ properties }) => properties).filter(({ steward, kind }) => !steward && kind === 'service');
	const place = free.at(index);
	if (!place) throw new Error('the demo territory has no such place');
	return place;
}

/** The moderator's page of the last proposal about this place. */
async function openItem(page: Page, name: string): Promise<void> {
	await page.goto('/moderation');
	await page.getByRole('navigation', { name: 'File d’attente' }).getByRole('link').filter({ hasText: name }).last().click();
	await expect(page.locator('article h2')).toHaveText(name);
}

async function change(page: Page, id: string, label: string, value: string): Promise<void> {
	await page.goto(`/places/${id}/edit`);
	await openSections(page);
	await page.getByLabel(label, { exact: false }).first().fill(value);
	await page.getByRole('button', { name: 'Envoyer mes corrections' }).click();
	await expect(page.locator('h1')).toContainText('Merci');
}

test('a moderator corrects a value before she accepts it @plain', async ({ page, signInAs, axe }) => {
	const { id, name } = await placeOf(page, 3);
	await signInAs('habitant');
	await change(page, id, 'En une phrase', 'Un résumé avec une fote.');
	await page.context().clearCookies();
	await signInAs('moderateur');
	await openItem(page, name);
	await page.locator('summary', { hasText: 'Modifier avant d’accepter' }).click();
	await axe();
	await page.locator('article input[name=summary], article textarea[name=summary]').fill('Un résumé sans faute.');
	await page.getByRole('button', { name: 'Accepter', exact: true }).click();
	await expect(page.getByRole('status')).toContainText('C’est en ligne');
	await expect(async () => {
		await page.goto(`/places/${id}`);
		await expect(page.locator('main')).toContainText('Un résumé sans faute.', { timeout: 500 });
	}).toPass();
	await page.goto(`/places/${id}/history`);
	await axe();
	await page
		.getByRole('button', { name: /Annuler/ })
		.first()
		.click();
	await expect(page.getByRole('status')).toBeVisible();
});

test('a question goes to the author and her answer comes back @plain', async ({ page, signInAs, axe }) => {
	const { id, name } = await placeOf(page, 4);
	await signInAs('habitant');
	await change(page, id, 'En une phrase', 'Ouvert à toutes et à tous.');
	await page.context().clearCookies();
	await signInAs('moderateur');
	await openItem(page, name);
	await page.getByRole('button', { name: 'Demander une précision' }).click();
	await expect(page.getByRole('alert').or(page.locator('[aria-invalid=true]')).first()).toBeVisible();
	await page.getByLabel('Message à l’auteur').fill('D’où le savez-vous ?');
	await page.getByRole('button', { name: 'Demander une précision' }).click();
	await expect(page.getByRole('status')).toContainText('La question est posée');
	await page.context().clearCookies();
	await signInAs('habitant');
	await page.goto('/me');
	await expect(page.locator('main')).toContainText('D’où le savez-vous ?');
	await axe();
	await page.getByLabel('Votre réponse').first().fill('J’y suis allée hier.');
	await page.getByRole('button', { name: 'Envoyer ma réponse' }).first().click();
	await expect(page.getByRole('status')).toContainText('Votre réponse est envoyée');
	await page.context().clearCookies();
	await signInAs('moderateur');
	await openItem(page, name);
	await expect(page.locator('article')).toContainText('J’y suis allée hier.');
});

test('a duplicate is merged, and its address leads to the place that stays', async ({ page, signInAs, axe }) => {
	const gone = await placeOf(page, 5);
	const kept = await placeOf(page, 6);
	await signInAs('habitant');
	await page.goto(`/places/${gone.id}/edit`);
	await page.getByRole('radio', { name: 'Même lieu qu’un autre' }).check();
	await page.getByLabel(/adresse de l’autre fiche/).fill('rien de tel');
	await page.locator('section[aria-labelledby=standing] button').click();
	await expect(page.locator('main')).toContainText('Ce n’est pas le lien d’une autre fiche');
	await page.getByLabel(/adresse de l’autre fiche/).fill(`https://carte.example/places/${kept.id}/un-nom`);
	await page.locator('section[aria-labelledby=standing] button').click();
	await expect(page.locator('h1')).toContainText('Merci');
	await page.context().clearCookies();
	await signInAs('moderateur');
	await openItem(page, gone.name);
	await expect(page.locator('article').getByRole('link', { name: kept.name })).toBeVisible();
	await axe();
	await page.getByRole('link', { name: 'Fusionner, information par information' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Faire un seul lieu de deux');
	await axe();
	await page.getByRole('link', { name: 'Revenir à la file' }).click();
	await expect(page.locator('article').getByRole('link', { name: kept.name })).toBeVisible();
	await page.getByRole('button', { name: 'Accepter', exact: true }).click();
	await expect(page.getByRole('status')).toContainText('C’est en ligne');
	await page.goto('/moderation/desk');
	await axe();
	await expect(async () => {
		const answer = await page.request.get(`/places/${gone.id}`, { maxRedirects: 0 });
		expect([answer.status(), answer.headers()['location']]).toEqual([301, expect.stringContaining(kept.id)]);
	}).toPass();
});

test('someone with an account reports, is asked, and answers on her page', async ({ app, axe, person }) => {
	const { properties } = await placeNamed(app, 'Jardin des Plantes');
	const resident = await person('habitant');
	await resident.goto(`/places/${properties.id}/report`);
	await resident.getByText('Ce lieu n’existe plus').click();
	await resident.getByLabel(/Qu.avez-vous vu/).fill('La grille est fermée depuis un mois.');
	await resident.getByRole('button', { name: 'Envoyer le signalement' }).click();
	await expect(resident.locator('h1')).toContainText('C’est reçu');
	const moderator = await person('moderateur');
	await moderator.goto('/moderation?kind=report');
	await moderator.getByRole('navigation', { name: 'File d’attente' }).getByRole('link', { name: properties.name }).click();
	await moderator.getByLabel('Message à l’auteur').fill('Depuis quelle date ?');
	await moderator.getByRole('button', { name: 'Demander une précision' }).click();
	await resident.goto('/me');
	const report = resident
		.getByRole('region', { name: 'Mes signalements' })
		.getByRole('listitem')
		.filter({ hasText: properties.name });
	await expect(report).toContainText('Depuis quelle date ?');
	await axe(resident);
	await report.getByLabel('Votre réponse').fill('Depuis le 3 octobre.');
	await report.getByRole('button', { name: 'Envoyer ma réponse' }).click();
	await moderator.goto('/moderation?kind=report');
	await moderator.getByRole('navigation', { name: 'File d’attente' }).getByRole('link', { name: properties.name }).click();
	await expect(moderator.getByText('Depuis le 3 octobre.')).toBeVisible();
});

test('what one moderator reads, another sees as being read', async ({ page, browser, baseURL, signInAs, javaScriptEnabled }) => {
	const { id, name } = await placeOf(page, 7);
	await signInAs('habitant');
	await change(page, id, 'En une phrase', 'Deux personnes le lisent.');
	await page.context().clearCookies();
	await signInAs('moderateur');
	await openItem(page, name);
	await page.getByRole('button', { name: 'Me la réserver' }).click();
	await expect(page.getByRole('status')).toContainText('réservée cinq minutes');
	const other = await browser.newContext({
		baseURL: baseURL ?? '',
		locale: 'fr-FR',
		javaScriptEnabled: javaScriptEnabled ?? true
	});
	const colleague = await other.newPage();
	await colleague.goto('/sign-in');
	await colleague.getByLabel('Adresse e-mail').fill('coordinatrice@alentour.example');
	await colleague.getByLabel('Mot de passe').fill(DEMO_PASSWORD);
	await colleague.locator('main form button').last().click();
	await colleague.waitForURL((url) => url.pathname !== '/sign-in');
	await openItem(colleague, name);
	await expect(colleague.locator('article')).toContainText('Quelqu’un d’autre la lit en ce moment');
	await other.close();
});

test('a coordinator names the territory, adds an organisation and invites', async ({ page, signInAs, axe }) => {
	await signInAs('coordinatrice');
	await page.goto('/admin');
	await axe();
	await page.getByLabel('Qui publie cette carte').fill('La mairie');
	await page.getByRole('button', { name: 'Enregistrer' }).click();
	await expect(page.getByRole('status')).toContainText('Le territoire est enregistré');
	await page.getByLabel('Nom de l’organisme').fill('Les Amis du Potager');
	await page.getByRole('button', { name: 'Ajouter', exact: true }).click();
	await expect(page.getByRole('status')).toContainText('L’organisme est ajouté');
	await expect(page.locator('main')).toContainText('Les Amis du Potager');
	await page.getByLabel('Membre d’un organisme').selectOption({ label: 'Les Amis du Potager' });
	await page.getByRole('button', { name: 'Créer le lien' }).click();
	const link = await page.getByRole('status').locator('.link').innerText();
	await axe();
	await page.context().clearCookies();
	await signInAs('agente');
	await page.goto(new URL(link).pathname);
	await axe();
	await page.getByRole('button', { name: 'Accepter l’invitation' }).click();
	await expect(page).toHaveURL(/\/organisations\/les-amis-du-potager\/members$/);
	await expect(page.locator('main')).toContainText('Les Amis du Potager');
	await page.goto('/admin');
	await expect(page.locator('main')).toContainText('réservée à la coordination');
});
