/** What a visitor's telephone gets and when she can read it: Chromium before the built server, with the places of the demonstration. */
import { loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { chromium } from '@playwright/test';
import { chromiumLaunch } from '../support/browser.ts';
import type { Figure } from './figures.ts';
import { quantile } from './figures.ts';
import { mapFiles } from './pages/map-files.ts';
import { readable } from './pages/readable.ts';
import { demoAsTown, judgedPages, serveFromDisk } from './pages/served.ts';
import { weigh } from './pages/weigh.ts';

/** JavaScript and style sheets of GoGoCarto's front, compressed, in kB: the neighbour that we measure ourselves by. */
const gogocarto = 478 + 34;
const times = 5;

const dataDir = join(dirname(process.argv[3]!), 'town');
await demoAsTown(dataDir);
const server = await serveFromDisk(dataDir);
const browser = await chromium.launch(chromiumLaunch());
const map = mapFiles();
const figures: Figure[] = [];

for (const [name, path] of await judgedPages(server.url)) {
	const { scripts, styles, page, everything, came } = await weigh(browser, server.url + path, (file) => map.has(file));
	// What a phone is promised is the list; the others are shown, so that they do not grow unseen.
	const [mostScripts, most] = path === '/' ? [{ aim: 70 }, { aim: 150 }] : [{}, {}];
	figures.push(
		{ name: `JavaScript of ${name}, before the map`, value: scripts, unit: 'kB', ...mostScripts },
		{ name: `all of ${name}, before the map`, value: everything, unit: 'kB', ...most },
		{ name: `page of ${name}, by itself`, value: page, unit: 'kB' }
	);
	if (path !== '/') continue;
	const share = (kilobytes: number) => (kilobytes / gogocarto) * 100;
	const later = [...map].reduce((sum, [file, kilobytes]) => sum + (came.has(file) ? 0 : kilobytes), 0);
	figures.push(
		{ name: 'scripts and styles of /, of GoGoCarto’s', value: share(scripts + styles), unit: '%' },
		{ name: 'the same with the map', value: share(scripts + styles + later), unit: '%' }
	);
}

const seen = [];
for (let i = 0; i < times; i++) seen.push(await readable(browser, server.url));
const middle = (values: number[]) => quantile(values, 0.5);
figures.push(
	{ name: 'first paint of /, slow telephone', value: middle(seen.map(({ firstPaint }) => firstPaint)), unit: 'ms' },
	{
		name: 'first place of / to be read, slow telephone',
		value: middle(seen.map(({ firstName }) => firstName)),
		unit: 'ms',
		aim: 1500,
		load: loadavg()[0]!
	}
);

await browser.close();
await server.stop();
process.send!(figures, () => process.exit(0));
