import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const entries = ['serve', 'admin']
	.map((name) => [name, resolve(`src/cli/${name}.ts`)] as const)
	.filter(([, path]) => existsSync(path));

/** The two programs beside the application: build/serve.js (`npm start`) and build/admin.js (`npm run admin`). */
export default defineConfig({
	resolve: { alias: { $lib: resolve('src/lib'), $paraglide: resolve('src/lib/paraglide') } },
	publicDir: false,
	build: {
		ssr: true,
		outDir: 'build',
		emptyOutDir: false,
		target: 'node24',
		rollupOptions: {
			input: Object.fromEntries(entries),
			output: { entryFileNames: '[name].js', chunkFileNames: 'cli/[name]-[hash].js' }
		}
	}
});
