import '../../src/app.css';
import axe from 'axe-core';
import type { Component } from 'svelte';
import { tick } from 'svelte';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { cdp, page } from 'vitest/browser';
import { overwriteGetLocale } from '$lib/paraglide/runtime';
import { showFocus } from '../../src/routes/styleguide/focus-rules';
import { sections } from '../../src/routes/styleguide/sections';

/*
 * What the guide shows, compared with the pictures in `__screenshots__`: one section, width and scheme each. To renew them after a wanted change:
 * `npm run pictures`, then look at them.
 */

declare module 'vitest' {
	interface ProvidedContext {
		drawsAsPictured: boolean;
	}
}

const files = import.meta.glob<{ default: Component }>('../../src/routes/styleguide/sections/*.svelte', { eager: true });
const shown = (id: string) => {
	const file = files[`../../src/routes/styleguide/sections/${id[0]?.toUpperCase()}${id.slice(1)}.svelte`];
	if (!file) throw new Error(`no section ${id}`);
	return file.default;
};
const schemes = ['light', 'dark'] as const;
const widths = [390, 1280];

/** The machine is busy with other tests; milliseconds. */
const timeout = 20_000;
vi.setConfig({ testTimeout: 4 * timeout, expect: { poll: { timeout } } });

const media = (scheme: string) =>
	cdp().send('Emulation.setEmulatedMedia', {
		features: [
			{ name: 'prefers-color-scheme', value: scheme },
			{ name: 'prefers-reduced-motion', value: 'reduce' }
		]
	});

beforeAll(() => {
	overwriteGetLocale(() => 'fr');
	vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-20T10:00:00Z') });
	const style = document.createElement('style');
	// Another scheme's colours come at once, a map not at all, and the pointer that another story has left somewhere points at nothing.
	style.textContent =
		'*, ::before, ::after { transition: none !important; pointer-events: none !important; } [data-unpictured] { display: none !important; }';
	document.head.append(style);
	return showFocus();
});
afterAll(async () => {
	vi.useRealTimers();
	await media('');
});

/** Typeface, pictograms, photos and whatever comes after the first drawing are there, and nothing has the focus. */
async function settle(container: HTMLElement, scheme: string) {
	await expect.poll(() => container.querySelector('[data-loading]')).toBeNull();
	await document.fonts.ready;
	await expect.poll(() => matchMedia(`(prefers-color-scheme: ${scheme})`).matches).toBe(true);
	const images = [...container.querySelectorAll('img')];
	await expect.poll(() => images.filter(({ complete, naturalWidth }) => !complete || naturalWidth === 0)).toEqual([]);
	if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

/** As wide as asked, and as high as it is. */
async function frame(container: HTMLElement, width: number) {
	await page.viewport(width, 800);
	await page.viewport(width, Math.ceil(container.getBoundingClientRect().height));
	await tick();
}

/** What breaks a rule; in the dark only colours are other ones. */
async function broken(container: HTMLElement, scheme: (typeof schemes)[number]) {
	const runOnly = scheme === 'light' ? ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] : ['color-contrast'];
	const { violations } = await axe.run(container, { runOnly, resultTypes: ['violations'] });
	return violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${scheme} ${id}: ${html} ${any[0]?.message ?? ''}`));
}

async function draw(id: string) {
	const { container } = await render(shown(id));
	container.style.padding = '1rem';
	container.style.background = 'var(--ground)';
	return container;
}

describe.each(sections)('the section $id', ({ id }) => {
	test.skipIf(!inject('drawsAsPictured'))('looks as it did, on a phone and on a desk, light and dark', async () => {
		const container = await draw(id);
		for (const scheme of schemes) {
			await media(scheme);
			await settle(container, scheme);
			for (const width of widths) {
				await frame(container, width);
				await expect.element(page.elementLocator(container)).toMatchScreenshot(`${id}-${width}-${scheme}`, { timeout });
			}
		}
	});

	test.each(schemes)('breaks no rule of accessibility, %s', async (scheme) => {
		const container = await draw(id);
		await media(scheme);
		await settle(container, scheme);
		expect(await broken(container, scheme)).toEqual([]);
	});
});
