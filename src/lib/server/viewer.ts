import type { SupabaseClient } from '@supabase/supabase-js';
import { error } from '@sveltejs/kit';
import type { Viewer } from '../domain/roles.ts';
import { whoami } from './db/people.ts';
import { Failure } from './errors.ts';

/**
 * Asks the database who holds this session; the question has a limit of two seconds (`db/call.ts`).
 * @param unavailable the sentence to show, in the reader's language
 * @returns null when the session is gone
 * @throws a 503 page when the database does not answer in time
 */
export async function askViewer(client: () => SupabaseClient, unavailable: () => string): Promise<Viewer | null> {
	try {
		return await whoami(client());
	} catch (cause) {
		if (!(cause instanceof Failure)) throw cause;
		if (cause.code === 'not_signed_in') return null;
		if (cause.code === 'database_away') error(503, { message: unavailable(), code: cause.code });
		throw cause;
	}
}
