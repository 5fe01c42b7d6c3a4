import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from './database.ts';

/** Made once per installation. */
export interface Keys {
	/** What a session token is signed with. */
	jwt: string;
	publishable: string;
	secret: string;
}

/** Where the local Supabase answers: the content of `DATA_DIR/supabase.json`. */
export interface Endpoint {
	url: string;
	publishable_key: string;
	secret_key: string;
}

/** Reads `DATA_DIR/keys.json`, or makes it. Only its owner may read it. */
export function installationKeys(dataDir: string): Keys {
	const file = join(dataDir, 'keys.json');
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
		const keys: Keys = { jwt: secret(48), publishable: `sb_publishable_${secret(24)}`, secret: `sb_secret_${secret(24)}` };
		writePrivate(file, JSON.stringify(keys));
		return keys;
	}
	chmodSync(file, 0o600);
	return parseKeys(file, text);
}

function parseKeys(file: string, text: string): Keys {
	try {
		const { jwt, publishable, secret } = JSON.parse(text) as Keys;
		if ([jwt, publishable, secret].every((key) => typeof key === 'string' && key.length >= 32))
			return { jwt, publishable, secret };
	} catch {
		// Said below.
	}
	throw new Refusal(`${file} is damaged: bring it back from a backup, or remove it and everybody signs in again.`);
}

/** Writes `DATA_DIR/supabase.json`: never half written, never readable by others. */
export function announce(dataDir: string, endpoint: Endpoint): void {
	writePrivate(join(dataDir, 'supabase.json'), JSON.stringify(endpoint));
}

/** Writes a file that only its owner may read, whole or not at all. */
export function writePrivate(file: string, text: string): void {
	const draft = `${file}.${randomUUID()}`;
	writeFileSync(draft, text, { mode: 0o600 });
	renameSync(draft, file);
}

const secret = (bytes: number) => randomBytes(bytes).toString('base64url');
