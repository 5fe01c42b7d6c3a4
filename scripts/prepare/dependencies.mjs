import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { giveUp, root, run, say, seconds } from './run.mjs';

/** Installs from the lockfile when node_modules is missing or holds other versions. */
export async function installDependencies() {
	const [major = 0] = process.versions.node.split('.').map(Number);
	if (major < 20) giveUp(`Node ${process.versions.node} is too old: install Node 20 or later from https://nodejs.org.`);
	const why = reason();
	if (!why) return;
	const start = Date.now();
	say(`Installing the dependencies (${why}); about a minute and 900 MB the first time…`);
	// npm names itself to the scripts it runs: the same npm installs, whatever else is on the machine.
	// Warnings about the engines of packages say nothing here: they run on the Node that is being installed.
	const ci = ['ci', '--loglevel=error'];
	const npm = process.env.npm_execpath;
	const code = npm && /\.c?js$/.test(npm) ? await run(process.execPath, [npm, ...ci]) : await run('npm', ci);
	if (code !== 0) giveUp('npm ci failed: see its message above. It needs the npm registry and about 1 GB of disk.');
	if (!existsSync(join(root, 'node_modules/.bin/node'))) {
		giveUp(
			'The pinned Node did not arrive: npm must be allowed to run the install script of the package “node” (npm config ignore-scripts false).'
		);
	}
	say(`Dependencies installed in ${seconds(start)}.`);
}

/** Why an install is needed, or null. */
function reason() {
	const installed = read('node_modules/.package-lock.json');
	if (!installed || !existsSync(join(root, 'node_modules/.bin/node'))) return 'none is installed yet';
	const wanted = read('package-lock.json');
	if (!wanted) giveUp('package-lock.json is missing: restore it from the repository.');
	for (const [path, { version, optional }] of Object.entries(wanted.packages)) {
		if (path === '') continue;
		const there = installed.packages[path];
		if (!there && optional) continue;
		if (there?.version !== version) return `${path.replace(/^.*node_modules\//, '')} is not the version of the lockfile`;
	}
	return null;
}

/** @param {string} path @returns {{ packages: Record<string, { version?: string, optional?: boolean }> } | null} */
function read(path) {
	try {
		return JSON.parse(readFileSync(join(root, path), 'utf8'));
	} catch {
		return null;
	}
}
