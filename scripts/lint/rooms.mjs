/**
 * The rooms of the house: what each folder may import. One table, read by the lint rule below and by its test.
 * `rooms` names other rooms (a room may always import itself), `packages` outside libraries ('*' = any, a name covers its subpaths).
 */
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** What every room of the server may lean on: it decides, stores, publishes and shows nothing. */
const base = ['domain', 'geo', 'config', 'errors', 'log'];
const kit = ['@sveltejs/kit', '$app', '$env', 'svelte'];

/** @type {{ name: string, at: RegExp, rooms: string[], packages: string[] }[]} first match wins */
export const rooms = [
	{
		name: 'types',
		at: /^src\/app\.d\.ts$/,
		rooms: ['domain', 'paraglide', 'front'],
		packages: ['@supabase/supabase-js', 'node:']
	},
	{ name: 'paraglide', at: /^src\/lib\/paraglide\//, rooms: [], packages: ['*'] },
	{ name: 'geo', at: /^src\/lib\/geo\//, rooms: [], packages: ['@turf', 'proj4', 'geojson'] },
	{
		name: 'domain',
		at: /^src\/lib\/domain\//,
		rooms: ['geo'],
		packages: ['zod', 'opening_hours', 'suncalc', 'libphonenumber-js', 'geojson']
	},
	{ name: 'config', at: /^src\/lib\/server\/config(\/|\.ts$)/, rooms: [], packages: ['zod', 'node:'] },
	{
		name: 'errors',
		at: /^src\/lib\/server\/errors\.ts$/,
		rooms: ['domain', 'paraglide', 'i18n'],
		packages: ['@sveltejs/kit', '@supabase/supabase-js']
	},
	{ name: 'log', at: /^src\/lib\/server\/log\.ts$/, rooms: ['config'], packages: ['pino', 'node:'] },
	{ name: 'paper', at: /^src\/lib\/server\/mail\/paper\.ts$/, rooms: [], packages: ['nodemailer', 'node:'] },
	{
		name: 'start',
		at: /^src\/lib\/server\/start\.ts$/,
		rooms: ['supabase', 'db', 'published', 'jobs', 'outside', 'i18n', ...base],
		packages: ['@supabase/supabase-js', 'node:']
	},
	{
		name: 'supabase',
		at: /^src\/lib\/server\/supabase\.ts$/,
		rooms: ['config', 'log', 'errors'],
		packages: ['@supabase/ssr', '@supabase/supabase-js', ...kit]
	},
	{ name: 'db', at: /^src\/lib\/server\/db\//, rooms: base, packages: ['@supabase/supabase-js', 'zod', 'geojson'] },
	{
		name: 'published',
		at: /^src\/lib\/server\/published\//,
		rooms: ['db', 'supabase', ...base],
		packages: ['kdbush', 'geokdbush', 'minisearch', '@supabase/supabase-js', 'zod', 'geojson', 'node:']
	},
	{
		name: 'opendata',
		at: /^src\/lib\/server\/opendata\//,
		rooms: ['published', ...base],
		packages: ['csv-stringify', 'fflate', 'flatbuffers', 'geojson', 'n3', 'node:']
	},
	{ name: 'front', at: /^src\/lib\/server\/front\//, rooms: ['published', 'opendata', ...base], packages: ['node:'] },
	{
		name: 'intake',
		at: /^src\/lib\/server\/intake\//,
		rooms: ['db', ...base],
		packages: ['csv-parse', 'geojson', 'zod', '@supabase/supabase-js', 'node:']
	},
	{
		name: 'jobs',
		at: /^src\/lib\/server\/jobs\//,
		rooms: ['db', 'outside', ...base],
		packages: ['@supabase/supabase-js', 'node:']
	},
	{
		name: 'outside',
		at: /^src\/lib\/server\//,
		rooms: ['supabase', 'db', 'published', 'paper', 'paraglide', 'i18n', ...base],
		packages: ['nodemailer', 'sharp', 'altcha-lib', 'zod', 'geojson', '@supabase/supabase-js', 'node:', ...kit]
	},
	{
		name: 'cli',
		at: /^src\/cli\//,
		rooms: ['supabase', 'db', 'published', 'opendata', 'front', 'intake', 'jobs', 'outside', ...base],
		packages: ['commander', 'cli-progress', '@supabase/supabase-js', 'geojson', 'zod', 'node:']
	},
	{
		name: 'map',
		at: /^src\/lib\/map\//,
		rooms: ['domain', 'geo', 'ui', 'i18n', 'paraglide'],
		packages: ['maplibre-gl', 'pmtiles', 'svelte', 'geojson', '@turf', '@mapbox/maki', '@ideditor/temaki', '@fontsource-variable']
	},
	{ name: 'field', at: /^src\/lib\/field\//, rooms: ['domain', 'geo'], packages: ['idb', 'svelte', 'geojson'] },
	{ name: 'offline', at: /^src\/lib\/offline\//, rooms: ['paraglide'], packages: [] },
	{ name: 'ui', at: /^src\/lib\/ui\//, rooms: [], packages: ['svelte', 'bits-ui'] },
	{ name: 'i18n', at: /^src\/lib\/i18n\//, rooms: ['paraglide', 'domain'], packages: [] },
	{
		name: 'components',
		at: /^src\/lib\/components\//,
		rooms: ['domain', 'geo', 'map', 'ui', 'i18n', 'paraglide'],
		packages: ['svelte', '$app', 'geojson', '@mapbox/maki', '@ideditor/temaki', 'altcha-lib']
	},
	{
		name: 'routes',
		at: /^src\/(routes\/|hooks|app\.|service-worker)/,
		rooms: [
			'supabase',
			'db',
			'published',
			'opendata',
			'front',
			'intake',
			'jobs',
			'start',
			'outside',
			'map',
			'field',
			'offline',
			'ui',
			'i18n',
			'components',
			'paraglide',
			...base
		],
		packages: [...kit, '$service-worker', 'zod', 'geojson', 'node:', '@fontsource-variable']
	},
	{ name: 'local', at: /^supabase\//, rooms: ['domain', 'geo', 'config', 'log', 'paper'], packages: ['*'] },
	{ name: 'tests', at: /^test\//, rooms: ['*'], packages: ['*'] },
	{ name: 'tools', at: /^(scripts\/|[^/]+$)/, rooms: ['tests'], packages: ['*'] }
];

/** @param {string} path relative to the repository */
const roomOf = (path) => rooms.find(({ at }) => at.test(path));

/** Where an import points to inside the repository, or null for an outside library. @param {string} file @param {string} source */
function target(file, source) {
	if (source.startsWith('.')) return relative(root, resolve(root, dirname(file), source));
	const alias = /^\$(lib|paraglide)(\/|$)/.exec(source);
	if (!alias) return null;
	return source.replace(alias[0], alias[1] === 'lib' ? 'src/lib/' : 'src/lib/paraglide/');
}

/** Why this import is refused, or null. @param {string} file @param {string} source */
export function refusal(file, source) {
	const room = roomOf(file);
	if (!room || room.rooms.includes('*')) return null;
	const inside = target(file, source);
	if (inside === null) {
		const allowed = room.packages.some((p) => p === '*' || source === p || source.startsWith(p.endsWith(':') ? p : `${p}/`));
		return allowed ? null : `The room “${room.name}” may not use “${source}”.`;
	}
	if (inside.endsWith('.css') || inside.includes('/$types')) return null;
	const other = roomOf(/\.\w+$/.test(inside) ? inside : `${inside}.ts`);
	if (!other || other.name === room.name || room.rooms.includes(other.name)) return null;
	return `The room “${room.name}” may not import the room “${other.name}”.`;
}

/** @type {import('eslint').Rule.RuleModule} */
const imports = {
	meta: { type: 'problem', schema: [] },
	create(context) {
		const file = relative(root, context.filename);
		/** @param {any} node */
		const check = (node) => {
			if (typeof node?.value !== 'string') return;
			const message = refusal(file, node.value);
			if (message) context.report({ node, message });
		};
		return {
			ImportDeclaration: (node) => check(node.source),
			ExportNamedDeclaration: (node) => check(node.source),
			ExportAllDeclaration: (node) => check(node.source),
			ImportExpression: (node) => check(node.source)
		};
	}
};

/** Capitalised receivers (`Array.from`, `Buffer.from`) are the language's own. @type {import('eslint').Rule.RuleModule} */
const oneDatabaseDoor = {
	meta: { type: 'problem', schema: [] },
	create: (context) => ({
		CallExpression(node) {
			const { callee } = node;
			if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
			const { name } = callee.property;
			if (name !== 'from' && name !== 'rpc') return;
			const receiver = callee.object.type === 'Identifier' ? callee.object.name : '';
			if (name === 'from' && /^[A-Z]/.test(receiver)) return;
			context.report({ node, message: `Only src/lib/server/db talks to the database: move this .${name}( there.` });
		}
	})
};

export const roomsPlugin = { rules: { imports, 'one-database-door': oneDatabaseDoor } };
