import { beforeAll, expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Differences from '$lib/components/Differences.svelte';
import HoursTable from '$lib/components/HoursTable.svelte';
import { overwriteGetLocale } from '$lib/paraglide/runtime';
import Field from '$lib/ui/Field.svelte';
import Pagination from '$lib/ui/Pagination.svelte';

beforeAll(() => overwriteGetLocale(() => 'fr'));

const labels = { navigation: 'Pages', previous: 'Précédente', next: 'Suivante', page: (n: number) => `Page ${n}` };
const href = (page: number) => `/?page=${page}`;

test('a field says its hint and its error to whoever cannot see them', async () => {
	const screen = await render(Field, { label: 'Nom', name: 'name', hint: 'Tel qu’il est écrit', error: 'Il manque le nom' });
	const input = screen.getByLabelText('Nom');
	await expect.element(input).toHaveAccessibleDescription('Tel qu’il est écrit Il manque le nom');
	await expect.element(input).toHaveAttribute('aria-invalid', 'true');
});

test('a field without an error is not marked as wrong', async () => {
	const screen = await render(Field, { label: 'Nom', name: 'name' });
	await expect.element(screen.getByLabelText('Nom')).not.toHaveAttribute('aria-invalid');
});

test('a choice keeps its groups and what was chosen', async () => {
	const options = [
		{ value: '', label: 'Toutes' },
		{ value: 'musee', label: 'Musée', group: 'Culture' }
	];
	const screen = await render(Field, { label: 'Catégorie', name: 'category', type: 'select', options, value: 'musee' });
	await expect.element(screen.getByLabelText('Catégorie')).toHaveValue('musee');
	expect(screen.container.querySelector('optgroup')?.label).toBe('Culture');
});

test('pages are links, and the present one says so', async () => {
	const screen = await render(Pagination, { page: 5, pages: 9, href, labels });
	await expect.element(screen.getByRole('link', { name: 'Page 5' })).toHaveAttribute('aria-current', 'page');
	await expect.element(screen.getByRole('link', { name: 'Suivante' })).toHaveAttribute('href', '/?page=6');
	const names = [...screen.container.querySelectorAll('ol li')].map((item) => item.textContent?.trim());
	expect(names).toEqual(['1', '…', '4', '5', '6', '…', '9']);
});

test('a single page needs no pagination', async () => {
	const screen = await render(Pagination, { page: 1, pages: 1, href, labels });
	expect(screen.container.querySelector('nav')).toBeNull();
});

test('opening hours are a table of days that marks today', async () => {
	const value = 'Mo-Fr 09:00-12:30,14:00-18:00; PH off';
	const screen = await render(HoursTable, { value, today: '2026-11-20', caption: 'Horaires' });
	await expect.element(screen.getByRole('table', { name: 'Horaires' })).toBeVisible();
	const friday = screen.getByRole('row', { name: /Vendredi/ });
	expect(friday.element().textContent).toMatch(/aujourd’hui.*9\u00a0h\u00a0– 12\u00a0h\u00a030.*14\u00a0h\u00a0– 18\u00a0h/s);
	expect(screen.getByRole('row', { name: /Lundi/ }).element().textContent).not.toContain('aujourd’hui');
	expect(screen.getByRole('row', { name: /Dimanche/ }).element().textContent).toContain('fermé');
	expect(screen.getByRole('row', { name: /Jours fériés/ }).element().textContent).toContain('fermé');
});

test('hours that cannot be read are shown as they are', async () => {
	const screen = await render(HoursTable, { value: 'le mardi quand il fait beau', today: '2026-11-20', caption: 'Horaires' });
	await expect.element(screen.getByText('Tels qu’ils sont notés : le mardi quand il fait beau')).toBeVisible();
});

test('a difference says what was and what is, in words and in marks', async () => {
	const differences = [
		{ label: 'Prix', before: '', after: 'Gratuit' },
		{ label: 'Téléphone', before: '02 40 00 00 00', after: '' }
	];
	const screen = await render(Differences, { differences, caption: 'Modifié' });
	const price = screen.getByRole('row', { name: /Prix/ });
	expect(price.element().textContent).toContain('rien');
	expect(price.element().querySelector('ins')?.textContent).toBe('Gratuit');
	expect(
		screen
			.getByRole('row', { name: /Téléphone/ })
			.element()
			.querySelector('del')?.textContent
	).toBe('02 40 00 00 00');
});
