/**
 * Every failure a person can meet: its code and the HTTP status it is answered with. The words are `error_<code>` in
 * `src/lib/i18n/messages/<locale>/errors.json`. Codes that the database raises (DETAIL of `private.refuse`) bring their own status.
 */
const statuses = {
	database_away: 503,
	not_signed_in: 401,
	forbidden: 403,
	not_found: 404,
	invalid_request: 400,
	invisible_character: 422,
	too_many_requests: 429,
	visitors_busy: 429,
	unexpected: 500
} as const;
export type AppCode = keyof typeof statuses;

/** The app's own codes, for the test that proves each has its words. */
export const appCodes = Object.keys(statuses) as AppCode[];

/** An expected failure. `fact` is the fact concerned, when there is one; `message` is for logs, never for a page. */
export class Failure extends Error {
	readonly code: string;
	readonly status: number;
	readonly fact: string | null;

	constructor(code: string, { status, fact = null, message = code, cause }: FailureDetails = {}) {
		super(message, { cause });
		this.name = 'Failure';
		this.code = code;
		this.status = status ?? (code in statuses ? statuses[code as AppCode] : 500);
		this.fact = fact;
	}
}

interface FailureDetails {
	status?: number;
	fact?: string | null;
	message?: string;
	cause?: unknown;
}

/** The part of a PostgREST error that says something; the local Supabase and a real one answer the same. */
export interface DatabaseError {
	code?: string | null;
	message?: string | null;
	details?: string | null;
	hint?: string | null;
}

/** PostgreSQL and PostgREST codes that mean "nobody answers": connection lost, shutting down, starting, timeout, pool exhausted. */
const away = /^(08...|53...|57014|57P0.|PGRST00[0-3])$/;
/** A NUL, or half of a pair of code units: PostgreSQL keeps neither, in JSON (22P05) or in text (22021). */
const unstorable = /^(22P05|22021)$/;
const signedOut = /^PGRST30[0-3]$/;

/**
 * The failure behind an error of supabase-js. `status` is the HTTP status, 0 when no answer came.
 * `PT4xx` is a refusal of ours: MESSAGE the sentence, DETAIL the code, HINT the fact (database.md, Errors).
 */
export function failureOf(error: DatabaseError, status: number): Failure {
	const message = error.message ?? '';
	const code = error.code ?? '';
	const refusal = /^PT(4\d\d)$/.exec(code)?.[1];
	if (refusal) {
		return new Failure(error.details || 'invalid_request', { status: Number(refusal), fact: error.hint || null, message });
	}
	if (status === 0 || [502, 503, 504].includes(status) || away.test(code)) return new Failure('database_away', { message });
	if (unstorable.test(code)) return new Failure('invisible_character', { message });
	if (status === 401 || signedOut.test(code)) return new Failure('not_signed_in', { message });
	if (code === '42501' || status === 403) return new Failure('forbidden', { message });
	if (status === 429) return new Failure('too_many_requests', { message });
	if (status === 404) return new Failure('not_found', { message });
	return new Failure('unexpected', { message: `${code} ${message}`.trim() });
}

/** A failure as a page's data: no sentence of the database travels. */
export interface ShownFailure {
	code: string;
	fact: string | null;
}

/** The failure to show for whatever was thrown; what nobody expected is thrown on. */
export function shown(thrown: unknown): ShownFailure & { status: number } {
	if (!(thrown instanceof Failure) || thrown.code === 'unexpected') throw thrown;
	return { code: thrown.code, fact: thrown.fact, status: thrown.status };
}
