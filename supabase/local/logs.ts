import type { Log } from '../../src/lib/server/log.ts';

/**
 * `@supabase/lite` 0.10 writes failing SQL with its parameters to the console. Whatever is said there becomes a line of our
 * log, of which only the kind, the code and the place are kept.
 */
export function filterConsole(log: Log): void {
	const write = (...args: unknown[]) => {
		const error = args.find((arg) => arg instanceof Error);
		const origin = typeof args[0] === 'string' ? (/^\[[\w :/@-]+\]/.exec(args[0])?.[0] ?? null) : null;
		if (error) log[expected(error) ? 'debug' : 'warn']({ origin, error }, 'the local Supabase met an error');
		else log.debug({ origin }, 'the local Supabase wrote to the console');
	};
	Object.assign(console, { log: write, info: write, warn: write, error: write, debug: write, trace: write, dir: write });
}

/** A refusal of ours or of a permission is an answer, not a fault. */
function expected(error: unknown): boolean {
	const code = (error as { code?: unknown }).code;
	return typeof code === 'string' && /^(PT4\d\d|42501|22...|23...)$/.test(code);
}
