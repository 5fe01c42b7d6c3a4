import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { pixels } from '../support/pictures.ts';
import { openSections, openWaiting, placeNamed, sendForm, untilExported, writeHours } from './steps.ts';

/** What a visitor is told to note down. */
async function codeOf(page: Page): Promise<string> {
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('C’est reçu, merci !');
	const code = await page.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}$/).textContent();
	return code ?? '';
}

async function follow(page: Page, code: string): Promise<void> {
	await page.goto('/follow');
	await page.getByLabel('Votre code').fill(code.toLowerCase().replaceAll('-', ' '));
	await page.getByRole('button', { name: 'Voir où ça en est' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Vos envois');
}

/** Without scripts nothing says that a person wrote it: a moderator lets it in. */
async function letIn(moderator: Page, name: string, axe: (page: Page) => Promise<void>): Promise<void> {
	await moderator.goto('/moderation');
	await moderator.getByRole('link', { name: /à vérifier/ }).click();
	await axe(moderator);
	await moderator.getByRole('checkbox', { name: `Choisir : ${name}` }).check();
	await moderator.getByRole('button', { name: 'Mettre dans la file' }).click();
	await expect(moderator.getByRole('status')).toContainText('Un envoi trié');
}

test('a visitor without an account proposes with two photos, answers a question and follows by her code until the decision @loop @plain', async ({
	page,
	app,
	axe,
	person,
	javaScriptEnabled
}) => {
	test.setTimeout(120_000);
	const { properties } = await placeNamed(app, 'Passage Sainte-Croix');
	const { id, name } = properties;
	const moderator = await person('moderateur');
	let code = '';

	await test.step('she proposes, and is given a code', async () => {
		await page.goto(`/places/${id}`);
		await page.getByRole('link', { name: 'Proposer une correction' }).click();
		await axe();
		await openSections(page);
		await writeHours(page, 'We 14:00-17:00');
		const picture = async (name: string, width: number) => {
			return { name, mimeType: 'image/png', buffer: await pixels(width, 240).png().toBuffer() };
		};
		await (javaScriptEnabled ? page.locator('#photo_files') : page.getByLabel('Ajouter des photos')).setInputFiles([
			await picture('facade.png', 320),
			await picture('cour.png', 300)
		]);
		const described = page.getByLabel('Que voit-on');
		await expect(described).toHaveCount(javaScriptEnabled ? 2 : 1);
		for (const one of await described.all()) await one.fill('La façade');
		await page.getByLabel('Comment le savez-vous ?').first().fill('Lu sur le portail.');
		await page.getByLabel('Votre adresse e-mail').fill('pas une adresse');
		await sendForm(page);
		await expect(page.getByRole('alert')).toContainText('une adresse s’écrit nom@exemple.fr');
		await page.getByLabel('Votre adresse e-mail').fill('');
		await sendForm(page);
		code = await codeOf(page);
		await expect(page.getByRole('status').first()).toContainText(javaScriptEnabled ? 'Une personne va lire' : 'file à part');
		await axe();
	});

	await test.step('a moderator asks her something', async () => {
		if (!javaScriptEnabled) await letIn(moderator, name, axe);
		await openWaiting(moderator, name);
		await expect(moderator.getByText('Lu sur le portail.')).toBeVisible();
		await moderator.getByLabel('Message à l’auteur').fill('Toute l’année ?');
		await moderator.getByRole('button', { name: 'Demander une précision' }).click();
		await expect(moderator.getByRole('status').first()).toBeVisible();
	});

	await test.step('she answers on the page that her code opens', async () => {
		await follow(page, 'ABCD-EFGH-JKMN').catch(() => expect(page.getByRole('alert')).toContainText('Aucun envoi ne correspond'));
		await expect(page.getByRole('alert')).toBeFocused();
		await follow(page, code);
		await axe();
		await expect(page.getByText('Toute l’année ?')).toBeVisible();
		await page.getByLabel('Votre réponse').fill('Non, d’avril à octobre.');
		await page.getByRole('button', { name: 'Envoyer ma réponse' }).click();
		await expect(page.getByRole('status')).toContainText('Votre message est ajouté');
	});

	await test.step('it is accepted, everybody sees it, and she reads the answer', async () => {
		await openWaiting(moderator, name);
		await expect(moderator.getByText('Non, d’avril à octobre.')).toBeVisible();
		await moderator.getByLabel('Message à l’auteur').fill('Merci, c’est en ligne.');
		await moderator.getByRole('button', { name: 'Accepter', exact: true }).click();
		await expect(moderator.getByRole('status').first()).toContainText('Accepté');
		await untilExported(app, id, { opening_hours: 'We 14:00-17:00' });
		await page.goto(`/places/${id}`);
		await expect(page.getByRole('img', { name: 'La façade' })).toHaveCount(2);
		await follow(page, code);
		await expect(page.getByRole('article')).toContainText('Acceptée');
		await expect(page.getByRole('article')).toContainText('Merci, c’est en ligne.');
		await axe();
	});
});

test('a visitor reports, and hears back @loop @plain', async ({ page, app, axe, person, javaScriptEnabled }) => {
	test.setTimeout(120_000);
	const { properties } = await placeNamed(app, 'Espace Agnès-Varda');
	const { id, name } = properties;
	const moderator = await person('moderateur');
	let code = '';

	await test.step('she says what is wrong, after a look at what is missing', async () => {
		await page.goto(`/places/${id}`);
		await page.getByRole('link', { name: 'Signaler une erreur' }).click();
		await axe();
		await page.getByRole('radio', { name: /illégal ou urgent/ }).check();
		await page.getByRole('button', { name: 'Envoyer le signalement' }).click();
		await expect(page.getByRole('alert')).toContainText('de bonne foi');
		await axe();
		await page.getByLabel('Qu’avez-vous vu ?').fill('Le numéro est celui d’un particulier.');
		await page.getByRole('checkbox', { name: /de bonne foi/ }).check();
		await page.getByRole('button', { name: 'Envoyer le signalement' }).click();
		code = await codeOf(page);
		await axe();
	});

	await test.step('it is read first, and answered', async () => {
		if (!javaScriptEnabled) {
			await moderator.goto('/moderation');
			await expect(moderator.getByRole('link', { name: /à vérifier.*urgent/ })).toBeVisible();
			await letIn(moderator, name, axe);
		}
		await moderator.goto('/moderation');
		await expect(moderator.getByRole('heading', { level: 2, name })).toBeVisible();
		await expect(moderator.getByText('celui d’un particulier')).toBeVisible();
		await axe(moderator);
		await moderator.getByRole('button', { name: 'Sans suite' }).click();
		await expect(moderator.getByRole('alert')).toContainText('Choisissez une raison.');
		await expect(moderator.getByRole('alert')).toBeFocused();
		await moderator.getByLabel('Message à l’auteur').fill('C’est bien le numéro de l’espace.');
		await moderator.getByLabel('Raison du refus').selectOption('Impossible à vérifier');
		await moderator.getByRole('button', { name: 'Sans suite' }).click();
		await expect(moderator.getByRole('status').first()).toContainText('classé sans suite');
		await moderator.goto('/moderation');
		await expect(moderator.getByText('celui d’un particulier')).toHaveCount(0);
	});

	await test.step('she reads why', async () => {
		const response = await page.goto(`/follow/${code}`);
		expect(response?.headers()).toMatchObject({
			'referrer-policy': 'no-referrer',
			'cache-control': 'private, no-store',
			'x-robots-tag': 'noindex'
		});
		await expect(page.getByRole('article')).toContainText('Sans suite');
		await expect(page.getByRole('article')).toContainText('C’est bien le numéro de l’espace.');
		await expect(page.getByRole('article')).toContainText('Impossible à vérifier');
		await axe();
	});
});
