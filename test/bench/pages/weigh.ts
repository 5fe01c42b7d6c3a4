import type { Browser } from '@playwright/test';

/** A phone of today, on a first visit: nothing kept from before. */
export const phone = {
	viewport: { width: 390, height: 844 },
	deviceScaleFactor: 3,
	isMobile: true,
	hasTouch: true,
	locale: 'fr-FR',
	timezoneId: 'Europe/Paris'
};

/** Kilobytes (1,000 bytes) over the wire, headers and compression included. */
export interface Weight {
	scripts: number;
	styles: number;
	page: number;
	everything: number;
	/** Paths of all that came, the map's included. */
	came: Set<string>;
}

/** Tiles and the ground under them, and photos: as many as there are, and after the words. */
const apart = /^\/(tiles|basemap|photos)\//;

/**
 * Opens an address and weighs all that comes until the network is silent, but the map's scripts and what they ask for. Its style sheets
 * count: whoever sends them before the map makes everybody wait for them.
 * @param isMap tells the files that only the map needs, by their path
 */
export async function weigh(browser: Browser, address: string, isMap: (path: string) => boolean): Promise<Weight> {
	const context = await browser.newContext(phone);
	const page = await context.newPage();
	const network = await context.newCDPSession(page);
	await network.send('Network.enable');
	const asked = new Map<string, URL>();
	const weight: Weight = { scripts: 0, styles: 0, page: 0, everything: 0, came: new Set() };
	network.on('Network.requestWillBeSent', ({ requestId, request }) => void asked.set(requestId, new URL(request.url)));
	network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
		const path = asked.get(requestId)?.pathname ?? '';
		const kilobytes = encodedDataLength / 1000;
		weight.came.add(path);
		if (apart.test(path) || (path.endsWith('.js') && isMap(path))) return;
		weight.everything += kilobytes;
		if (path.endsWith('.js')) weight.scripts += kilobytes;
		if (path.endsWith('.css')) weight.styles += kilobytes;
		if (path === new URL(address).pathname) weight.page += kilobytes;
	});
	await page.goto(address, { waitUntil: 'networkidle' });
	await context.close();
	if (weight.scripts === 0) throw new Error(`${address} came without scripts`);
	return weight;
}
