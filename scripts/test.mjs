/** `npm test`: every check there is, one line each, and at the end `N passed, N failed`. Runs under the pinned Node. */
import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { env, root, seconds } from './prepare/run.mjs';
import { oneCount, playwrightCounts, sum, vitestCounts } from './test/counts.mjs';

const folder = mkdtempSync(join(tmpdir(), 'alentour-test-'));
// Each story's processes load the same modules: compiled once, they start in half the time.
const compiled = join(root, 'node_modules/.cache/node-compile');
/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} command
 * @property {(report: string, code: number) => import('./test/counts.mjs').Counts} count
 * @property {Record<string, string>} [env]
 */

/** @param {string} name @param {string[]} projects @param {Record<string, string>} [more] @param {string[]} [options] @returns {Step} */
const vitest = (name, projects, more = {}, options = []) => ({
	name,
	command: [
		...['vitest', 'run', ...projects.flatMap((project) => ['--project', project])],
		...['--reporter=default', '--reporter=json', ...options]
	],
	count: vitestCounts,
	env: { NO_COLOR: '1', ...more }
});

/** @param {string} name @param {string[]} command @returns {Step} */
const tool = (name, command) => ({ name, command, count: (_report, code) => oneCount(code) });

const embedded = [
	...['guards', 'enemy', 'changes', 'opening-hours', 'redaction'],
	...['stories/propose', 'stories/decide', 'stories/keep', 'stories/visitors']
].map((file) => `test/database/${file}`);

/** What the kind of database makes no difference to runs on the server, in half the time; everything can run on either. */
const onServer = [
	...['account', 'follow', 'forms', 'gis-clients', 'import-command'],
	...['import', 'photos', 'questions', 'snapshot', 'visitors']
];
/** @param {import('../test/support/database.ts').Backend} backend */
function integration(backend) {
	const names = readdirSync(join(root, 'test/integration')).filter((name) => name.endsWith('.test.ts'));
	const chosen = names.filter((name) => onServer.includes(name.replace('.test.ts', '')) === (backend === 'postgres'));
	return chosen.map((name) => `test/integration/${name}`);
}

/** @type {Step} */
const browser = { name: 'journeys in a browser', command: ['playwright', 'test'], count: playwrightCounts };

/**
 * Two cores: two workers take the next step. What has moments of its own to keep comes before the browser, which leaves a third of the cores idle; the rest
 * fills that third beside it, at a lower priority: the journeys are timed.
 * @type {Step[]}
 */
const steps = [
	// The random requests that a server answers in a second take the embedded database ten.
	// What depends on the database's kind runs on both; the later stories, of functions that the enemy tries there too, only on the server: they
	// would take the embedded one three minutes more. `npm run test:database` runs them all on it.
	vitest(
		'database stories on the embedded database',
		['database'],
		{ TEST_BACKEND: 'pglite', FUZZ_RUNS: '60', ENEMY: 'few' },
		embedded
	),
	vitest('integration on the embedded database', ['integration'], { TEST_BACKEND: 'pglite' }, integration('pglite')),
	vitest('integration on PostgreSQL', ['integration'], { TEST_BACKEND: 'postgres' }, integration('postgres')),
	vitest('unit and component', ['unit', 'component']),
	browser,
	vitest('database stories on PostgreSQL', ['database'], { TEST_BACKEND: 'postgres' }),
	tool('types', ['svelte-check', '--tsconfig', './tsconfig.json', '--fail-on-warnings']),
	tool('lint', ['eslint', '.']),
	tool('format', ['prettier', '--check', '--log-level', 'warn', '.']),
	tool('types of the service worker', ['tsc', '-p', 'tsconfig.worker.json'])
];

/** @param {Step} step */
async function runStep(step) {
	const { name, command, count, env: more } = step;
	const start = Date.now();
	const slug = name.replace(/\W+/g, '-');
	const report = join(folder, `${slug}.json`);
	const output = join(folder, `${slug}.txt`);
	const [program = '', ...args] = command;
	if (program === 'vitest') args.push(`--outputFile.json=${report}`);
	const behind = steps.indexOf(step) > steps.indexOf(browser);
	const code = await execute(program, args, output, { PLAYWRIGHT_JSON: report, ...more }, behind);
	const counts = count(report, code);
	const { passed, failed, skipped } = counts;
	const numbers = [`${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`].filter(Boolean).join(', ');
	process.stdout.write(`${failed ? '✗' : '✓'} ${name}: ${numbers} (${seconds(start)})\n`);
	if (failed) process.stdout.write(failureOf(program, output, report));
	return counts;
}

/**
 * @param {string} program @param {string[]} args @param {string} output @param {Record<string, string>} more
 * @param {boolean} behind whether all else goes first
 * @returns {Promise<number>} the exit code
 */
function execute(program, args, output, more, behind) {
	return new Promise((done) => {
		const out = openSync(output, 'w');
		const child = spawn(program, args, {
			cwd: root,
			env: { ...env, NODE_COMPILE_CACHE: compiled, ...more },
			stdio: ['ignore', out, out]
		});
		running.add(child);
		if (behind && child.pid) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
		child.on('error', () => done(127));
		child.on('close', (code) => {
			running.delete(child);
			done(code ?? 1);
		});
	});
}

/** What the failed step had to say: for the browser from its report, since its JSON reporter prints nothing. @param {string} program @param {string} output @param {string} report */
function failureOf(program, output, report) {
	const text = program === 'playwright' ? browserFailures(report) : '';
	return `${text || readFileSync(output, 'utf8').slice(-12_000)}\n`.replace(/^/gm, '  │ ');
}

/** @param {string} report */
function browserFailures(report) {
	/** @type {string[]} */
	const lines = [];
	/** @param {any} suite */
	const visit = (suite) => {
		for (const inner of suite.suites ?? []) visit(inner);
		for (const spec of suite.specs ?? []) {
			for (const test of spec.tests) {
				const errors = test.results.flatMap((/** @type {any} */ result) =>
					result.errors.map((/** @type {any} */ e) => e.message)
				);
				if (test.status === 'unexpected' || test.status === 'flaky')
					lines.push(`✗ [${test.projectName}] ${spec.file}: ${spec.title}`, ...errors);
			}
		}
	};
	try {
		const { suites, errors } = JSON.parse(readFileSync(report, 'utf8'));
		suites.forEach(visit);
		lines.push(...errors.map((/** @type {any} */ error) => error.message));
	} catch {
		return '';
	}
	return stripVTControlCharacters(lines.join('\n')).slice(0, 20_000);
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
	process.on(signal, () => {
		for (const child of running) child.kill(signal);
		process.exitCode = 130;
	});
}

const start = Date.now();
/** @type {import('./test/counts.mjs').Counts[]} */
const all = [];
const waiting = [...steps];
const worker = async () => {
	for (let step = waiting.shift(); step; step = waiting.shift()) all.push(await runStep(step));
};
await Promise.all([worker(), worker()]);
rmSync(folder, { recursive: true, force: true });
const { passed, failed, skipped } = sum(all);
process.stdout.write(`\nTook ${seconds(start)}.\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`);
process.exitCode ||= failed > 0 ? 1 : 0;
