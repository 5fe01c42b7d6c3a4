import type { SupabaseClient } from '@supabase/supabase-js';
import { z } from 'zod';
import { Failure, failureOf } from '../errors.ts';
import type { DatabaseError } from '../errors.ts';

/** The request's own client: the caller's session, the caller's rights. */
export type Client = SupabaseClient;

/** Milliseconds. A frozen database may hold a page no longer than this. */
export const limits = { read: 2000, write: 10_000 } as const;

interface Reply {
	data: unknown;
	error: DatabaseError | null;
	status: number;
}
interface Query extends PromiseLike<Reply> {
	abortSignal(signal: AbortSignal): PromiseLike<Reply>;
}

/** Runs a query within `milliseconds`; its data, or a `Failure` with `database_away` when nobody answered in time. */
export async function run(query: Query, milliseconds: number = limits.read): Promise<unknown> {
	let reply: Reply;
	try {
		reply = await withinTime(query.abortSignal(AbortSignal.timeout(milliseconds)), milliseconds);
	} catch (cause) {
		if (cause instanceof Failure) throw cause;
		throw new Failure('database_away', { cause });
	}
	if (reply.error) throw failureOf(reply.error, reply.status);
	return reply.data;
}

/** The client refreshes an old session before it asks, and that request knows no signal: the clock is ours as well. */
async function withinTime<T>(work: PromiseLike<T>, milliseconds: number): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(
			() => reject(new Failure('database_away', { message: `no answer in ${milliseconds} ms` })),
			milliseconds + 50
		);
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}

/** Rows of a view. A shape we do not know is a fault of ours, not of the reader. */
export async function rows<T>(query: Query, row: z.ZodType<T>): Promise<T[]> {
	return z.array(row).parse((await run(query)) ?? []);
}

/** Calls a function that writes. */
export async function write<T>(client: Client, name: string, args: Record<string, unknown>, answer: z.ZodType<T>): Promise<T> {
	return answer.parse(await run(client.rpc(name, args), limits.write));
}

/**
 * As `write`, asked again while nobody answers, for at most `patience` milliseconds: only for calls that carry a `client_id`, whose second
 * execution has no effect. A database process that was killed is back within seconds.
 */
export async function writeAgain<T>(
	client: Client,
	name: string,
	args: Record<string, unknown>,
	answer: z.ZodType<T>,
	patience = 6000
): Promise<T> {
	const end = Date.now() + patience;
	for (let pause = 250; ; pause = Math.min(pause * 2, 2000)) {
		try {
			return await write(client, name, args, answer);
		} catch (failure) {
			const again = failure instanceof Failure && failure.code === 'database_away' && Date.now() + pause < end;
			if (!again) throw failure;
			await new Promise((resolve) => setTimeout(resolve, pause));
		}
	}
}
