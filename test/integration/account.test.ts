import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { DEMO_PASSWORD, startApp, stopPostgres } from '../support/app.ts';
import { cookiesOf, post } from '../support/forms.ts';

let app: TestApp;
beforeAll(async () => {
	app = await startApp();
});
afterAll(async () => {
	await app.stop();
	await stopPostgres();
});

const password = 'une phrase bien longue';
const newAddress = () => `${randomUUID()}@example.org`;
const alertOf = async (response: Response) =>
	/role="alert"[\s\S]*?<\/div>/.exec(await response.text())?.[0]?.replace(/<[^>]*>/g, ' ') ?? '';

/** The form that stands behind the newest link mailed to this address. */
function newestLink(email: string): { token_hash: string; type: string } {
	const text = app.outbox(email).at(-1)?.text ?? '';
	const url = new URL(/https?:\/\/\S+\/auth\/confirm\S+/.exec(text)?.[0] ?? '');
	expect(url.origin).toBe(app.url);
	return { token_hash: url.searchParams.get('token_hash') ?? '', type: url.searchParams.get('type') ?? '' };
}

async function signUp(email: string): Promise<string> {
	expect((await post(app.url, '/sign-up', { name: 'Ana', email, password })).status).toBe(200);
	return cookiesOf(await post(app.url, '/auth/confirm', newestLink(email)));
}

describe('an account', () => {
	it('is opened by the link in its mailbox, and not before', async () => {
		const email = newAddress();
		await post(app.url, '/sign-up', { name: 'Ana', email, password });
		const early = await post(app.url, '/sign-in', { email, password });
		expect(early.status).toBe(400);
		const link = newestLink(email);
		// Programs that read mails follow links: looking must not use it up.
		await fetch(`${app.url}/auth/confirm?${new URLSearchParams(link)}`);
		const opened = await post(app.url, '/auth/confirm', link);
		expect([opened.status, opened.headers.get('location')]).toEqual([303, '/me']);
		expect((await post(app.url, '/auth/confirm', link)).status).toBe(400);
		expect((await post(app.url, '/sign-in', { email, password })).status).toBe(303);
	});

	it('keeps its session in cookies that no script can read and no other site sends', async () => {
		const email = newAddress();
		await signUp(email);
		const cookies = (await post(app.url, '/sign-in', { email, password })).headers.getSetCookie();
		expect(cookies.length).toBeGreaterThan(1);
		for (const cookie of cookies) {
			expect(cookie).toMatch(/; HttpOnly/);
			expect(cookie).toMatch(/; SameSite=Lax/);
		}
	});

	it('is closed at once by signing out: the old cookie opens nothing', async () => {
		const cookie = await signUp(newAddress());
		const ask = () => fetch(`${app.url}/reset/new`, { headers: { cookie }, redirect: 'manual' });
		expect((await ask()).status).toBe(200);
		expect((await post(app.url, '/sign-out', {}, cookie)).headers.get('location')).toBe('/');
		expect((await ask()).status).toBe(303);
	});

	it('gets a new password by mail, and its other sessions end', async () => {
		const email = newAddress();
		const elsewhere = await signUp(email);
		await post(app.url, '/reset', { email });
		const opened = await post(app.url, '/auth/confirm', newestLink(email));
		expect(opened.headers.get('location')).toBe('/reset/new');
		const changed = await post(app.url, '/reset/new', { password: 'une autre phrase' }, cookiesOf(opened));
		expect(changed.status).toBe(303);
		expect((await post(app.url, '/sign-in', { email, password })).status).toBe(400);
		expect((await post(app.url, '/sign-in', { email, password: 'une autre phrase' })).status).toBe(303);
		expect((await fetch(`${app.url}/reset/new`, { headers: { cookie: elsewhere }, redirect: 'manual' })).status).toBe(303);
	});
});

describe('an address', () => {
	const signedIn = async (email: string) => cookiesOf(await post(app.url, '/sign-in', { email, password: DEMO_PASSWORD }));
	const demo = (name: string) => `${name}@alentour.example`;
	const change = (email: string, cookie: string, typed = DEMO_PASSWORD) =>
		post(app.url, '/me/email', { email, password: typed }, cookie);

	it('changes once the new mailbox has answered, and only for who knows the password', async () => {
		const next = newAddress();
		const cookie = await signedIn(demo('agente'));
		expect((await change(next, cookie, 'pas le bon')).status).toBe(400);
		expect(app.outbox(next)).toEqual([]);
		expect((await change(next, cookie)).status).toBe(200);
		expect((await post(app.url, '/sign-in', { email: next, password: DEMO_PASSWORD })).status).toBe(400);
		expect((await post(app.url, '/auth/confirm', newestLink(next))).status).toBe(303);
		expect((await post(app.url, '/sign-in', { email: next, password: DEMO_PASSWORD })).status).toBe(303);
		expect((await post(app.url, '/sign-in', { email: demo('agente'), password: DEMO_PASSWORD })).status).toBe(400);
	});

	it('of somebody else is answered like a free one, and stays theirs', async () => {
		const cookie = await signedIn(demo('service'));
		const ask = async (address: string) => (await (await change(address, cookie)).text()).replaceAll(address, '');
		expect(await ask(demo('habitant'))).toBe(await ask(newAddress()));
		expect(app.outbox(demo('habitant'))).toEqual([]);
	});

	it('can be signed out everywhere: what another device held opens nothing', async () => {
		const [here, there] = [await signedIn(demo('habitant')), await signedIn(demo('habitant'))];
		const ask = (cookie: string) => fetch(`${app.url}/reset/new`, { headers: { cookie }, redirect: 'manual' });
		expect((await ask(there)).status).toBe(200);
		await post(app.url, '/sign-out', { everywhere: '1' }, here);
		expect([(await ask(here)).status, (await ask(there)).status]).toEqual([303, 303]);
	});
});

describe('the forms', () => {
	it('answer the same whether an address has an account or not', async () => {
		const known = newAddress();
		await signUp(known);
		const unknown = newAddress();
		const plain = async (response: Promise<Response>) =>
			(await (await response).text()).replaceAll(known, '').replaceAll(unknown, '');
		const durations: number[] = [];
		const timed = async (response: Promise<Response>) => {
			const start = performance.now();
			return response.finally(() => durations.push(performance.now() - start));
		};
		const wrong = 'pas le bon mot de passe';
		for (const [path, fields] of [
			['/sign-in', { password: wrong }],
			['/reset', {}],
			['/sign-up', { name: 'Ana', password }]
		] as const) {
			const first = await plain(timed(post(app.url, path, { ...fields, email: known })));
			expect(await plain(timed(post(app.url, path, { ...fields, email: unknown })))).toBe(first);
		}
		// Hashing a password or writing a mail takes less than the least that every answer takes.
		expect(Math.min(...durations)).toBeGreaterThan(290);
	});

	it('say what to put right and keep what was typed, except the password', async () => {
		const answer = await post(app.url, '/sign-up', { name: 'Ana', email: 'ana@', password: 'court' });
		expect(answer.status).toBe(400);
		const page = await answer.text();
		expect(page).toContain('value="ana@"');
		expect(page).not.toContain('court"');
		expect(page.match(/<a href="#(email|password)"/g)).toHaveLength(2);
	});

	it('stop guessing after ten tries for an address', async () => {
		const email = newAddress();
		for (let n = 0; n < 10; n++) expect((await post(app.url, '/sign-in', { email, password: 'guess' })).status).toBe(400);
		const stopped = await post(app.url, '/sign-in', { email, password: 'guess' });
		expect(stopped.status).toBe(429);
		expect(await alertOf(stopped)).toContain('Trop d’essais');
	});

	it('send nobody to another site after signing in', async () => {
		const email = newAddress();
		await signUp(email);
		for (const to of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
			const answer = await post(app.url, `/sign-in?to=${encodeURIComponent(to)}`, { email, password });
			expect([to, answer.headers.get('location')]).toEqual([to, '/me']);
		}
		expect((await post(app.url, '/sign-in?to=/places/new', { email, password })).headers.get('location')).toBe('/places/new');
	});

	it('refuse what another site sends, whatever its format', async () => {
		for (const type of ['application/x-www-form-urlencoded', 'application/json', 'text/plain']) {
			const headers = { origin: 'https://evil.example', 'content-type': type };
			expect((await fetch(`${app.url}/sign-out`, { method: 'POST', headers, body: 'a=1' })).status).toBe(403);
		}
	});

	it('leave no address, password or token in the log', () => {
		const log = app.output();
		expect(log).not.toContain('@example.org');
		expect(log).not.toContain(password);
		expect(log).not.toMatch(/token_hash=|eyJ[\w-]+\./);
	});
});
