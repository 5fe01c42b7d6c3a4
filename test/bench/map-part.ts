/**
 * The map of all places under a hand: Chromium before the built server. Its pictures are computed by the processor here, on cores that the
 * server shares: how many a graphics card would show is not measured. What the page's own thread works for each is, and has to fit between two.
 */
import { loadavg } from 'node:os';
import { dirname } from 'node:path';
import { chromium } from '@playwright/test';
import { chromiumLaunch } from '../support/browser.ts';
import type { Figure } from './figures.ts';
import { quantile } from './figures.ts';
import { framesOf } from './pages/frames.ts';
import type { Hand } from './pages/frames.ts';
import { serveFromDisk } from './pages/served.ts';
import { phone } from './pages/weigh.ts';

const dragMs = 3000;

/** A mouse that drags in circles, then a wheel that goes in and out. */
const desktop: Hand = {
	context: { viewport: { width: 1280, height: 800 }, locale: 'fr-FR', timezoneId: 'Europe/Paris' },
	slowdown: 1,
	async move(page, _session, { x, y }) {
		await page.mouse.move(x, y);
		await page.mouse.down();
		const started = performance.now();
		// A turn a second, for as long as that takes however slowly it is followed.
		while (performance.now() - started < dragMs) {
			const turn = ((performance.now() - started) / 1000) * 2 * Math.PI;
			await page.mouse.move(x + 120 * Math.sin(turn), y + 120 * (1 - Math.cos(turn)));
		}
		await page.mouse.up();
		for (let wheel = 0; performance.now() - started < 2 * dragMs; wheel++)
			await page.mouse.wheel(0, wheel % 30 < 15 ? -100 : 100);
	}
};

/** A finger that drags to and fro, then two that pinch. */
const telephone: Hand = {
	context: phone,
	slowdown: 4,
	open: (page) => page.getByRole('button', { name: 'Voir la carte' }).last().click(),
	async move(_page, session, { x, y }) {
		const finger = { x, y, gestureSourceType: 'touch' as const };
		for (const xDistance of [-150, 150])
			await session.send('Input.synthesizeScrollGesture', { ...finger, xDistance, yDistance: 0, speed: 300, preventFling: true });
		for (const scaleFactor of [2, 0.5])
			await session.send('Input.synthesizePinchGesture', { ...finger, scaleFactor, relativeSpeed: 300 });
	}
};

const server = await serveFromDisk(dirname(process.argv[3]!));
const browser = await chromium.launch(chromiumLaunch());
const figures: Figure[] = [];
for (const [name, hand, rate] of [
	['desktop', desktop, 60],
	['phone, 4 × slower', telephone, 30]
] as const) {
	const { perSecond, own, longestTask } = await framesOf(browser, `${server.url}/`, hand);
	figures.push(
		{ name: `map, ${name}: own time of a frame`, value: own, unit: 'ms', aim: 1000 / rate, load: loadavg()[0]! },
		{
			name: `map, ${name}: frames, drawn without a card`,
			value: quantile(perSecond, 0.05),
			unit: '/s',
			median: quantile(perSecond, 0.5)
		},
		{ name: `map, ${name}: longest task`, value: longestTask, unit: 'ms' }
	);
}
await browser.close();
await server.stop();
process.send!(figures, () => process.exit(0));
