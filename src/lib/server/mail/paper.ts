import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';

/** A mail as it would be sent; what else nodemailer knows of headers may come along. */
export interface Paper extends Pick<SendMailOptions, 'messageId' | 'headers' | 'list'> {
	from: string;
	to: string;
	subject: string;
	text: string;
	html?: string | undefined;
}

/** The bytes of a mail. @param newline SMTP wants `windows` */
export async function toMime(mail: Paper, newline: 'unix' | 'windows'): Promise<Buffer> {
	const { message } = await createTransport({ streamTransport: true, buffer: true, newline }).sendMail(mail);
	return message as Buffer;
}

/**
 * Where there is no mail server a mail is kept in `dataDir/outbox`, as .eml for people and .json for tools; only the owner of the
 * folder may read it. The same name again writes the same file.
 */
export async function keepOnPaper<T extends Paper>(dataDir: string, name: string, mail: T): Promise<void> {
	const folder = join(dataDir, 'outbox');
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	write(join(folder, `${name}.eml`), (await toMime(mail, 'unix')).toString());
	write(join(folder, `${name}.json`), JSON.stringify(mail));
}

/** Whole or not at all. */
function write(file: string, text: string): void {
	const draft = `${file}.${randomUUID()}`;
	writeFileSync(draft, text, { mode: 0o600 });
	renameSync(draft, file);
}
