import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
	scripts: { start: string };
};
const [, before = '', after = ''] = /^exec env (.*?) ?node (.*?) ?build\/serve\.js$/.exec(scripts.start) ?? [];

/** How `npm start` sets the process that it starts: what is measured or tested beside it is set alike. */
export const startedWith = {
	env: Object.fromEntries(before.split(' ').map((pair) => pair.split('=') as [string, string])),
	flags: after.split(' ')
};
if (!startedWith.env['MALLOC_ARENA_MAX'] || !after.startsWith('--')) throw new Error(`« ${scripts.start} » is not read any more`);
