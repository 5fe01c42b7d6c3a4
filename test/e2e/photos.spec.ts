import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../support/fixtures.ts';
import { bomb, elf, heic, jpegWithSecrets, pixels, svg } from '../support/pictures.ts';
import { exported, openWaiting, placeNamed, sendForm } from './steps.ts';

type Photo = { url: string; alt: string; licence: string };

/** The photos of a place in the open-data file. */
async function givenPhotos(app: Parameters<typeof exported>[0], id: string): Promise<Photo[]> {
	return (await exported(app)).find(({ properties }) => properties.id === id)!.properties['photos'] as Photo[];
}

test('two photos are added, one is masked, both accepted and shown, one removed for good', async ({
	page,
	app,
	axe,
	person,
	javaScriptEnabled
}) => {
	// Pictures are made and judged in a dozen steps, on a machine that others use too.
	test.setTimeout(120_000);
	const { properties } = await placeNamed(app, 'Jardin extraordinaire');
	const resident = await person('habitant');
	const { bytes } = await jpegWithSecrets(900, 600);
	const files = [
		{ name: 'IMG_1.jpg', mimeType: 'image/jpeg', buffer: bytes },
		{ name: 'IMG_2.png', mimeType: 'image/png', buffer: await pixels(640, 480).png().toBuffer() }
	];
	const wrong = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<svg><script>alert(1)</script></svg>') };

	await resident.goto(`/places/${properties.id}/edit`);
	if (javaScriptEnabled) {
		await expect(resident.getByRole('button', { name: 'Choisir des photos' })).toBeVisible();
		await resident.locator('#photo_files').setInputFiles([...files, wrong]);
		for (const number of [1, 2]) {
			const card = resident.getByRole('group', { name: `Photo ${number} IMG_${number}` });
			await card.getByLabel('Que voit-on').fill(`Vue ${number}`);
			if (number === 1) await card.getByLabel('J’ai pris cette photo').check();
		}
		const second = resident.getByRole('group', { name: 'Photo 2 IMG_2' });
		await second.getByRole('button', { name: 'Masquer un visage' }).click();
		await second.getByRole('button', { name: 'Couvrir ce cadre' }).click();
		await expect(second.getByRole('status')).toHaveText('1 partie masquée');
		await axe(resident);
		await second.getByRole('button', { name: 'Garder ces masques' }).click();
		// What is no photo is said beside it; the form goes when the others have arrived and this one is taken back.
		await expect(resident.getByRole('alert')).toContainText('Un dessin SVG n’est pas une photo');
		await sendForm(resident);
		await expect(resident.getByRole('heading', { name: 'Photos prêtes à partir' })).toBeVisible();
		await expect(resident.getByRole('button', { name: 'Ne pas envoyer' })).toHaveCount(1);
		await resident.getByRole('button', { name: 'Ne pas envoyer' }).click();
	} else {
		await resident.getByLabel('Ajouter des photos').setInputFiles([...files, wrong]);
		await resident.getByLabel('Que voit-on').fill('Vue 1');
		await axe(resident);
		await sendForm(resident);
		await expect(resident.getByRole('alert')).toContainText('Un dessin SVG n’est pas une photo');
		// They came back with the form, each with its own words.
		await resident.getByLabel('Que voit-on').nth(1).fill('Vue 2');
		await resident.getByRole('checkbox', { name: 'J’ai pris cette photo' }).first().check();
	}
	await axe(resident);
	await sendForm(resident);
	await expect(resident.getByRole('heading', { name: 'En attente d’une décision' })).toBeVisible();
	expect(await givenPhotos(app, properties.id)).toEqual([]);

	const moderator = await person('moderateur');
	await openWaiting(moderator, properties.name);
	const added = moderator
		.getByRole('list')
		.filter({ has: moderator.getByRole('link', { name: 'Masquer ou retenir' }) })
		.last();
	await expect(added.getByRole('img', { name: 'Vue 1' })).toBeVisible();
	const pending = await added.getByRole('img', { name: 'Vue 1' }).getAttribute('src');
	expect((await fetch(app.url + pending)).status).toBe(404);
	await axe(moderator);
	await moderator.getByRole('link', { name: 'Masquer ou retenir' }).first().click();
	await expect(moderator.getByRole('heading', { name: 'Masquer un visage ou une plaque' })).toBeVisible();
	if (javaScriptEnabled) await moderator.getByRole('button', { name: 'Couvrir ce cadre' }).click();
	else
		for (const label of ['Gauche', 'Haut', 'Largeur', 'Hauteur'])
			await moderator.getByRole('spinbutton', { name: label, exact: true }).fill('20');
	await axe(moderator);
	await moderator.getByRole('button', { name: 'Masquer ces parties' }).click();
	await expect(moderator.getByRole('status').first()).toContainText('C’est masqué');
	await moderator.getByRole('link', { name: 'Retour à la file' }).click();
	await expect(moderator.getByRole('img', { name: 'Vue 1' })).toBeVisible();
	expect(await moderator.getByRole('img', { name: 'Vue 1' }).getAttribute('src')).not.toBe(pending);
	await moderator.getByRole('button', { name: 'Accepter', exact: true }).click();
	await expect(moderator.getByRole('status').first()).toContainText('Accepté');

	// Shown both, given one: the other's author did not say that it is hers to give.
	await expect.poll(() => givenPhotos(app, properties.id)).toMatchObject([{ alt: 'Vue 1', licence: 'etalab-2.0' }]);
	const [{ url }] = (await givenPhotos(app, properties.id)) as [Photo];
	const copy = await fetch(url);
	expect(copy.headers.get('content-type')).toBe('image/webp');
	expect(copy.headers.get('cache-control')).toContain('immutable');
	expect((await fetch(url, { headers: { 'if-none-match': copy.headers.get('etag')! } })).status).toBe(304);
	await page.goto(`/places/${properties.id}`);
	await expect(page.getByRole('img', { name: 'Vue 1' })).toBeVisible();
	await expect(page.getByRole('figure').filter({ has: page.getByRole('img', { name: 'Vue 2' }) })).toContainText(
		'Hors licence ouverte'
	);
	await axe();

	await moderator.goto(`/places/${properties.id}/edit`);
	await moderator.getByLabel('Retirer cette photo').first().check();
	await sendForm(moderator);
	await expect.poll(async () => (await fetch(url)).status).toBe(410);
	expect(await givenPhotos(app, properties.id)).toEqual([]);
});

test('what is no photo is answered in words, and a photo leaves nothing of what it said about itself @js', async ({
	app,
	person
}) => {
	const { properties } = await placeNamed(app, 'Jardin extraordinaire');
	const resident = await person('habitant');
	const { bytes, marker } = await jpegWithSecrets(640, 480, 'MARQUE-47.2184N-1.5536O');
	const wrong = [
		['vide.jpg', 'image/jpeg', Buffer.alloc(0), 'Ce fichier est vide'],
		['dessin.svg', 'image/svg+xml', svg, 'Un dessin SVG n’est pas une photo'],
		['IMG_3.heic', 'image/heic', heic, 'C’est une photo HEIC'],
		['IMG_4.jpg', 'image/jpeg', elf, 'n’est pas une photo que nous savons lire'],
		['IMG_6.jpg', 'image/jpeg', Buffer.concat([bytes, Buffer.alloc(12_000_001)]), 'plus de 12 Mo']
	] as const;
	await resident.goto(`/places/${properties.id}/edit`);
	await expect(resident.getByRole('button', { name: 'Choisir des photos' })).toBeVisible();
	for (const [name, mimeType, buffer, sentence] of wrong) {
		await resident.locator('#photo_files').setInputFiles([{ name, mimeType, buffer }]);
		await expect(resident.getByRole('alert')).toContainText(sentence);
		await resident.getByRole('button', { name: 'Ne pas envoyer' }).click();
		await expect(resident.getByRole('alert')).toHaveCount(0);
	}
	// Only who unpacks it sees how large it is: the server says so when it arrives.
	await resident.locator('#photo_files').setInputFiles([{ name: 'IMG_5.png', mimeType: 'image/png', buffer: bomb(8500, 6000) }]);
	await sendForm(resident);
	await expect(resident.getByRole('alert')).toContainText('plus de 50 millions de points');
	await resident.getByRole('button', { name: 'Ne pas envoyer' }).click();
	await resident.locator('#photo_files').setInputFiles([{ name: 'IMG_7.jpg', mimeType: 'image/jpeg', buffer: bytes }]);
	await resident.getByLabel('Que voit-on').fill('La boîte, de face');
	await sendForm(resident);
	await expect(resident.getByRole('heading', { name: 'En attente d’une décision' })).toBeVisible();
	const files = readdirSync(app.dataDir, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
	const holding = files.filter(({ parentPath, name }) => readFileSync(join(parentPath, name)).includes(marker));
	expect(holding.map(({ name }) => name)).toEqual([]);
	expect(app.output()).not.toContain(marker);
});
