import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestSupabase } from '../../support/database.ts';
import { openTestSupabase, TEST_PASSWORD } from '../../support/database.ts';

interface Mail {
	to: string;
	from: string;
	subject: string;
	text: string;
	html: string;
}

let supabase: TestSupabase;
beforeAll(async () => {
	supabase = await openTestSupabase({
		env: { SITE_URL: 'https://carte.example.org', MAIL_FROM: 'Alentour <carte@example.org>' }
	});
});
afterAll(() => supabase.stop());

const outbox = () => join(supabase.dataDir, 'outbox');
const mailsTo = (address: string) =>
	(existsSync(outbox()) ? readdirSync(outbox()) : [])
		.filter((file) => file.endsWith('.json'))
		.map((file) => JSON.parse(readFileSync(join(outbox(), file), 'utf8')) as Mail)
		.filter((mail) => mail.to === address);
const someone = () => `${randomUUID()}@example.org`;
const linkIn = (mail: Mail | undefined) => new URL(/https:\/\/\S+/.exec(mail?.text ?? '')?.[0] ?? 'missing:');

/** Opens what the link of a mail opens. */
async function follow(mail: Mail | undefined, type: 'signup' | 'recovery' | 'email_change' | 'magiclink') {
	const client = supabase.anon();
	const { error } = await client.auth.verifyOtp({ token_hash: linkIn(mail).searchParams.get('token_hash') ?? '', type });
	return { client, error };
}

describe('signing up', () => {
	it.each(['signup', 'otp', 'recover', 'magiclink', 'invite', 'resend', 'SIGNUP', 'signup/', '%73ignup'])(
		'at /auth/v1/%s is for the application only',
		async (path) => {
			const response = await fetch(`${supabase.url}/auth/v1/${path}`, {
				method: 'POST',
				headers: { apikey: supabase.publishableKey, 'content-type': 'application/json' },
				body: JSON.stringify({ email: 'enemy@example.org', password: TEST_PASSWORD, type: 'signup' })
			});
			expect([401, 403, 404]).toContain(response.status);
			expect(mailsTo('enemy@example.org')).toEqual([]);
			expect(await supabase.sql(`select from auth.users where email = 'enemy@example.org'`)).toEqual([]);
		}
	);

	it('gives no session before the address is confirmed, and one after', async () => {
		const email = someone();
		const { data, error } = await supabase.service().auth.signUp({ email, password: TEST_PASSWORD });
		expect(error).toBeNull();
		expect(data.session).toBeNull();
		await expect(supabase.signIn(email)).rejects.toMatchObject({ code: 'email_not_confirmed' });
		const [mail] = mailsTo(email);
		expect((await follow(mail, 'signup')).error).toBeNull();
		await expect(supabase.signIn(email)).resolves.toBeDefined();
		expect((await follow(mail, 'signup')).error, 'a link works once').not.toBeNull();
	});

	it('is not done by guessing: mails hold long links and no short code', async () => {
		const email = someone();
		await supabase.service().auth.signUp({ email, password: TEST_PASSWORD });
		const [mail] = mailsTo(email);
		expect(linkIn(mail).searchParams.get('token_hash')?.length).toBeGreaterThanOrEqual(32);
		expect(mail?.text.replace(/https:\S+/g, '')).not.toMatch(/\d{6}/);
	});
});

describe('mails without a mail server', () => {
	it('are kept in the outbox, in French and English, as text and HTML, for their owner only', async () => {
		const email = someone();
		await supabase.service().auth.signUp({ email, password: TEST_PASSWORD });
		const [mail] = mailsTo(email);
		expect(mail).toMatchObject({
			from: 'Alentour <carte@example.org>',
			subject: 'Confirmez votre adresse · Confirm your address'
		});
		for (const part of [mail?.text, mail?.html]) {
			expect(part).toContain('ouvert un compte');
			expect(part).toContain('opened an Alentour account');
			expect(part).not.toContain('{{');
		}
		expect(linkIn(mail)).toMatchObject({ origin: 'https://carte.example.org', pathname: '/auth/confirm' });
		expect(linkIn(mail).searchParams.get('type')).toBe('signup');
		expect(mail?.html).toContain(linkIn(mail).href.replaceAll('&', '&amp;'));
		const files = readdirSync(outbox()).map((file) => join(outbox(), file));
		expect(files.filter((file) => file.endsWith('.eml')).length).toBe(files.length / 2);
		for (const file of files) expect(statSync(file).mode & 0o077, file).toBe(0);
	});

	it('carry a link to choose a new password', async () => {
		const { email } = await supabase.createAccount();
		await supabase.service().auth.resetPasswordForEmail(email);
		const { client, error } = await follow(mailsTo(email)[0], 'recovery');
		expect(error).toBeNull();
		expect((await client.auth.updateUser({ password: 'another horse battery' })).error).toBeNull();
		await expect(supabase.signIn(email)).rejects.toThrow();
		await expect(supabase.signIn(email, 'another horse battery')).resolves.toBeDefined();
	});
});

describe('an address', () => {
	it("can't be taken by confirming in one's own mailbox", async () => {
		const enemy = await supabase.createAccount();
		const victim = someone();
		const client = await supabase.signIn(enemy.email);
		expect((await client.auth.updateUser({ email: victim })).error).toBeNull();
		for (const mail of mailsTo(enemy.email)) await follow(mail, 'email_change');
		const emailOfEnemy = () => supabase.sql('select email from auth.users where id = $1', [enemy.id]);
		expect(await emailOfEnemy()).toEqual([{ email: enemy.email }]);

		const [mail] = mailsTo(victim);
		expect(mail?.subject).toMatch(/nouvelle adresse/);
		expect((await follow(mail, 'email_change')).error).toBeNull();
		expect(await emailOfEnemy()).toEqual([{ email: victim }]);
	});

	it('of somebody else cannot be asked for', async () => {
		const [one, other] = [await supabase.createAccount(), await supabase.createAccount()];
		const client = await supabase.signIn(one.email);
		expect((await client.auth.updateUser({ email: other.email })).error).not.toBeNull();
		expect(mailsTo(other.email)).toEqual([]);
	});

	it('has one account, however it is written', async () => {
		const { email } = await supabase.createAccount();
		await expect(supabase.createAccount({ email: email.toUpperCase() })).rejects.toMatchObject({ code: '23505' });
	});
});

describe('signing out', () => {
	it('takes the session away, which functions can ask for', async () => {
		const { email, id } = await supabase.createAccount();
		const client = await supabase.signIn(email);
		const sessions = () => supabase.sql('select from auth.sessions where user_id = $1', [id]);
		expect(await sessions()).toHaveLength(1);
		await client.auth.signOut({ scope: 'global' });
		expect(await sessions()).toHaveLength(0);
	});
});
