import type { IncomingMessage } from 'node:http';
import type { SupabaseClient } from '@supabase/supabase-js';
import type { Viewer } from '$lib/domain/roles';
import type { Locale } from '$lib/paraglide/runtime';
import type { Keep } from '$lib/server/front/keep';

declare global {
	/** The last migration of this build, see vite.config.ts. */
	const __SCHEMA_VERSION__: string;

	namespace App {
		interface Error {
			message: string;
			/** A failure that a person can meet, see `src/lib/server/errors.ts`. */
			code?: string;
			/** What a program is answered, in English, beside the sentence for people. */
			detail?: string;
			/** What to quote when writing to us: the same id is in the log. */
			id?: string;
		}
		interface Locals {
			requestId: string;
			locale: Locale;
			/** The caller's client, made when first used. */
			readonly supabase: SupabaseClient;
			/** Someone may be signed in: good enough to choose a header, never a permission. */
			flagged: boolean;
			/** Who is signed in, asked of the database once per request; null for nobody. Throws a 503 when it does not answer. */
			viewer(): Promise<Viewer | null>;
			/** Said by a route whose answer is the same for everybody who asks for this address. */
			keep?: Keep;
		}
		interface Platform {
			/** As adapter-node hands it on; there is none in development. */
			req?: IncomingMessage;
		}
	}
}
