/**
 * `npm run messages`: the sentences of the interface, compiled to functions. They are written in one file per subject; here they are put together
 * first, because Paraglide 2.25 takes minutes over a dozen files (each message of one is compared with those of all others) and three seconds over one.
 *
 * Beside them come `families/<prefix>.js`: all messages that begin with a prefix. Words for keys that come out of data are looked up in one of those;
 * looked up among all messages they would bring all messages to every page.
 *
 * And each message is written anew in fewer letters: what Paraglide repeats around every sentence was a fifth of what a form's words weigh.
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
if (status === 0) {
	writeFamilies(join(root, 'src/lib/paraglide'));
	shorten(join(root, 'src/lib/paraglide'));
}
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

/**
 * `export const x = ((inputs, options) => …)` over one function per language becomes `say('…', '…')`, the functions only where a sentence has
 * something to put in. Types stay: they are in the files beside. A message of another shape stays as it came. @param {string} folder
 */
function shorten(folder) {
	const order = settings.locales.map((/** @type {string} */ locale) => `'${locale}'`).join(', ');
	writeFileSync(
		join(folder, 'say.js'),
		`// @ts-nocheck
import { getLocale } from './runtime.js';

const order = [${order}];

/** A message: its text, or what makes it, in each language. */
export const say = (...texts) => (inputs, { locale = getLocale() } = {}) => {
	const text = texts[order.indexOf(locale)] ?? texts[0];
	return typeof text === 'string' ? text : text(inputs);
};
`
	);
	for (const name of readdirSync(join(folder, 'messages'))) {
		if (!name.endsWith('.js') || name === '_index.js') continue;
		const path = join(folder, 'messages', name);
		const source = readFileSync(path, 'utf8').replace(/\/\*\*? [^]*?\*\/ ?/g, '');
		const texts = settings.locales.map((/** @type {string} */ locale) => textOf(source, locale));
		const key = /^export const (\w+) = /m.exec(source)?.[1];
		if (!key || texts.includes(undefined)) continue;
		const registry = texts.some((/** @type {string} */ text) => text.includes('registry.'))
			? `import * as registry from '../registry.js';\n`
			: '';
		writeFileSync(
			path,
			`// @ts-nocheck\n${registry}import { say } from '../say.js';\n\nexport const ${key} = /* @__PURE__ */ say(\n\t${texts.join(',\n\t')}\n);\n`
		);
	}
}

/** What says a message in one language: a text, or a function of what is put in. @param {string} source @param {string} locale */
function textOf(source, locale) {
	const made = new RegExp(`^const ${locale}_\\w+ = (\\(i?\\) => \\{[^]*?\\n\\});$`, 'm').exec(source)?.[1];
	const only = made && /^\(i?\) => \{\s*return \(?(`(?:[^`\\]|\\.)*`)\)?;?\s*\}$/.exec(made)?.[1];
	if (!only) return made;
	return only.includes('${') ? `(i) => ${only}` : only;
}
