import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createClient } from '@supabase/supabase-js';
import type { Page } from '@playwright/test';
import type { TestApp } from '../support/app.ts';
import { DEMO_PASSWORD } from '../support/app.ts';
import { post } from '../support/forms.ts';
import { expect, test } from '../support/fixtures.ts';
import { newcomer, password, placeNamed } from './steps.ts';

async function api(app: TestApp, email: string, secret: string) {
	const { url, publishable_key } = app.endpoint();
	const client = createClient(url, publishable_key, { auth: { persistSession: false, autoRefreshToken: false } });
	const { error } = await client.auth.signInWithPassword({ email, password: secret });
	expect(error).toBeNull();
	return async (name: string, args: object) => {
		const { data, error } = await client.rpc(name, args);
		expect(error).toBeNull();
		return data as Record<string, string>;
	};
}

async function signIn(page: Page, email: string) {
	await page.goto('/sign-in');
	await page.getByLabel('Adresse e-mail').fill(email);
	await page.getByLabel('Mot de passe').fill(password);
	await page.locator('main form').getByRole('button', { name: 'Se connecter' }).click();
	await page.waitForURL('/me');
}

test('someone signs out everywhere, hears why she was refused, stops the mails in one click, takes her data along and leaves @both', async ({
	page,
	app,
	axe,
	browser
}) => {
	const email = await newcomer(app);
	const [author, moderator] = [await api(app, email, password), await api(app, 'moderateur@alentour.example', DEMO_PASSWORD)];
	const { properties } = await placeNamed(app, 'Médiathèque Jacques-Demy');
	const operations = [{ fact: 'summary', old: properties['summary'], new: 'Sur rendez-vous le mardi' }];
	const proposal = { client_id: randomUUID(), kind: 'update', place_id: properties.id, operations };
	const { proposal_id } = await author('submit_proposal', { proposal });
	const decision = { outcome: 'refuse', reason_code: 'not_verifiable', message: 'L’accueil dit le contraire.' };
	await moderator('decide_proposal', { proposal_id, decision });

	await signIn(page, email);
	const elsewhere = await browser.newContext({ baseURL: app.url });
	const phone = await elsewhere.newPage();
	await signIn(phone, email);
	await page.getByRole('button', { name: 'Me déconnecter partout' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Vous êtes déconnecté partout');
	await axe();
	await phone.goto('/me');
	await expect(phone).toHaveURL(/\/sign-in/);
	await elsewhere.close();

	await signIn(page, email);

	await expect.poll(() => app.outbox(email).at(-1)?.subject, { timeout: 40_000 }).toContain('Refusé\u00a0: Médiathèque');
	const mail = app.outbox(email).at(-1)!;
	expect(mail.text).toContain('L’accueil dit le contraire.');

	await page.goto('/me');
	await expect(page.getByRole('link', { name: /^Refusé : Médiathèque/ })).toHaveAttribute('href', `/me#proposal-${proposal_id}`);
	await expect(page.getByLabel('Mes contributions')).toBeChecked();
	await axe();

	const stop = /\S+\/unsubscribe\/[\w-]+/.exec(mail.text)![0];
	await page.goto(new URL(stop).pathname);
	await expect(page.getByRole('button', { name: 'Ne plus les recevoir' })).toBeVisible();
	await axe();
	const click = await fetch(stop, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
	expect(click.status).toBe(200);
	await page.goto('/me');
	await expect(page.getByLabel('Mes contributions')).not.toBeChecked();
	await page.getByLabel('Mes contributions').check();
	await page.getByRole('button', { name: 'Enregistrer' }).click();
	await expect(page.getByRole('status')).toContainText('choix');
	await expect(page.getByLabel('Mes contributions')).toBeChecked();

	await page.getByRole('link', { name: 'Supprimer mon compte' }).click();
	await axe();
	const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Télécharger' }).click()]);
	const data = JSON.parse(readFileSync(await download.path(), 'utf8')) as object;
	expect(data).toMatchObject({
		account: { email },
		proposals: [{ id: proposal_id }],
		notifications: [{ topic: 'proposal_decided' }]
	});
	await page.getByLabel('Pour confirmer').fill('oui');
	await page.getByRole('button', { name: 'pour toujours' }).click();
	await expect(page.getByLabel('Pour confirmer')).toHaveAttribute('aria-invalid', 'true');
	await page.getByLabel('Pour confirmer').fill(' Supprimer ');
	await page.getByRole('button', { name: 'pour toujours' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Votre compte est supprimé');
	await page.goto('/me');
	await expect(page).toHaveURL(/\/sign-in/);
	const again = await post(app.url, '/sign-in', { email, password });
	expect(again.status).toBe(400);
	expect(app.output()).not.toContain(email);
});
