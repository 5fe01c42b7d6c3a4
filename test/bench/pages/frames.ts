import type { Browser, BrowserContextOptions, CDPSession, Page } from '@playwright/test';

export interface Frames {
	/** Of the time between two frames, as rates. */
	perSecond: number[];
	/** Milliseconds that the page's own thread worked for a frame, on average: its processor's time, which a busy machine does not stretch. */
	own: number;
	/** Milliseconds of the longest stretch in which the page could answer nothing. */
	longestTask: number;
}

export interface Hand {
	context: BrowserContextOptions;
	/** How many times slower than this machine. */
	slowdown: number;
	/** Where the map waits for a button. */
	open?(page: Page): Promise<void>;
	/** Pans and zooms around a point of the map for some seconds. */
	move(page: Page, session: CDPSession, at: { x: number; y: number }): Promise<void>;
}

/** Opens the list with its map, waits until the map is drawn, moves it, and tells how that went. */
export async function framesOf(browser: Browser, url: string, { context: options, slowdown, open, move }: Hand): Promise<Frames> {
	const context = await browser.newContext({ ...options, serviceWorkers: 'block' });
	try {
		const page = await context.newPage();
		const session = await context.newCDPSession(page);
		await page.goto(url);
		await open?.(page);
		const canvas = page.locator('canvas.maplibregl-canvas');
		await canvas.waitFor({ timeout: 60_000 });
		await page.waitForLoadState('networkidle');
		const box = (await canvas.boundingBox())!;
		const at = { x: box.x + box.width / 2, y: Math.max(box.y, 0) + Math.min(box.height, options.viewport!.height) / 4 };
		await session.send('Performance.enable', { timeDomain: 'threadTicks' });
		await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
		await page.evaluate(watch);
		const before = await threadSeconds(session);
		await move(page, session, at);
		const { moments, longestTask } = await page.evaluate(() => window.drawn!);
		const worked = (await threadSeconds(session)) - before;
		const gaps = moments.slice(1).map((moment, index) => moment - moments[index]!);
		return { perSecond: gaps.map((gap) => 1000 / gap), own: (worked * 1000) / gaps.length, longestTask };
	} finally {
		await context.close();
	}
}

/** Processor time of the page's thread so far. */
async function threadSeconds(session: CDPSession): Promise<number> {
	const { metrics } = await session.send('Performance.getMetrics');
	return metrics.find(({ name }) => name === 'ThreadTime')?.value ?? metrics.find(({ name }) => name === 'TaskDuration')!.value;
}

declare global {
	interface Window {
		drawn?: { moments: number[]; longestTask: number };
	}
}

/** In the page: notes when each frame began, and the longest task. */
function watch(): void {
	const drawn = (window.drawn = { moments: [] as number[], longestTask: 0 });
	const note = (moment: number) => {
		drawn.moments.push(moment);
		requestAnimationFrame(note);
	};
	requestAnimationFrame(note);
	new PerformanceObserver((list) => {
		for (const { duration } of list.getEntries()) drawn.longestTask = Math.max(drawn.longestTask, duration);
	}).observe({ type: 'longtask' });
}
