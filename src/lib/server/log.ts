import { writeSync } from 'node:fs';
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

export type Log = Logger;

const EMAIL = /[^\s"'<>(),;:@]+@[^\s"'<>(),;@]+\.[^\s"'<>(),;@]+/g;
const TOKEN = /\b(?:sb_(?:secret|publishable)_|eyJ)[\w.-]+|\b[\w-]{32,}\b/g;
const ADDRESS = /\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9a-f]{1,4}:){3,}[0-9a-f:]*\b/gi;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const CREDENTIALS = /\/\/[^\s/@]+@/g;
const QUERY = /\?[^\s"']*/g;

/**
 * Takes e-mail addresses, tokens, credentials, IP addresses and query strings out of a text.
 * Loopback addresses and plain uuids of ours stay: they name no one and help to find a fault.
 */
export function scrub(text: string): string {
	return text
		.replace(CREDENTIALS, '//…@')
		.replace(EMAIL, '[email]')
		.replace(QUERY, '?…')
		.replace(TOKEN, (token) => (UUID.test(token) ? token : '[token]'))
		.replace(ADDRESS, (address) => (address.startsWith('127.') || address === '0.0.0.0' ? address : '[ip]'));
}

/**
 * What may be written of an error: its name, its code, where it was thrown, and its message unless it comes from the
 * database, whose messages, details and queries quote values.
 */
export function describeError(error: unknown): Record<string, unknown> {
	if (!(error instanceof Error)) return { name: typeof error };
	const fields = error as Error & Record<string, unknown>;
	const code = typeof fields['code'] === 'string' ? fields['code'] : undefined;
	const fromDatabase = ['severity', 'query', 'parameters', 'params', 'routine', 'hint'].some((field) => field in fields);
	const described: Record<string, unknown> = { name: error.name, code };
	if (!fromDatabase) described['message'] = scrub(error.message).slice(0, 300);
	for (const field of ['table', 'table_name', 'constraint', 'constraint_name', 'routine'])
		if (typeof fields[field] === 'string') described[field] = fields[field];
	if (typeof fields['where'] === 'string')
		described['where'] = fields['where'].match(/PL\/pgSQL function [\w.]+\([^)]*\) line \d+/g);
	described['at'] = error.stack
		?.split('\n')
		.filter((line) => /^\s+at /.test(line))
		.slice(0, 6)
		.map((line) => line.trim());
	if (error.cause) described['cause'] = describeError(error.cause);
	return described;
}

/**
 * pino's own destination tries for ever when nobody reads the output any more (sonic-boom's flushSync on EPIPE), so that a
 * process could never leave. A line that can't be written is dropped.
 */
const STANDARD_OUTPUT: DestinationStream = {
	write(line) {
		for (let attempt = 0; attempt < 20; attempt++)
			try {
				writeSync(1, line);
				return;
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
			}
	}
};

/** Keys under which a secret or a person may stand, wherever a caller puts them. */
const PERSONAL = ['email', 'password', 'token', 'apikey', 'authorization', 'cookie', 'ip', 'name', 'phone'];

/**
 * The log of the application and of the local Supabase: one JSON object a line on the standard output, nothing personal in it.
 * @param name which process speaks
 * @param level pino's levels
 */
export function createLog(name: string, level: string, destination?: DestinationStream): Log {
	const options = {
		name,
		level,
		base: { name },
		timestamp: pino.stdTimeFunctions.isoTime,
		formatters: { level: (label: string) => ({ level: label }) },
		redact: { paths: PERSONAL.filter((key) => key !== 'name').flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
		serializers: { err: describeError, error: describeError },
		hooks: {
			logMethod(this: Logger, args: unknown[], method: (this: Logger, ...args: unknown[]) => void) {
				// An error given bare would bring its message along as the line's own.
				if (args[0] instanceof Error) args[0] = { err: args[0] };
				if (args.length === 1 && isBareError(args[0])) args.push('failed');
				method.apply(
					this,
					args.map((arg) => (typeof arg === 'string' ? scrub(arg) : arg))
				);
			}
		}
	} as const;
	return pino(options as never, destination ?? STANDARD_OUTPUT) as Logger;
}

function isBareError(value: unknown): boolean {
	return typeof value === 'object' && value !== null && ('err' in value || 'error' in value);
}
