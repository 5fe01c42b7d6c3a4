import { defineConfig, devices } from '@playwright/test';
import { chromiumLaunch } from './test/support/browser.ts';
import type { WorkerOptions } from './test/support/fixtures.ts';

const desktop = { ...devices['Desktop Chrome'], launchOptions: chromiumLaunch(), locale: 'fr-FR', timezoneId: 'Europe/Paris' };

export default defineConfig<object, WorkerOptions>({
	testDir: 'test/e2e',
	testMatch: '**/*.spec.ts',
	// One application with its database per worker; two cores carry two of them.
	workers: 2,
	fullyParallel: false,
	forbidOnly: !!process.env['CI'],
	retries: 0,
	timeout: 60_000,
	expect: { timeout: 10_000 },
	reporter: process.env['PLAYWRIGHT_JSON'] ? [['json', { outputFile: process.env['PLAYWRIGHT_JSON'] }]] : 'list',
	// A trace costs as much as the page it follows: TRACE=on asks for it. A map that flies costs more still, without a graphics card.
	use: {
		...desktop,
		actionTimeout: 15_000,
		trace: process.env['TRACE'] ? 'retain-on-failure' : 'off',
		screenshot: 'only-on-failure',
		contextOptions: { reducedMotion: 'reduce' },
		// Nothing stands between a story and the application, but in those of offline.spec.ts.
		serviceWorkers: 'block'
	},
	projects: [
		{ name: 'pglite', use: { backend: 'pglite' } },
		// Everything once with JavaScript; `@plain` also without it, `@both` also on the server's database, `@loop` both.
		{ name: 'pglite-no-js', use: { backend: 'pglite', javaScriptEnabled: false }, grep: /@loop|@plain/ },
		{ name: 'postgres', use: { backend: 'postgres' }, grep: /@loop|@both/ },
		{ name: 'postgres-no-js', use: { backend: 'postgres', javaScriptEnabled: false }, grep: /shown everywhere, undone/ }
	]
});
