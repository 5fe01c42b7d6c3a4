import { Failure } from '../errors.ts';
import type { Client } from './call.ts';
import { asked } from './photo-files.ts';

const bucket = 'archives';
const atOnce = 1000;

/** Makes the private bucket when it is not there. @param service the service key's client, here and below: nobody else opens it */
export async function ensureArchiveBucket(service: Client): Promise<void> {
	const { error } = await service.storage.getBucket(bucket);
	if (!error) return;
	const made = await service.storage.createBucket(bucket, { public: false });
	// Another node was faster.
	if (made.error && (await service.storage.getBucket(bucket)).error) throw new Failure('database_away', { cause: made.error });
}

/** An object or a folder of the bucket. */
export interface Listed {
	name: string;
	/** Since when, milliseconds; null for a folder. */
	at: number | null;
}

type Row = { name: string; created_at?: string | null };

/** What lies directly below a folder. */
export async function listArchiveFiles(service: Client, folder: string): Promise<Listed[]> {
	const found: Row[] = [];
	for (let offset = 0; ; offset += atOnce) {
		const options = { limit: atOnce, offset, sortBy: { column: 'name', order: 'asc' } };
		const page = (await asked(() => service.storage.from(bucket).list(folder, options))) ?? [];
		found.push(...page);
		if (page.length < atOnce) return below(folder, found);
	}
}

/**
 * Supabase lists names as they are below the folder, without an instant for folders; `@supabase/lite` 0.10 whole names of everything that begins like it.
 */
export function below(folder: string, rows: readonly Row[]): Listed[] {
	const start = `${folder}/`;
	const found = new Map<string, Listed>();
	for (const { name, created_at: made } of rows) {
		const isWhole = name.startsWith(folder);
		if (isWhole && !name.startsWith(start)) continue;
		const own = isWhole ? name.slice(start.length) : name;
		const [first = own, ...deeper] = own.split('/');
		found.set(first, { name: first, at: made && deeper.length === 0 ? Date.parse(made) : null });
	}
	return [...found.values()];
}

/** @returns null when there is no such object */
export async function readArchiveFile(service: Client, name: string): Promise<Uint8Array | null> {
	try {
		const data = await asked(() => service.storage.from(bucket).download(name));
		return data && new Uint8Array(await data.arrayBuffer());
	} catch (failure) {
		if (failure instanceof Failure && failure.code === 'not_found') return null;
		throw failure;
	}
}

/** @returns false when that name is taken: what is there stays as it is */
export async function createArchiveFile(service: Client, name: string, bytes: Uint8Array): Promise<boolean> {
	const body = new Uint8Array(bytes).buffer;
	const options = { contentType: 'application/octet-stream', upsert: false };
	const { error } = await service.storage
		.from(bucket)
		.upload(name, body, options)
		.catch((cause: unknown) => {
			throw new Failure('database_away', { cause });
		});
	if (!error) return true;
	const { status, statusCode } = error as { status?: number; statusCode?: string };
	if (status === 409 || statusCode === '409' || statusCode === 'Duplicate') return false;
	throw new Failure('database_away', { cause: error });
}

export async function removeArchiveFiles(service: Client, names: readonly string[]): Promise<void> {
	if (names.length > 0) await asked(() => service.storage.from(bucket).remove([...names]));
}
