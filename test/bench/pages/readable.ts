import type { Browser } from '@playwright/test';
import { slow4G, slowLink } from './slow-link.ts';
import { phone } from './weigh.ts';

/** The name of the first place of the list, wherever the page puts it. */
const firstName = '#results li h3';
const cpuSlowdown = 4;

export interface Readable {
	/** Milliseconds since the address was asked for. */
	firstPaint: number;
	firstName: number;
}

/**
 * When the first place of a list can be read on a slow phone: the paint that shows its name, as Element Timing tells
 * (https://w3c.github.io/element-timing/); when the name is below the screen, the first paint that has it in its page.
 */
export async function readable(browser: Browser, url: string): Promise<Readable> {
	const link = await slowLink(Number(new URL(url).port), slow4G);
	const context = await browser.newContext(phone);
	try {
		const page = await context.newPage();
		const session = await context.newCDPSession(page);
		await session.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
		await page.addInitScript(watch, firstName);
		await page.goto(`http://localhost:${link.port}/`, { waitUntil: 'load' });
		await page.waitForFunction(() => window.painted?.firstName !== undefined, undefined, { timeout: 30_000 });
		return (await page.evaluate(() => window.painted)) as Readable;
	} finally {
		await context.close();
		link.close();
	}
}

declare global {
	interface Window {
		painted?: Partial<Readable>;
	}
}

/** In the page, before it has anything: notes when it was painted. */
function watch(selector: string): void {
	const painted: Partial<Readable> = (window.painted = {});
	const inSight = (element: Element) => element.getBoundingClientRect().top < innerHeight;
	new MutationObserver((_, arrivals) => {
		const name = document.querySelector(selector);
		if (!name) return;
		arrivals.disconnect();
		name.setAttribute('elementtiming', 'first-name');
		// Twice, so that what was there has been painted.
		requestAnimationFrame(() =>
			requestAnimationFrame((time) => {
				if (!inSight(name)) painted.firstName = Math.max(time, painted.firstPaint ?? 0);
			})
		);
	}).observe(document, { childList: true, subtree: true });
	const observer = new PerformanceObserver((list) => {
		for (const entry of list.getEntries()) {
			if (entry.name === 'first-contentful-paint') painted.firstPaint = entry.startTime;
			if (entry.entryType === 'element') painted.firstName = (entry as PerformanceEntry & { renderTime: number }).renderTime;
		}
	});
	for (const type of ['paint', 'element']) observer.observe({ type, buffered: true });
}
