import { Failure } from '../errors.ts';
import type { Client } from './call.ts';

const bucket = 'photos';

/** supabase-js says what went wrong in an object, and throws when nobody answers. */
export async function asked<T>(
	work: () => Promise<{ data: T; error: { message: string; status?: number | undefined } | null }>
): Promise<T> {
	let answer: Awaited<ReturnType<typeof work>>;
	try {
		answer = await work();
	} catch (cause) {
		throw new Failure('database_away', { cause });
	}
	if (!answer.error) return answer.data;
	const { status } = answer.error;
	if (status === 404 || status === 400) throw new Failure('not_found', { cause: answer.error });
	throw new Failure('database_away', { cause: answer.error });
}

/** Makes the private bucket when it is not there. @param service the service key's client, here and below: nobody else opens it */
export async function ensureBucket(service: Client): Promise<void> {
	const { error } = await service.storage.getBucket(bucket);
	if (!error) return;
	const made = await service.storage.createBucket(bucket, { public: false, allowedMimeTypes: ['image/webp'] });
	// Another node was faster.
	if (made.error && (await service.storage.getBucket(bucket)).error) throw new Failure('database_away', { cause: made.error });
}

/** Puts a copy away under this name, over an earlier one. */
export async function put(service: Client, name: string, bytes: Buffer): Promise<void> {
	const body = new Uint8Array(bytes).buffer;
	await asked(() => service.storage.from(bucket).upload(name, body, { contentType: 'image/webp', upsert: true }));
}

/** @throws Failure `not_found`, `database_away` */
export async function get(service: Client, name: string): Promise<Buffer> {
	const data = await asked(() => service.storage.from(bucket).download(name));
	return Buffer.from(await data!.arrayBuffer());
}

export async function drop(service: Client, names: string[]): Promise<void> {
	await asked(() => service.storage.from(bucket).remove(names));
}
