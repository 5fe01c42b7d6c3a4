import { createClient } from '@supabase/supabase-js';
import type { SupabaseClient } from '@supabase/supabase-js';
import type { TestApp } from './app.ts';
import { DEMO_PASSWORD } from './app.ts';
import { cookiesOf, post } from './forms.ts';

/** The people of the demonstration, each with a session of her own with the database and with the application. */
export class Callers {
	#app: TestApp;
	#clients = new Map<string, Promise<SupabaseClient>>();
	#cookies = new Map<string, string>();

	constructor(app: TestApp) {
		this.#app = app;
	}

	async call(who: string, name: string, parameters: object): Promise<Record<string, unknown>> {
		const { data, error } = await (await this.client(who)).rpc(name, parameters);
		if (error) throw new Error(`${name}: ${error.message}`);
		return data as Record<string, unknown>;
	}

	/** `anonymous` and `service` are keys; others sign in. */
	client(who: string): Promise<SupabaseClient> {
		const known = this.#clients.get(who) ?? this.#connect(who);
		this.#clients.set(who, known);
		return known;
	}

	async #connect(who: string): Promise<SupabaseClient> {
		const { url, publishable_key, secret_key } = this.#app.endpoint();
		const key = who === 'service' ? secret_key : publishable_key;
		const client = createClient(url, key, { auth: { persistSession: false, autoRefreshToken: false } });
		if (who === 'service' || who === 'anonymous') return client;
		const { error } = await client.auth.signInWithPassword({ email: `${who}@alentour.example`, password: DEMO_PASSWORD });
		if (error) throw error;
		return client;
	}

	async #cookie(who: string): Promise<string> {
		const known = this.#cookies.get(who);
		if (known) return known;
		const { url } = this.#app;
		const cookie = cookiesOf(await post(url, '/sign-in', { email: `${who}@alentour.example`, password: DEMO_PASSWORD }));
		this.#cookies.set(who, cookie);
		return cookie;
	}

	async sendPhoto(who: string, place: string, bytes: Buffer): Promise<string> {
		const { url } = this.#app;
		const headers = { origin: url, cookie: await this.#cookie(who), 'content-type': 'application/octet-stream' };
		const answer = await fetch(`${url}/photos?place=${place}`, { method: 'POST', headers, body: new Uint8Array(bytes) });
		if (answer.status !== 201) throw new Error(await answer.text());
		return ((await answer.json()) as { id: string }).id;
	}

	async sendForm(who: string, path: string, fields: Record<string, string>): Promise<void> {
		const body = new FormData();
		for (const [name, value] of Object.entries(fields)) body.set(name, value);
		const { url } = this.#app;
		const headers = { origin: url, cookie: await this.#cookie(who), accept: 'text/html' };
		const answer = await fetch(url + path, { method: 'POST', headers, body, redirect: 'manual' });
		if (answer.status >= 400) throw new Error(`${path} answers ${answer.status}: ${(await answer.text()).slice(0, 2000)}`);
	}
}
