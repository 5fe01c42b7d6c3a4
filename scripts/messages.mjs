/**
 * `npm run messages`: the sentences of the interface, compiled to functions. They are written in one file per subject; here they are put together
 * first, because Paraglide 2.25 takes minutes over a dozen files (each message of one is compared with those of all others) and three seconds over one.
 *
 * Beside them come `families/<prefix>.js`: all messages that begin with a prefix. Words for keys that come out of data are looked up in one of those;
 * looked up among all messages they would bring all messages to every page.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare/run.mjs';

const cache = join(root, 'node_modules/.cache/alentour-messages');
const plugin = 'plugin.inlang.messageFormat';
/** @param {string} path */
const json = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

const settings = json('project.inlang/settings.json');
/** @type {string[]} */
const patterns = settings[plugin].pathPattern;
mkdirSync(join(cache, 'project.inlang'), { recursive: true });
for (const locale of settings.locales) {
	/** @type {Map<string, unknown>} */
	const all = new Map();
	for (const pattern of patterns) {
		for (const [key, text] of Object.entries(json(pattern.replace('{locale}', locale)))) {
			if (key !== '$schema' && all.has(key)) throw new Error(`The message ${key} (${locale}) is written twice.`);
			all.set(key, text);
		}
	}
	writeFileSync(join(cache, `${locale}.json`), JSON.stringify(Object.fromEntries(all)));
}
const modules = settings.modules.map((/** @type {string} */ path) => `../../../${path.replace('./', '')}`);
const project = { ...settings, modules, [plugin]: { pathPattern: './{locale}.json' } };
writeFileSync(join(cache, 'project.inlang/settings.json'), JSON.stringify(project));

const options = ['--strategy', 'cookie', 'preferredLanguage', 'baseLocale', '--silent', '--emit-ts-declarations'];
const { status } = spawnSync(
	'paraglide-js',
	['compile', '--project', join(cache, 'project.inlang'), '--outdir', join(root, 'src/lib/paraglide'), ...options],
	{ cwd: root, stdio: 'inherit' }
);
if (status === 0) writeFamilies(join(root, 'src/lib/paraglide'));
process.exitCode = status ?? 1;

/** `families/report_kind.js` has `report_kind_gone`, `report_kind_wrong` and so on. @param {string} folder */
function writeFamilies(folder) {
	/** @type {Map<string, string[]>} */
	const families = new Map();
	const keys = readdirSync(join(folder, 'messages')).filter((name) => name.endsWith('.js') && name !== '_index.js');
	for (const key of keys.map((name) => name.slice(0, -'.js'.length)).sort()) {
		const steps = key.split('_');
		for (let n = 1; n < steps.length; n++) {
			const prefix = steps.slice(0, n).join('_');
			families.set(prefix, [...(families.get(prefix) ?? []), key]);
		}
	}
	mkdirSync(join(folder, 'families'), { recursive: true });
	for (const [prefix, members] of families) {
		const lines = members.map((key) => `export { ${key} } from '../messages/${key}.js';\n`).join('');
		writeFileSync(join(folder, 'families', `${prefix}.js`), lines);
		writeFileSync(join(folder, 'families', `${prefix}.d.ts`), lines);
	}
}
