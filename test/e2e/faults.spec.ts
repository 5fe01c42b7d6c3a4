import type { Page } from '@playwright/test';
import type { TestApp } from '../support/app.ts';
import { expect, test } from '../support/fixtures.ts';
import { until } from '../support/processes.ts';
import { ownProposals, placeNamed, sendForm, writeHours } from './steps.ts';

async function typeHours(page: Page, app: TestApp, name: string, hours: string): Promise<string> {
	const { properties } = await placeNamed(app, name);
	await page.goto(`/places/${properties.id}/edit`);
	await writeHours(page, hours);
	await page.getByLabel('Comment le savez-vous ?').first().fill('Lu sur la porte.');
	return properties.name;
}

async function keptAndSaid(page: Page, hours: string): Promise<void> {
	const alert = page.getByRole('alert').filter({ hasText: 'Votre proposition n’est pas encore partie' });
	await expect(alert).toContainText('Rien n’est perdu', { timeout: 20_000 });
	await expect(page.getByLabel('Horaires d’ouverture').first()).toHaveValue(hours);
	await expect(page.getByLabel('Comment le savez-vous ?').first()).toHaveValue('Lu sur la porte.');
}

/** The same form, sent until it goes through; then it is there once. */
async function sentOnce(page: Page, app: TestApp, name: string): Promise<void> {
	await until('the database is back', async () => (await app.health()).database === 'up', 60_000);
	await sendForm(page);
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Merci !');
	await expect(await ownProposals(page, name)).toHaveCount(1);
}

test('the database dies while a form is sent: nothing typed is lost, and it goes through once', async ({
	page,
	app,
	axe,
	person
}) => {
	test.setTimeout(120_000);
	const resident = await person('habitant');
	const name = await typeHours(resident, app, 'AMAP de l’Erdre', 'Tu 18:30-20:30');
	process.kill(app.databasePid(), 'SIGKILL');
	await sendForm(resident);
	await page.goto('/?q=compost');
	await expect(page.getByRole('list', { name: 'Liste des lieux' })).toBeVisible();
	// Over a server the database process is back within the same request.
	const thanks = resident.getByRole('heading', { level: 1, name: 'Merci !' });
	await expect(thanks.or(resident.getByRole('alert'))).toBeVisible({ timeout: 30_000 });
	if (await thanks.isVisible()) return expect(await ownProposals(resident, name)).toHaveCount(1);
	await keptAndSaid(resident, 'Tu 18:30-20:30');
	await axe(resident);
	await sentOnce(resident, app, name);
});

test('a frozen database freezes nobody’s reading, and the form goes through once when it wakes', async ({
	page,
	app,
	person
}) => {
	test.setTimeout(120_000);
	const resident = await person('habitant');
	const name = await typeHours(resident, app, 'AMAP du Ranzay', 'We 18:00-20:00');
	const database = app.databasePid();
	process.kill(database, 'SIGSTOP');
	try {
		await page.goto('/');
		await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
		await sendForm(resident);
		await keptAndSaid(resident, 'We 18:00-20:00');
		const reader = await resident.context().newPage();
		await reader.goto('/areas/nantes-centre-ville');
		await expect(reader.getByRole('heading', { level: 1 })).toContainText('Centre-ville');
		await reader.close();
	} finally {
		wake(database);
	}
	await sentOnce(resident, app, name);
});

/** It may be gone: whoever watches over it does not wait for ever. */
function wake(pid: number): void {
	try {
		process.kill(pid, 'SIGCONT');
	} catch {
		// Replaced already.
	}
}
