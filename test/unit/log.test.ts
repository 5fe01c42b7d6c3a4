import { describe, expect, it } from 'vitest';
import { createLog, scrub } from '../../src/lib/server/log';

function lines(write: (log: ReturnType<typeof createLog>) => void): string {
	let text = '';
	write(createLog('test', 'trace', { write: (line: string) => void (text += line) }));
	return text;
}

describe('the log', () => {
	it.each([
		['signed in: jeanne.dupont@example.org', 'jeanne'],
		['at 2001:db8:85a3::8a2e:370:7334 now', '8a2e'],
		['from 192.0.2.17', '192.0.2.17'],
		['GET /auth/confirm?token_hash=0a1b2c', '0a1b2c'],
		['key sb_secret_abcDEF', 'abcDEF'],
		['postgres://town:hunter2@db/alentour', 'hunter2'],
		['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.c2ln', 'c2ln']
	])('scrubs %s', (text, secret) => {
		expect(scrub(text)).not.toContain(secret);
		expect(lines((log) => log.info(text))).not.toContain(secret);
	});

	it('keeps ids of places, times and loopback addresses, which find a fault', () => {
		const text = 'place 6f1c9a52-3c5e-4b57-9f5e-0d8a1c2b3d4e at 10:30 on 127.0.0.1';
		expect(scrub(text)).toBe(text);
	});

	it('writes of a database error its code and place, not its message, detail or parameters', () => {
		const error = Object.assign(new Error('invalid input: "Jeanne"'), {
			code: '22P02',
			severity: 'ERROR',
			detail: 'Key (phone)=(0240000000)',
			parameters: ['Jeanne'],
			query: "select 'Jeanne'",
			where: 'PL/pgSQL function private.submit(jsonb) line 12 at RAISE, "Jeanne"'
		});
		const written = lines((log) => log.error({ error }, 'failed'));
		expect(written).toContain('22P02');
		expect(written).toContain('private.submit(jsonb) line 12');
		expect(written).not.toMatch(/Jeanne|0240000000/);
	});

	it('says the same of an error given bare or as a cause', () => {
		const cause = Object.assign(new Error('"Jeanne"'), { severity: 'ERROR', code: '22P02' });
		const written = lines((log) => {
			log.error(cause);
			log.error({ err: new Error('outer', { cause }) });
		});
		expect(written).not.toContain('Jeanne');
		expect(written.match(/22P02/g)).toHaveLength(2);
	});

	it('redacts fields that name a person', () => {
		expect(lines((log) => log.info({ email: 'j', password: 'hunter2', request: { ip: '::1', cookie: 'c=1' } }, 'x'))).not.toMatch(
			/hunter2|::1|c=1/
		);
	});
});
