import { randomUUID } from 'node:crypto';
import { VectorTile } from '@mapbox/vector-tile';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { PbfReader } from 'pbf';
import type { TestApp } from '../support/app.ts';
import { cookiesOf, post } from '../support/forms.ts';

/** Of the accounts that stories open. */
export const password = 'une phrase bien longue';

/** The address of a new account, which has confirmed it: what a story changes in an account of the demonstration, the next one would find. */
export async function newcomer(app: TestApp): Promise<string> {
	const email = `${randomUUID()}@example.org`;
	await post(app.url, '/sign-up', { name: 'Ana Nouvelle', email, password });
	const link = new URL(/https?:\/\/\S+\/auth\/confirm\S+/.exec(app.outbox(email).at(-1)?.text ?? '')?.[0] ?? '');
	const answer = await post(app.url, '/auth/confirm', Object.fromEntries(link.searchParams));
	expect(cookiesOf(answer)).not.toBe('');
	return email;
}

/** What the export says of a place. */
export interface Feature {
	geometry: { coordinates: [number, number] };
	properties: Record<string, unknown> & { id: string; slug: string; name: string; version: number };
}

/** The places of the open-data file. */
export async function exported(app: TestApp): Promise<Feature[]> {
	const answer = await fetch(`${app.url}/data/places.geojson`);
	return ((await answer.json()) as { features: Feature[] }).features;
}

/** The one place whose name begins so. */
export async function placeNamed(app: TestApp, name: string): Promise<Feature> {
	const found = (await exported(app)).filter(({ properties }) => properties.name.startsWith(name));
	expect(found, name).toHaveLength(1);
	return found[0]!;
}

/** Waits until the export holds a place with these properties, as everything else that is read does then. */
export async function untilExported(app: TestApp, id: string, properties: Record<string, unknown>): Promise<Feature> {
	let feature: Feature | undefined;
	await expect
		.poll(async () => (feature = (await exported(app)).find((one) => one.properties.id === id))?.properties)
		.toMatchObject(properties);
	return feature!;
}

/** The row of the CSV file, by column. */
export async function csvRow(app: TestApp, id: string): Promise<string> {
	const text = await (await fetch(`${app.url}/data/places.csv`)).text();
	return text.split('\r\n').find((line) => line.startsWith(id)) ?? '';
}

/** What the map's tile of this point draws, at the zoom where each place is a point of its own. */
export async function drawnAt(app: TestApp, [lon, lat]: [number, number]): Promise<Record<string, unknown>[]> {
	const zoom = 14;
	const x = Math.floor(((lon + 180) / 360) * 2 ** zoom);
	const y = Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * 2 ** zoom);
	const answer = await fetch(`${app.url}/tiles/places/${zoom}/${x}/${y}.mvt`);
	const layer = new VectorTile(new PbfReader(new Uint8Array(await answer.arrayBuffer()))).layers['places'];
	return Array.from({ length: layer?.length ?? 0 }, (_none, index) => layer!.feature(index).properties);
}

/** Opens what waits on this place in the moderator's queue. */
export async function openWaiting(page: Page, name: string | RegExp): Promise<void> {
	await page.goto('/moderation');
	await page.getByRole('navigation', { name: 'File d’attente' }).getByRole('link', { name }).click();
	await expect(page.getByRole('heading', { level: 2, name })).toBeVisible();
}

/** Sends the form about a place. */
export async function sendForm(page: Page): Promise<void> {
	await page.getByRole('button', { name: /^Envoyer (ma proposition|mes corrections)$/ }).click();
}

/** The person's own proposals about this place, on `/me`. */
export async function ownProposals(page: Page, name: string | RegExp) {
	await page.goto('/me');
	return page.getByRole('article').filter({ has: page.getByRole('heading', { level: 3, name }) });
}

/** The popup that names what the map draws under the click; the map is asked for first. */
export async function popupAt(page: Page, map: string): Promise<ReturnType<Page['locator']>> {
	const region = page.getByRole('region', { name: map });
	await region.getByRole('button', { name: 'Voir la carte' }).click();
	const canvas = region.locator('canvas');
	const popup = page.locator('.maplibregl-popup');
	await canvas.scrollIntoViewIfNeeded();
	// Drawn when its tiles and pictograms are there, which nothing on the page says.
	await expect(async () => {
		await canvas.click();
		await expect(popup).toBeVisible({ timeout: 500 });
	}).toPass();
	return popup;
}

/** Unfolds the parts of the form about a place, which hide what is empty. */
export async function openSections(page: Page): Promise<void> {
	const form = page.locator('form[action*="submit"]');
	// The hours' own fold comes with the page's code.
	await expect(form.locator('summary').first()).toBeVisible();
	const closed = form.locator('details:not([open]) > summary:visible');
	while ((await closed.count()) > 0) await closed.first().click();
}

/** Writes opening hours as OpenStreetMap does, in the field under the editor when there is one. */
export async function writeHours(page: Page, hours: string): Promise<void> {
	const field = page.getByLabel('Horaires d’ouverture').first();
	const fold = page.getByText('Voir ou écrire en texte OpenStreetMap').first();
	await expect(field.or(fold).first()).toBeAttached();
	await expect(async () => {
		if (!(await field.isVisible())) await fold.click({ timeout: 500 });
		await field.fill(hours, { timeout: 500 });
		await expect(field).toHaveValue(hours, { timeout: 500 });
	}).toPass();
}
