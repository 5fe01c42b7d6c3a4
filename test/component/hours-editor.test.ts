import '../../src/app.css';
import axe from 'axe-core';
import { userEvent } from 'vitest/browser';
import { beforeAll, expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import HoursField from '$lib/components/HoursField.svelte';
import { overwriteGetLocale } from '$lib/paraglide/runtime';

beforeAll(() => overwriteGetLocale(() => 'fr'));

const field = (value: string, more: object = {}) =>
	render(HoursField, { label: 'Horaires', name: 'opening_hours', value, today: '2026-11-20', ...more });
const text = (container: HTMLElement) => container.querySelector<HTMLTextAreaElement>('textarea')!.value;

test('a week is filled in with the keyboard alone, and copied to other days', async () => {
	const screen = await field('');
	(screen.getByLabelText('Lundi', { exact: true }).element() as HTMLElement).focus();
	await userEvent.keyboard('Ouv');
	expect(text(screen.container)).toBe('Mo 09:00-12:00');
	const add = screen.getByRole('button', { name: 'Lundi : ajouter un horaire' });
	(add.element() as HTMLElement).focus();
	await userEvent.keyboard('{Enter}');
	expect(text(screen.container)).toBe('Mo 09:00-12:00,14:00-18:00');
	// The new opening has the focus: its time can be typed at once.
	await expect.element(screen.getByLabelText('Lundi, ouverture 2 : de')).toHaveFocus();
	await screen.getByLabelText('Lundi, ouverture 2 : à').fill('17:30');
	expect(text(screen.container)).toBe('Mo 09:00-12:00,14:00-17:30');
	(screen.getByText('Copier ce jour…').first().element() as HTMLElement).focus();
	await userEvent.keyboard('{Enter}');
	for (const day of ['Mardi', 'Jeudi']) await screen.getByRole('checkbox', { name: day }).click();
	await screen.getByRole('button', { name: 'Copier', exact: true }).click();
	expect(text(screen.container)).toBe('Mo-Tu,Th 09:00-12:00,14:00-17:30');
	await expect.element(screen.getByText('Lundi copié vers : Mardi, Jeudi.')).toBeVisible();
	await expect.element(screen.getByText('Copier ce jour…').first()).toHaveFocus();
});

test('holidays, the rest by appointment and a night are said too', async () => {
	const screen = await field('Mo-Fr 09:00-12:00');
	await screen.getByLabelText('Jours fériés').selectOptions('Fermé');
	await screen.getByLabelText('Vacances scolaires').selectOptions('D’autres horaires');
	await screen.getByLabelText('Lundi (vacances)', { exact: true }).selectOptions('Sur rendez-vous');
	expect(text(screen.container)).toBe(
		'Mo-Fr 09:00-12:00; SH Mo 09:00-12:00 "sur rendez-vous"; SH Tu-Fr 09:00-12:00; SH Sa-Su off; PH off'
	);
	await screen.getByLabelText('Vacances scolaires').selectOptions('Comme d’habitude');
	await screen.getByLabelText('Le reste du temps, sur rendez-vous').click();
	expect(text(screen.container)).toBe('Mo-Fr 09:00-12:00; PH off || "sur rendez-vous"');
});

test('an opening that is emptied gets its time back, and the last one removed closes the day', async () => {
	const screen = await field('Fr 18:00-02:00');
	await expect.element(screen.getByText('jusqu’au lendemain')).toBeVisible();
	const from = screen.getByLabelText('Vendredi, ouverture 1 : de');
	await from.fill('');
	await expect.element(from).toHaveValue('18:00');
	await screen.getByRole('button', { name: 'Vendredi : retirer l’ouverture 1' }).click();
	expect(text(screen.container)).toBe('');
	await expect.element(screen.getByLabelText('Vendredi', { exact: true })).toHaveFocus();
});

test('what the editor cannot say is a text with the reason, which is not touched', async () => {
	const value = 'Mo-Fr 09:00-12:00; Jul-Aug off';
	const screen = await field(value);
	await expect.element(screen.getByText(/changent selon la saison/)).toBeVisible();
	const written = screen.getByLabelText('Horaires : texte OpenStreetMap');
	await expect.element(written).toHaveValue(value);
	expect(screen.container.querySelector('select')).toBeNull();
	await screen.getByRole('button', { name: 'Effacer et remplir jour par jour' }).click();
	await expect.element(screen.getByLabelText('Lundi', { exact: true })).toHaveValue('closed');
});

test('typing the text moves the editor and never loses the field under the hands', async () => {
	const screen = await field('Mo 09:00-12:00');
	await screen.getByText('Voir ou écrire en texte OpenStreetMap').click();
	const written = screen.getByLabelText('Horaires : texte OpenStreetMap');
	await written.click();
	await userEvent.keyboard('{End}; Jul off');
	await expect.element(written).toHaveFocus();
	await expect.element(screen.getByText(/changent selon la saison/)).toBeVisible();
	await userEvent.keyboard('{Backspace}{Backspace}{Backspace}{Backspace}{Backspace}{Backspace}{Backspace}{Backspace}{Backspace}');
	await expect.element(written).toHaveFocus();
	await expect.element(screen.getByLabelText('Lundi', { exact: true })).toHaveValue('open');
});

test('breaks no rule of accessibility, also on a phone', async () => {
	const screen = await field('Mo-Fr 09:00-12:00; SH Mo 10:00-12:00', { error: 'Faux' });
	const { violations } = await axe.run(screen.container, { runOnly: ['wcag2a', 'wcag2aa', 'wcag22aa'] });
	expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([]);
	for (const control of screen.container.querySelectorAll('select, input[type=time], button, summary'))
		expect(control.getBoundingClientRect().height, control.outerHTML).toBeGreaterThanOrEqual(43.9);
});
