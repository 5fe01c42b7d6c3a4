import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const root = join(import.meta.dirname, '../../..');
const manifestFile = join(root, '.svelte-kit/output/client/.vite/manifest.json');

const chunks = z.record(
	z.string(),
	z.object({
		file: z.string(),
		isEntry: z.boolean().default(false),
		imports: z.array(z.string()).default([]),
		dynamicImports: z.array(z.string()).default([]),
		css: z.array(z.string()).default([]),
		assets: z.array(z.string()).default([])
	})
);
type Chunks = z.infer<typeof chunks>;

/**
 * The scripts, the worker's too, and the style sheets that only `import('./Map.svelte')` brings: read from the list that Vite leaves of the
 * last build.
 * @returns kilobytes by path, as they are sent
 */
export function mapFiles(): Map<string, number> {
	const all = chunks.parse(JSON.parse(readFileSync(manifestFile, 'utf8')));
	const pages = closure(
		all,
		Object.keys(all).filter((name) => all[name]!.isEntry),
		false
	);
	const names = [...closure(all, ['src/lib/map/Map.svelte'], true)].filter((name) => !pages.has(name));
	const used = names.map((name) => all[name]!);
	const files = used.flatMap(({ file, css, assets }) => [file, ...css, ...assets]).filter((file) => /\.(js|css)$/.test(file));
	const kilobytes = (file: string) => statSync(join(root, `build/client/${file}.br`)).size / 1000;
	return new Map(files.map((file) => [`/${file}`, kilobytes(file)]));
}

/** The chunks that these bring along, themselves included. */
function closure(all: Chunks, names: string[], later: boolean, found = new Set<string>()): Set<string> {
	for (const name of names) {
		const chunk = all[name];
		if (!chunk || found.has(name)) continue;
		found.add(name);
		closure(all, [...chunk.imports, ...(later ? chunk.dynamicImports : [])], later, found);
	}
	return found;
}
