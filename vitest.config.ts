import { existsSync } from 'node:fs';
import { sveltekit } from '@sveltejs/kit/vite';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';
import { chromiumLaunch, drawsAsPictured } from './test/support/browser.ts';
import { compareHalves } from './test/support/half-pictures.ts';
import { standInServer } from './test/support/stand-in-server.ts';

/** The story of a first start leaves a folder that all others begin with: see `offerDemoFolder`. */
class FirstStartFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const first = ({ moduleId }: TestSpecification) => moduleId.endsWith('test/integration/start.test.ts');
		const sorted = await super.sort(files);
		return [...sorted.filter(first), ...sorted.filter((file) => !first(file))];
	}
}

/** Components import CSS of MapLibre and fonts; everything else is plain TypeScript. */
const plugins = () => [sveltekit()];

export default defineConfig({
	plugins: plugins(),
	test: {
		sequence: { sequencer: FirstStartFirst },
		attachmentsDir: 'test-results/attachments',
		projects: [
			{
				extends: true,
				// Half of the work is loading the same modules again for each file.
				test: {
					name: 'unit',
					environment: 'node',
					include: ['test/unit/**/*.test.ts'],
					isolate: false,
					testTimeout: 60_000
				}
			},
			{
				extends: true,
				plugins: [standInServer()],
				// Vite would discover these during the first test and reload the page under it.
				optimizeDeps: { include: ['vitest-browser-svelte', 'axe-core'] },
				test: {
					name: 'component',
					include: ['test/component/**/*.test.ts'],
					setupFiles: existsSync('test/support/component-setup.ts') ? ['test/support/component-setup.ts'] : [],
					provide: { drawsAsPictured },
					browser: {
						enabled: true,
						headless: true,
						screenshotFailures: false,
						provider: playwright({
							launchOptions: chromiumLaunch(),
							contextOptions: { locale: 'fr-FR', timezoneId: 'Europe/Paris' }
						}),
						expect: { toMatchScreenshot: { comparatorName: 'halves', comparators: { halves: compareHalves } } },
						instances: [{ browser: 'chromium' }]
					}
				}
			},
			{
				extends: true,
				// One embedded database costs 700 MB: the files of a run follow each other and share it.
				test: {
					name: 'database',
					environment: 'node',
					include: ['test/database/**/*.test.ts'],
					fileParallelism: false,
					isolate: false,
					testTimeout: 60_000,
					hookTimeout: 120_000,
					env: { TEST_BACKEND: process.env['TEST_BACKEND'] ?? 'pglite' }
				}
			},
			{
				extends: true,
				test: {
					name: 'integration',
					environment: 'node',
					include: ['test/integration/**/*.test.ts'],
					fileParallelism: false,
					testTimeout: 120_000,
					hookTimeout: 400_000,
					env: { TEST_BACKEND: process.env['TEST_BACKEND'] ?? 'pglite' }
				}
			}
		]
	}
});
