/**
 * Names in package-lock.json the optional packages of other platforms that the registry at hand did not offer when a dependency
 * was added: `npm ci` refuses a lockfile that doesn't mention them. Run it after `npm install` (a unit test says when).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare/run.mjs';

const systems = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'aix', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32'];

/** @typedef {{ version: string, dev?: boolean, optional?: boolean, optionalDependencies?: Record<string, string>, os?: string[], cpu?: string[], libc?: string[] }} Locked */

/** Optional packages that the lockfile asks for and doesn't name. @param {Record<string, Locked>} packages */
export function unnamed(packages) {
	const named = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
	return Object.values(packages).flatMap(({ dev, optionalDependencies = {} }) =>
		Object.entries(optionalDependencies)
			.filter(([name]) => !named.has(name))
			.map(([name, version]) => ({ name, version, dev }))
	);
}

/** Where a platform's package may be installed, as its name says. @param {string} name */
function platform(name) {
	const words = name.split(/[-/]/);
	const os = systems.filter((system) => words.includes(system));
	const cpu = processors.filter((processor) => words.includes(processor));
	const libc =
		words.includes('musl') || words.includes('musleabihf')
			? ['musl']
			: words.includes('gnu') && os.includes('linux')
				? ['glibc']
				: null;
	return { cpu, os, ...(libc ? { libc } : {}) };
}

if (process.argv[1] === import.meta.filename) {
	const file = join(root, 'package-lock.json');
	const lock = JSON.parse(readFileSync(file, 'utf8'));
	for (const { name, version, dev } of unnamed(lock.packages)) {
		lock.packages[`node_modules/${name}`] = { version, ...(dev ? { dev } : {}), optional: true, ...platform(name) };
		process.stdout.write(`${name}@${version}\n`);
	}
	const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
	writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, '\t')}\n`);
}
