import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig, VARIABLES } from '../../src/lib/server/config';
import type { Config } from '../../src/lib/server/config';

function config(env: Record<string, string>): Config {
	const parsed = parseConfig(env);
	if ('errors' in parsed) throw new Error(parsed.errors.join('\n'));
	return parsed.config;
}

function errors(env: Record<string, string>): string[] {
	const parsed = parseConfig(env);
	return 'errors' in parsed ? parsed.errors : [];
}

describe('the environment', () => {
	it('may be empty: the demonstration on port 3000 with the embedded database in ./data', () => {
		expect(config({})).toMatchObject({
			port: 3000,
			host: '127.0.0.1',
			origin: 'http://localhost:3000',
			dataDir: resolve('data'),
			databaseUrl: null,
			supabase: null,
			smtpUrl: null,
			demo: true,
			demoPassword: null
		});
	});

	it('takes empty and blank values for values not given', () => {
		expect(config({ PORT: '', SUPABASE_URL: '  ', DEMO_PASSWORD: '' })).toEqual(config({}));
	});

	it('derives the origin from the port', () => {
		expect(config({ PORT: '8080' }).origin).toBe('http://localhost:8080');
	});

	it('forgives a slash at the end of an address', () => {
		expect(config({ ORIGIN: 'https://carte.example.org/' }).origin).toBe('https://carte.example.org');
	});

	it('knows a Supabase project by its address and both keys', () => {
		const keys = { SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_0123456789', SUPABASE_SECRET_KEY: 'sb_secret_0123456789' };
		expect(config({ SUPABASE_URL: 'https://xyz.supabase.co/', ...keys }).supabase).toEqual({
			url: 'https://xyz.supabase.co',
			publishableKey: keys.SUPABASE_PUBLISHABLE_KEY,
			secretKey: keys.SUPABASE_SECRET_KEY
		});
	});

	it.each([
		['PORT', 'eighty'],
		['PORT', '65536'],
		['PORT', '-1'],
		['HOST', 'http://localhost'],
		['ORIGIN', 'carte.example.org'],
		['ORIGIN', 'https://carte.example.org/carte'],
		['ORIGIN', 'javascript:alert(1)'],
		['TRUST_PROXY', 'yes'],
		['DATABASE_URL', 'mysql://localhost/alentour'],
		['SMTP_URL', 'mail.example.org'],
		['MAIL_FROM', 'Alentour'],
		['BASEMAP_STYLE_URL', 'ign'],
		['BASEMAP_PMTILES', '/srv/map.mbtiles'],
		['GEOCODER_URL', 'ban'],
		['DEMO', 'no'],
		['DEMO_PASSWORD', 'short'],
		['LOG_LEVEL', 'loud']
	])('refuses %s=%s with one sentence that begins with the variable', (name, value) => {
		const [sentence, ...others] = errors({ [name]: value });
		expect(sentence).toMatch(new RegExp(`^${name} must .+\\.$`));
		expect(others).toEqual([]);
	});

	it('names every wrong variable at once', () => {
		expect(errors({ PORT: 'x', DEMO: 'x', LOG_LEVEL: 'x' }).map((sentence) => sentence.split(' ')[0])).toEqual([
			'PORT',
			'DEMO',
			'LOG_LEVEL'
		]);
	});

	it('never repeats a value, which may be a secret', () => {
		expect(errors({ DATABASE_URL: 'mysql://me:hunter22222@db' }).join()).not.toContain('hunter22222');
	});

	it.each([
		[{ SUPABASE_URL: 'https://xyz.supabase.co' }, ['SUPABASE_PUBLISHABLE_KEY', 'SUPABASE_SECRET_KEY']],
		[{ SUPABASE_SECRET_KEY: 'sb_secret_0123456789' }, ['SUPABASE_URL']],
		[{ SMTP_URL: 'smtp://localhost:1025' }, ['MAIL_FROM']]
	])('refuses %o for what is missing beside it', (env, missing) => {
		expect(errors(env).map((sentence) => sentence.split(' ')[0])).toEqual(missing);
	});

	it('refuses two places for the data', () => {
		const supabase = {
			SUPABASE_URL: 'https://xyz.supabase.co',
			SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_0123456789',
			SUPABASE_SECRET_KEY: 'sb_secret_0123456789'
		};
		expect(errors({ ...supabase, DATABASE_URL: 'postgres://localhost/alentour' })).toEqual([
			expect.stringMatching(/^DATABASE_URL must be removed/)
		]);
	});

	it('is listed whole in .env.example', () => {
		const listed = [...readFileSync('.env.example', 'utf8').matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name);
		expect(listed.sort()).toEqual([...VARIABLES].sort());
	});
});
