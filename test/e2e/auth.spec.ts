import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { newcomer, password } from './steps.ts';

const form = (page: Page) => page.locator('main form');

test('someone opens an account by the link in her mailbox, leaves and comes back @plain', async ({ page, app, axe }) => {
	const email = `${randomUUID()}@example.org`;
	await page.goto('/sign-in');
	await axe();
	await page.getByRole('link', { name: /Pas encore de compte/ }).click();
	await axe();
	await page.getByLabel('Votre nom').fill('Ana');
	await page.getByLabel('Adresse e-mail').fill(email);
	await page.getByLabel('Mot de passe').fill(password);
	await form(page).getByRole('button', { name: 'Créer un compte' }).click();
	await expect(page.getByRole('status')).toContainText(email);
	await axe();

	const link = /https?:\/\/\S+\/auth\/confirm\S+/.exec(app.outbox(email)[0]?.text ?? '')?.[0] ?? '';
	await page.goto(link);
	await axe();
	await page.getByRole('button', { name: 'Confirmer mon adresse' }).click();
	await expect(page).toHaveURL('/me');

	await page.goto('/sign-out');
	await axe();
	await page.getByRole('button', { name: 'Se déconnecter' }).click();
	await expect(page).toHaveURL('/');
	await expect(page.getByRole('link', { name: 'Se connecter' })).toBeVisible();

	await page.goto('/sign-in?to=/places/new');
	await page.getByLabel('Adresse e-mail').fill(email);
	await page.getByLabel('Mot de passe').fill(password);
	await form(page).getByRole('button', { name: 'Se connecter' }).click();
	await expect(page).toHaveURL('/places/new');
});

test('a wrong password is said once, at its field, and the address stays', async ({ page, axe }) => {
	await page.goto('/sign-in');
	await page.getByLabel('Adresse e-mail').fill('habitant@alentour.example');
	await page.getByLabel('Mot de passe').fill('pas le bon');
	await form(page).getByRole('button', { name: 'Se connecter' }).click();
	await expect(page.getByRole('alert')).toContainText('ne vont pas ensemble');
	await expect(page.getByLabel('Adresse e-mail')).toHaveValue('habitant@alentour.example');
	await expect(page.getByLabel('Mot de passe')).toHaveValue('');
	await expect(page.getByLabel('Mot de passe')).toHaveAttribute('aria-invalid', 'true');
	await axe();
});

test('a forgotten password is replaced by the link in the mailbox', async ({ page, app, axe }) => {
	const email = await newcomer(app);
	await page.goto('/reset');
	await axe();
	await page.getByLabel('Adresse e-mail').fill(email);
	await form(page).getByRole('button', { name: 'Recevoir un lien' }).click();
	await expect(page.getByRole('status')).toContainText(email);

	const link = /https?:\/\/\S+\/auth\/confirm\S+/.exec(app.outbox(email).at(-1)?.text ?? '')?.[0] ?? '';
	await page.goto(link);
	await page.getByRole('button', { name: 'Choisir un nouveau mot de passe' }).click();
	await expect(page).toHaveURL('/reset/new');
	await axe();
	await page.getByLabel('Nouveau mot de passe').fill(`${password} et plus`);
	await form(page).getByRole('button', { name: 'Enregistrer' }).click();
	await expect(page).toHaveURL('/me');
	await page.goto(link);
	await page.getByRole('button', { name: 'Choisir un nouveau mot de passe' }).click();
	await expect(page.getByRole('alert')).toContainText('déjà servi');
});

test('the language follows the browser, then the choice', async ({ browser, app }) => {
	const context = await browser.newContext({ baseURL: app.url, locale: 'en-GB' });
	const page = await context.newPage();
	await page.goto('/sign-in');
	await expect(page.locator('html')).toHaveAttribute('lang', 'en');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
	await page.getByRole('link', { name: /Français/ }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Se connecter');
	await context.close();
});
