/**
 * Does what is missing before `npm start`, `dev`, `test` and `admin`, and says what it does. Runs on the machine's own Node
 * (20 or later) before anything is installed: plain JavaScript, nothing imported but Node itself.
 */
import { build, compileMessages, syncTypes } from './prepare/build.mjs';
import { installDependencies } from './prepare/dependencies.mjs';
import { giveUp } from './prepare/run.mjs';
import { ensureBrowser, ensureClients, ensurePostgres } from './prepare/tools.mjs';

/** @type {Record<string, (() => Promise<void>)[]>} */
const steps = {
	start: [installDependencies, compileMessages, build],
	admin: [installDependencies, compileMessages, build],
	dev: [installDependencies, compileMessages, syncTypes],
	test: [installDependencies, compileMessages, syncTypes, ensureBrowser, ensurePostgres, ensureClients, build]
};

const wanted = steps[process.argv[2] ?? ''];
if (!wanted) giveUp(`Say what to prepare: ${Object.keys(steps).join(', ')}.`);
for (const step of wanted) await step();
