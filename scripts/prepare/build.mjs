import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { giveUp, root, run, say, seconds } from './run.mjs';

const messages = [
	'src/lib/i18n/messages',
	'scripts/messages.mjs',
	'project.inlang/settings.json',
	'package-lock.json',
	'package.json'
];
const sources = ['src', 'static', 'supabase', 'scripts', 'project.inlang/settings.json', 'package-lock.json', 'package.json'];
const configs = ['svelte.config.js', 'vite.config.ts', 'vite.server.config.ts', 'tsconfig.json'];
const generated = /^src\/lib\/paraglide(\/|$)/;

/** Compiles the messages when they changed. */
export async function compileMessages() {
	const stamp = join(root, 'node_modules/.cache/alentour/messages');
	const hash = contents(messages);
	if (existsSync(join(root, 'src/lib/paraglide/messages.js')) && read(stamp) === hash) return;
	say('Compiling the messages…');
	if ((await run('npm', ['run', '--silent', 'messages'])) !== 0) giveUp('The messages could not be compiled: see above.');
	write(stamp, hash);
}

/** Types of the routes, which the editor, the type check and the tests need. */
export async function syncTypes() {
	if (existsSync(join(root, '.svelte-kit/tsconfig.json'))) return;
	if ((await run('svelte-kit', ['sync'])) !== 0) giveUp('svelte-kit sync failed: see above.');
}

/** Builds the application and its programs when their sources changed. @param {{ force?: boolean }} [options] */
export async function build({ force = false } = {}) {
	const stamp = join(root, 'build/.stamp');
	const hash = contents([...sources, ...configs]);
	if (!force && existsSync(join(root, 'build/serve.js')) && read(stamp) === hash) return;
	const start = Date.now();
	say('Building the application; about half a minute…');
	for (const config of ['vite.config.ts', 'vite.server.config.ts']) {
		const code = await run('vite', ['build', '--logLevel', 'warn', '--config', config]);
		if (code !== 0) giveUp('The build failed: see above.');
	}
	write(stamp, hash);
	say(`Built in ${seconds(start)}.`);
}

/** One hash over the names and contents of files and folders. @param {string[]} paths */
function contents(paths) {
	const hash = createHash('sha256');
	for (const path of paths) add(path);
	return hash.digest('hex');

	/** @param {string} path */
	function add(path) {
		const full = join(root, path);
		if (generated.test(path) || !existsSync(full)) return;
		if (statSync(full).isDirectory()) {
			for (const name of readdirSync(full).sort()) add(`${path}/${name}`);
			return;
		}
		hash.update(`\0${path}\0`).update(readFileSync(full));
	}
}

/** @param {string} path */
const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : null);

/** @param {string} path @param {string} text */
function write(path, text) {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
}
