import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { placeNamed, sendForm, untilExported, writeHours } from './steps.ts';

const send = (page: Page) => page.getByRole('button', { name: 'C’est toujours exact' }).click();

test('an agent says from the pavement that a place is still right, and its page says so @plain', async ({
	app,
	axe,
	person,
	javaScriptEnabled
}) => {
	const before = (await placeNamed(app, 'Les Bras ouverts')).properties;
	const agent = await person('agente');
	await agent.goto(`/places/${before.id}`);
	await agent.getByRole('link', { name: 'Toujours exact' }).click();
	await expect(agent.getByRole('heading', { level: 1 })).toContainText('Les Bras ouverts');
	await axe(agent);
	await send(agent);
	await expect(agent.getByText('Cochez au moins une information.')).toBeVisible();
	if (javaScriptEnabled) await agent.getByRole('button', { name: 'Tout cocher' }).click();
	else for (const name of [/^Position/, /^Horaires/, /^Téléphone/]) await tickIfThere(agent, name);
	await expect(agent.getByRole('checkbox', { name: /^Horaires/ })).toBeChecked();
	await agent.getByRole('radio', { name: 'J’ai téléphoné' }).check();
	await send(agent);
	await expect(agent.getByRole('heading', { name: 'Merci' })).toBeVisible();
	await axe(agent);

	const on = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(new Date());
	const vouched = { on, method: 'phone', by_role: 'agent' };
	const after = await untilExported(app, before.id, { freshness: 'fresh', verified_at: on });
	expect(after.properties['assurances']).toMatchObject({ opening_hours: vouched, position: vouched });
	expect(after.properties['version'], 'nothing changed but who vouched').toBe(before['version']);
	await agent.goto(`/places/${before.id}`);
	await expect(agent.getByText(/vérifié par téléphone par un agent de proximité/).first()).toBeVisible();
});

async function tickIfThere(page: Page, name: RegExp): Promise<void> {
	const box = page.getByRole('checkbox', { name });
	if ((await box.count()) > 0) await box.check();
}

test('what has changed meanwhile is not vouched for, and the resident is told what it says now', async ({ app, person }) => {
	const { properties } = await placeNamed(app, 'Potager des Dervallières');
	const resident = await person('habitant');
	await resident.goto(`/places/${properties.id}/edit/confirm`);
	await resident.getByRole('checkbox', { name: /^Horaires/ }).check();
	await expect(resident.getByRole('radio')).toHaveCount(0);
	const moderator = await person('moderateur');
	await moderator.goto(`/places/${properties.id}/edit`);
	await writeHours(moderator, 'Mo-Sa 08:00-20:00');
	await sendForm(moderator);
	await untilExported(app, properties.id, { opening_hours: 'Mo-Sa 08:00-20:00' });
	await send(resident);
	await expect(resident.getByRole('heading', { name: 'Le lieu a changé pendant que vous écriviez' })).toBeVisible();
	await expect(resident.getByText('Sur la carte maintenant')).toContainText('08:00-20:00');
});

test('whoever has no account is led to it, with the way back', async ({ app, page }) => {
	const { properties } = await placeNamed(app, 'Potager des Dervallières');
	await page.goto(`/places/${properties.id}/edit/confirm`);
	expect(new URL(page.url()).pathname).toBe('/sign-in');
	expect(new URL(page.url()).searchParams.get('to')).toBe(`/places/${properties.id}/edit/confirm`);
});
