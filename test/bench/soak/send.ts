import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createClient } from '@supabase/supabase-js';
import type { SupabaseClient } from '@supabase/supabase-js';
import { cookiesOf, post } from '../../support/forms.ts';
import type { Wish } from './proposals.ts';
import { noteOf } from './proposals.ts';
import type { Account } from './town.ts';

/** What the author was told; a form's page doesn't tell the proposal's id. */
export interface Acknowledgement {
	accepted: boolean;
	proposalId: string | null;
}

/** Never to be retried: it would be refused again. */
export class Refused extends Error {
	override name = 'Refused';
}

/** How a client speaks: both throw on anything but an acknowledgement. */
export interface Sender {
	via: 'api' | 'form';
	signIn(): Promise<void>;
	send(wish: Wish): Promise<Acknowledgement>;
}

const requestMs = 15_000;
const messages = resolve(import.meta.dirname, '../../../src/lib/i18n/messages/fr/contribute.json');
/** The heading above what was accepted. */
const accepted = (JSON.parse(readFileSync(messages, 'utf8')) as { sent_live: string }).sent_live;

export interface Endpoint {
	url: string;
	publishable_key: string;
	secret_key: string;
}

/** Read anew for each request: an application that is started again may listen elsewhere. */
export const endpointOf = (dataDir: string) => JSON.parse(readFileSync(join(dataDir, 'supabase.json'), 'utf8')) as Endpoint;

/** Speaks supabase-js with the local Supabase itself. */
export function apiSender(dataDir: string, { email, password }: Account): Sender {
	let token = '';
	const client = (more: object): SupabaseClient => {
		const { url, publishable_key } = endpointOf(dataDir);
		return createClient(url, publishable_key, more);
	};
	const stateless = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };
	return {
		via: 'api',
		async signIn() {
			const { data, error } = await client({ auth: stateless }).auth.signInWithPassword({ email, password });
			if (error) throw error;
			token = data.session.access_token;
		},
		async send(wish) {
			const operations = Object.entries(wish.new).map(([fact, value]) => ({ fact, old: wish.old[fact], new: value }));
			const { clientId: client_id, kind, placeId: place_id, baseVersion: base_version } = wish;
			const proposal = { client_id, kind, place_id, base_version, note: noteOf(wish), operations };
			const { data, error, status } = await client({ accessToken: async () => token })
				.rpc('submit_proposal', { proposal })
				.abortSignal(AbortSignal.timeout(requestMs));
			if (error && [400, 403, 409, 413, 422].includes(status)) throw new Refused(`${status} ${error.code} ${error.message}`);
			if (error) throw new Error(error.message);
			const answer = data as { proposal_id: string; state: string };
			return { accepted: answer.state === 'accepted', proposalId: answer.proposal_id };
		}
	};
}

/** Fills the application's own forms, as a browser without JavaScript. */
export function formSender(url: string, { email, password }: Account): Sender {
	let cookie = '';
	return {
		via: 'form',
		async signIn() {
			const answer = await post(url, '/sign-in', { email, password });
			await answer.arrayBuffer();
			if (answer.status !== 303) throw new Error(`sign-in answered ${answer.status}`);
			cookie = cookiesOf(answer);
		},
		async send(wish) {
			const path = wish.kind === 'create' ? '/places/new?/submit' : `/places/${wish.placeId}/edit?/submit`;
			const answer = await post(url, path, fieldsOf(wish), cookie);
			const page = await answer.text();
			if ([400, 403, 409, 422].includes(answer.status)) throw new Refused(`${path} ${answer.status}`);
			if (answer.status !== 200 || !/class="sent[ "]/.test(page)) throw new Error(`${path} answered ${answer.status}`);
			return { accepted: page.includes(accepted), proposalId: null };
		}
	};
}

/** For a new place the form's own id becomes the place's. */
function fieldsOf(wish: Wish): Record<string, string> {
	const { position, ...texts } = wish.new as Record<string, string> & { position?: { lon: number; lat: number } };
	return {
		...texts,
		...(position ? { lon: String(position.lon), lat: String(position.lat) } : {}),
		asked: Object.keys(wish.new).join(','),
		client_id: wish.kind === 'create' ? wish.placeId : wish.clientId,
		note: noteOf(wish),
		...(wish.kind === 'create' ? {} : { shown: JSON.stringify(wish.old), base_version: String(wish.baseVersion) })
	};
}
