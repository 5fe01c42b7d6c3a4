import { createClient } from '@supabase/supabase-js';
import { DEMO_PASSWORD } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { expect, test } from '../support/fixtures.ts';

const title = 'Les bancs du quai';

/** A dataset of the association whose member the stories know; listed nowhere, so that no other story meets it. */
async function describeDataset(app: TestApp): Promise<void> {
	const { url, publishable_key } = app.endpoint();
	const coordinator = createClient(url, publishable_key, { auth: { persistSession: false } });
	await coordinator.auth.signInWithPassword({ email: 'coordinatrice@alentour.example', password: DEMO_PASSWORD });
	const words = { title: { fr: title, en: title }, description: { fr: 'Où s’asseoir.', en: 'Where to sit.' } };
	const dataset = { slug: 'bancs-du-quai', ...words, licence: 'etalab-2.0', organisation: 'voisins-du-quai-exemple' };
	const { error } = await coordinator.rpc('save_dataset', { dataset });
	expect(error).toBeNull();
	await expect.poll(async () => (await fetch(`${app.url}/data/bancs-du-quai`)).status).toBe(200);
}

test('a problem of a dataset is reported without an account, read by who answers for it, and its state is public @plain', async ({
	page,
	app,
	axe,
	person,
	javaScriptEnabled
}) => {
	test.setTimeout(120_000);
	await describeDataset(app);
	const words = `Madame Dupré, 3 rue des Lilas, le sait (${javaScriptEnabled ? 'avec' : 'sans'} scripts).`;
	const summary = `Des bancs sont listés deux fois (${javaScriptEnabled ? 'avec' : 'sans'} scripts).`;
	const [coordinator, member] = [await person('coordinatrice'), await person('association')];
	let code = '';

	await test.step('she says what is wrong, after a look at what is missing', async () => {
		await page.goto('/data/bancs-du-quai');
		await page.getByRole('link', { name: 'Signaler un problème' }).click();
		await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Un problème dans « ${title} »`);
		await page.getByRole('button', { name: 'Envoyer le signalement' }).click();
		await expect(page.getByRole('alert')).toContainText('Choisissez ce qui ne va pas.');
		await expect(page.getByRole('alert'), 'heard first, with or without scripts').toBeFocused();
		await axe();
		await page.getByRole('radio', { name: /Licence ou données personnelles/ }).check();
		await page.getByLabel('Qu’avez-vous vu').fill(words);
		await page.getByRole('button', { name: 'Envoyer le signalement' }).click();
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('C’est reçu, merci !');
		await expect(page.getByRole('main')).not.toContainText('Rien ne change sur la carte');
		code = (await page.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}$/).textContent()) ?? '';
	});

	if (!javaScriptEnabled)
		await test.step('nothing says that a person wrote it: the coordination lets it in', async () => {
			await coordinator.goto('/moderation/unproven');
			await coordinator.getByRole('checkbox', { name: `Choisir : ${title}` }).check();
			await coordinator.getByRole('button', { name: 'Mettre dans la file' }).click();
			await expect(coordinator.getByRole('status')).toContainText('Un envoi trié');
		});

	await test.step('the coordination reads it first, and says so in words of its own', async () => {
		await coordinator.goto('/moderation?kind=report');
		await expect(coordinator.getByRole('heading', { level: 2, name: title })).toBeVisible();
		await expect(coordinator.getByText(words)).toBeVisible();
		await axe(coordinator);
		await coordinator.getByRole('button', { name: 'Lu', exact: true }).click();
		await expect(coordinator.getByRole('alert')).toContainText('c’est ce qui sera public');
		await expect(coordinator.getByRole('alert')).toBeFocused();
		await coordinator.getByRole('alert').getByRole('link').click();
		await expect(coordinator.getByLabel('En une phrase')).toBeFocused();
		const posts: string[] = [];
		coordinator.on('request', (request) => void (request.method() === 'POST' && posts.push(request.url())));
		await coordinator.getByLabel('En une phrase').fill(summary);
		await coordinator.getByLabel('En une phrase').press('Enter');
		await coordinator.getByRole('button', { name: 'Lu', exact: true }).click();
		await expect(coordinator.getByRole('status').first()).toContainText('le signalement est lu');
		expect(posts, 'Enter published nothing').toHaveLength(1);
	});

	const entry = page.getByRole('region', { name: 'Signalements' }).getByRole('listitem').filter({ hasText: summary });
	const shows = (state: string) =>
		expect(async () => {
			await page.goto('/data/bancs-du-quai');
			await expect(entry).toContainText(state, { timeout: 500 });
		}).toPass();

	const followed = await page.context().newPage();
	await test.step('everyone reads where it stands, and not what she wrote', async () => {
		await shows('Lu');
		expect(await page.content()).not.toContain('Dupré');
		await axe();
		await followed.goto(`/follow/${code}`);
		await expect(followed.getByRole('article')).toContainText('Lu');
		await expect(followed.getByRole('article')).not.toContainText('sur la carte');
	});

	await test.step('the organisation whose data it is reads and answers on a page of its own', async () => {
		await member.goto('/data/bancs-du-quai/reports');
		const report = member.getByRole('article').filter({ hasText: words });
		await axe(member);
		const slower = await member.context().newPage();
		await slower.goto('/data/bancs-du-quai/reports');
		await report.getByText('Répondre', { exact: true }).click();
		await report.getByLabel('Message à l’auteur').fill('Merci, le fichier est refait.');
		await report.getByRole('button', { name: 'Corrigé' }).click();
		await expect(member.getByRole('status')).toContainText('Signalement traité');
		await shows('Corrigé');
		const hers = slower.getByRole('article').filter({ hasText: words });
		await hers.getByText('Répondre', { exact: true }).click();
		await hers.getByLabel('Message à l’auteur').fill('Je m’en occupe lundi.');
		await hers.getByRole('button', { name: 'Sans suite' }).click();
		await expect(slower.getByRole('alert'), 'what she wrote stays').toContainText('Je m’en occupe lundi.');
		await expect(slower.getByRole('alert')).toBeFocused();
		const answer = await fetch(`${app.url}/data/bancs-du-quai/reports.json`);
		const { reports } = (await answer.json()) as { reports: { summary: string }[] };
		expect(reports.find((one) => one.summary === summary)).toMatchObject({ kind: 'rights', state: 'fixed' });
		expect(JSON.stringify(reports)).not.toContain('Dupré');
	});

	await test.step('she hears back, and nobody else reads what was received', async () => {
		await followed.getByText('Ajouter quelque chose', { exact: true }).click();
		await followed.getByLabel('Ce que vous voulez ajouter').fill('Le banc du 12 aussi.');
		await followed.getByRole('button', { name: 'Ajouter', exact: true }).click();
		await expect(followed.getByRole('alert'), 'it came too late, and stays').toContainText('Le banc du 12 aussi.');
		await page.goto(`/follow/${code}`);
		await expect(page.getByRole('article')).toContainText('Merci, le fichier est refait.');
		const resident = await person('habitant');
		expect((await resident.request.get('/data/bancs-du-quai/reports')).status()).toBe(403);
		expect((await member.request.get('/data/tri-et-reemploi/reports')).status()).toBe(403);
	});
});
