import { existsSync } from 'node:fs';

/** Debian's: without windows it draws the same pages with three quarters of the work. */
const installed = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path));

/**
 * Whether this machine draws letters as the pictures of the style guide have them: another Chromium smooths each of them otherwise.
 * `npm test` installs the right one where it may; in CI there is no other.
 */
export const drawsAsPictured = installed === '/usr/bin/chromium-headless-shell' || process.env['CI'] === 'true';

/**
 * How tests launch the browser: Debian's Chromium where it is installed, else the one that Playwright downloaded.
 * Root in a container has no user namespace, hence no sandbox there; the rest keeps the browser from calling home.
 */
export function chromiumLaunch() {
	const root = process.getuid?.() === 0;
	return {
		...(installed ? { executablePath: installed } : {}),
		args: [
			...(root ? ['--no-sandbox'] : []),
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync'
		]
	};
}
