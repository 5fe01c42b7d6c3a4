import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { DEMO_PASSWORD, startApp, stopPostgres } from '../support/app.ts';
import { cookiesOf, post } from '../support/forms.ts';
import { until } from '../support/processes.ts';

let app: TestApp;
beforeAll(async () => {
	app = await startApp();
});
afterAll(async () => {
	await app.stop();
	await stopPostgres();
});

const habitant = { email: 'habitant@alentour.example', password: DEMO_PASSWORD };
const timed = async (path: string, cookie = '') => {
	const start = performance.now();
	const response = await fetch(app.url + path, { headers: { cookie }, signal: AbortSignal.timeout(10_000) });
	await response.arrayBuffer();
	return { status: response.status, ms: performance.now() - start };
};

describe.each([
	['frozen', (pid: number): boolean => process.kill(pid, 'SIGSTOP'), (pid: number): boolean => process.kill(pid, 'SIGCONT')],
	['killed', (pid: number): boolean => process.kill(pid, 'SIGKILL'), (): boolean => true]
] as const)('while the database process is %s', (how, harm, mend) => {
	let pid = 0;
	let cookie = '';

	beforeAll(async () => {
		cookie = cookiesOf(await post(app.url, '/sign-in', habitant));
		expect(cookie).toContain('alentour_signed_in=1');
		pid = app.databasePid();
		harm(pid);
	});

	it('public pages answer at once, also for someone signed in', async () => {
		for (const path of ['/', '/?q=biblio', '/data/places.geojson', '/health']) {
			for (const who of ['', cookie]) {
				const { status, ms } = await timed(path, who);
				expect({ path, status }).toEqual({ path, status: 200 });
				expect(ms).toBeLessThan(1500);
			}
		}
	});

	it('a form says that the service does not answer, and keeps what was typed', async () => {
		const start = performance.now();
		const answer = await post(app.url, '/sign-in', habitant);
		expect(performance.now() - start).toBeLessThan(6500);
		const page = await answer.text();
		// A killed process may be back already: then the form simply works.
		if (how === 'killed' && answer.status === 303) return;
		expect(answer.status).toBe(503);
		expect(page).toContain('role="alert"');
		expect(page).toContain(habitant.email);
		expect(page).not.toContain(habitant.password);
	});

	it('a page that must know who asks says so within three seconds', async () => {
		const { status, ms } = await timed('/reset/new', cookie);
		expect(how === 'frozen' ? [503] : [200, 503]).toContain(status);
		expect(ms).toBeLessThan(3500);
	});

	it('all recovers by itself', async () => {
		mend(pid);
		await until('the database is back', async () => (await app.health()).database === 'up', 40_000);
		const answer = await until('sign-in works', async () => {
			const tried = await post(app.url, '/sign-in', habitant);
			return tried.status === 303 ? tried : null;
		});
		expect((await timed('/reset/new', cookiesOf(answer))).status).toBe(200);
	});
});
