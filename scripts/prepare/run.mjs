import { spawn, spawnSync } from 'node:child_process';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The pinned Node of node_modules comes first, as in npm scripts, also when someone calls a script directly. */
export const env = { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter) };

/** One line about what happens now. @param {string} text */
export function say(text) {
	process.stdout.write(`▸ ${text}\n`);
}

/** Ends with a sentence that says what to do. @param {string} sentence @returns {never} */
export function giveUp(sentence) {
	process.stderr.write(`\n✗ ${sentence}\n\n`);
	process.exit(1);
}

/** @param {number} since milliseconds, from Date.now() */
export const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/**
 * Runs a command in the repository, its output on the terminal; resolves to its exit code.
 * @param {string} command @param {string[]} args @param {Record<string, string>} [more] variables to add
 * @returns {Promise<number>}
 */
export function run(command, args, more = {}) {
	return new Promise((done) => {
		const child = spawn(command, args, { cwd: root, env: { ...env, ...more }, stdio: 'inherit' });
		child.on('error', () => done(127));
		child.on('close', (code) => done(code ?? 1));
	});
}

/** Runs a command silently; what it printed, or null when it failed or isn't there. @param {string} command @param {string[]} args */
export function ask(command, args) {
	const { status, stdout } = spawnSync(command, args, { cwd: root, env, encoding: 'utf8' });
	return status === 0 ? stdout.trim() : null;
}
