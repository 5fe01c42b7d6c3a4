import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';

/** The link that a page shows once. */
async function linkOn(page: Page): Promise<string> {
	await expect(page.getByRole('status')).toContainText('/invitations/');
	return (await page.getByRole('status').getByText('/invitations/').textContent()) ?? '';
}

async function acceptAt(page: Page, link: string, offer: string, axe: (page: Page) => Promise<void>): Promise<void> {
	await page.goto(link);
	await expect(page.getByText(offer)).toBeVisible();
	await axe(page);
	await page.getByRole('button', { name: 'Accepter l’invitation' }).click();
	await expect(page).toHaveURL(/\/organisations\/[a-z0-9-]+\/members$/);
}

test('a colleague joins by invitation and takes over, and the first one leaves @both', async ({ person, axe }) => {
	const name = `Atelier vélo ${Date.now() % 100_000}`;
	const coordinator = await person('coordinatrice');
	await coordinator.goto('/admin');
	await coordinator.getByLabel('Nom de l’organisme').fill(name);
	await coordinator.getByText('Numéros officiels').click();
	await coordinator.getByLabel(/^SIRET/).fill('732 829 320 00075');
	await coordinator.getByRole('button', { name: 'Ajouter', exact: true }).click();
	await expect(coordinator.getByLabel(/^SIRET/)).toHaveAttribute('aria-invalid', 'true');
	await expect(coordinator.getByLabel('Nom de l’organisme')).toHaveValue(name);
	await coordinator.getByLabel(/^SIRET/).fill('732 829 320 00074');
	await coordinator.getByRole('button', { name: 'Ajouter', exact: true }).click();
	await expect(coordinator.getByRole('status')).toContainText('ajouté');
	await coordinator.getByLabel('Membre d’un organisme').selectOption({ label: name });
	await coordinator.getByLabel('Responsable').check();
	await coordinator.getByRole('button', { name: 'Créer le lien' }).click();
	const first = await linkOn(coordinator);

	const manager = await person('association');
	await acceptAt(manager, first, `Vous devenez responsable de ${name}.`, axe);
	await axe(manager);
	await expect(manager.getByText(/seul·e dans cet organisme/)).toBeVisible();
	await manager.getByRole('button', { name: 'Inviter' }).click();
	const second = await linkOn(manager);
	await expect(manager.getByText('Lien transmis à la main')).toBeVisible();

	const colleague = await person('service');
	await acceptAt(colleague, second, `Vous rejoignez ${name}.`, axe);
	await expect(colleague.getByRole('heading', { name: 'Invitations en attente' })).toBeHidden();
	await expect(colleague.getByRole('region', { name: 'Collègues' })).toContainText('Lou, Les Voisins du quai');

	await manager.goto(manager.url());
	await manager.getByRole('button', { name: 'Passer la main et partir' }).click();
	await expect(manager).toHaveURL(/\?done=left$/);
	await expect(manager.getByRole('status')).toContainText('Merci');
	await expect(manager.getByText('732 829 320 00074')).toBeVisible();
	await axe(manager);

	await colleague.reload();
	await expect(colleague.getByRole('region', { name: 'Collègues' })).toContainText('Responsable');
	await expect(colleague.getByRole('region', { name: 'Collègues' })).not.toContainText('Lou');
});
