import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';

const sizes = [
	{ width: 390, height: 844 },
	{ width: 1280, height: 800 }
];
/** Paraglide's, that the link to another language sets. */
const cookieName = 'PARAGLIDE_LOCALE';
const taken = new Map<string, number>();

/**
 * Pictures of a page for somebody to look at: as it stands on a phone and on a desk, light and dark, then its address again in English.
 * @param folder made when it isn't there; the files are named by the story and the number of the picture in it
 */
export async function look(page: Page, folder: string, story: string): Promise<void> {
	mkdirSync(folder, { recursive: true });
	const number = (taken.get(story) ?? 0) + 1;
	taken.set(story, number);
	const name = `${story.replace(/\W+/g, '-').slice(0, 40)}-${String(number).padStart(2, '0')}`;
	const before = page.viewportSize();
	await photograph(page, join(folder, name));
	if (before) await page.setViewportSize(before);
	await page.emulateMedia({ colorScheme: null });

	const context = page.context();
	await context.addCookies([{ name: cookieName, value: 'en', url: page.url() }]);
	const english = await context.newPage();
	const answer = await english.goto(page.url());
	if (answer?.ok()) await photograph(english, join(folder, `${name}-en`));
	await english.close();
	await context.clearCookies({ name: cookieName });
}

async function photograph(page: Page, path: string): Promise<void> {
	for (const size of sizes) {
		await page.setViewportSize(size);
		for (const colorScheme of ['light', 'dark'] as const) {
			await page.emulateMedia({ colorScheme });
			// Colours glide from one scheme to the other.
			await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
			await page.screenshot({ path: `${path}-${size.width}-${colorScheme}.png`, fullPage: true });
		}
	}
}
