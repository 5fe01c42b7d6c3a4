import { existsSync, readdirSync } from 'node:fs';
import { ask, giveUp, run, say } from './run.mjs';

const strict = process.env.CI === 'true';
const mayInstall = () => process.getuid?.() === 0 && ask('apt-get', ['--version']) !== null;
let listsFresh = false;

/** A browser for the component and end-to-end tests. */
export async function ensureBrowser() {
	if (existsSync('/usr/bin/chromium-headless-shell') || (await downloadedBrowser())) return;
	if (mayInstall()) {
		say('Installing Chromium (apt-get)…');
		// Debian 12 and later have it without windows too, which takes a quarter less of the machine.
		for (const name of ['chromium-headless-shell', 'chromium']) if (await apt([name, 'fonts-noto-core'])) return;
	}
	if (existsSync('/usr/bin/chromium')) return;
	say('Downloading the browser of Playwright…');
	const dependencies = process.getuid?.() === 0 ? ['--with-deps'] : [];
	if ((await run('playwright', ['install', ...dependencies, 'chromium'])) === 0) return;
	missing('Chromium', 'sudo apt-get install -y chromium');
}

/** The browser that Playwright downloaded earlier. */
async function downloadedBrowser() {
	try {
		const { chromium } = await import('@playwright/test');
		return existsSync(chromium.executablePath());
	} catch {
		return false;
	}
}

/** PostgreSQL 15 or later with PostGIS, whose programs the tests run by themselves on a socket of their own. */
export async function ensurePostgres() {
	if (installedPostgres()) return;
	if (mayInstall()) {
		await updateLists();
		const name = postgisPackage();
		if (name) {
			say(`Installing PostgreSQL with PostGIS (apt-get, ${name})…`);
			if ((await apt([name])) && installedPostgres()) return;
		}
	}
	missing('PostgreSQL 15 or later with PostGIS', 'sudo apt-get install -y postgresql-15-postgis-3');
}

/** The clients that re-users have, on the machine's own Python: the open data is proved with them. */
const clients = [
	'gdal-bin',
	'python3-gdal',
	'python3-qgis',
	'qgis-providers',
	'python3-owslib',
	'python3-rdflib',
	'python3-lxml'
];
const clientsAnswer = () =>
	ask('ogrinfo', ['--version']) !== null &&
	ask('/usr/bin/python3', ['-c', 'import osgeo.gdal, qgis.core, owslib, rdflib, lxml']) !== null;

/** GDAL, QGIS, OWSLib, rdflib and lxml. */
export async function ensureClients() {
	if (clientsAnswer()) return;
	if (mayInstall()) {
		say('Installing GDAL, QGIS and OWSLib (apt-get)…');
		if ((await apt(clients)) && clientsAnswer()) return;
	}
	missing('GDAL, QGIS, OWSLib, rdflib or lxml', `sudo apt-get install -y --no-install-recommends ${clients.join(' ')}`);
}

/** @returns {number | null} the newest major version that has PostGIS */
function installedPostgres() {
	const folder = '/usr/lib/postgresql';
	if (!existsSync(folder)) return null;
	const versions = readdirSync(folder)
		.map(Number)
		.filter((n) => n >= 15 && existsSync(`${folder}/${n}/bin/postgres`))
		.filter((n) => existsSync(`/usr/share/postgresql/${n}/extension/postgis.control`));
	return versions.length > 0 ? Math.max(...versions) : null;
}

function postgisPackage() {
	const found = ask('apt-cache', ['search', '--names-only', '^postgresql-[0-9]+-postgis-3$']) ?? '';
	const versions = [...found.matchAll(/^postgresql-(\d+)-postgis-3 /gm)]
		.map(([, n]) => Number(n))
		.filter((n) => n >= 15 && n <= 18);
	return versions.length > 0 ? `postgresql-${Math.max(...versions)}-postgis-3` : null;
}

async function updateLists() {
	if (listsFresh) return;
	listsFresh = true;
	await run('apt-get', ['update', '-qq']);
}

/** @param {string[]} packages */
async function apt(packages) {
	await updateLists();
	const code = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
		DEBIAN_FRONTEND: 'noninteractive'
	});
	return code === 0;
}

/** @param {string} what @param {string} command */
function missing(what, command) {
	const sentence = `${what} is not there and could not be installed by this user. Run: ${command}`;
	if (strict) giveUp(sentence);
	say(`${sentence}\n  The tests that need it will be counted as skipped.`);
}
