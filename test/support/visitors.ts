import { createHash, randomUUID } from 'node:crypto';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Somebody without an account as the web forms present her to the database: secrets stay here, hashes go. */
export interface Visitor {
	token: string;
	code: string;
	link_hash: string;
	code_hash: string;
}

export function makeVisitor(): Visitor {
	const token = randomUUID();
	const code = randomUUID();
	return { token, code, link_hash: sha256(token), code_hash: sha256(code) };
}

/** What every call of a visitor carries. */
export const entry = ({ link_hash, code_hash }: Visitor, more: object = {}) => ({ link_hash, code_hash, proven: true, ...more });
export const byLink = (token: string) => ({ link_hash: sha256(token) });
export const byCode = ({ code_hash }: Visitor) => ({ code_hash });
