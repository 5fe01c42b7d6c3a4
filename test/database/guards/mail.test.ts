import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLog } from '../../../src/lib/server/log.ts';
import type { Mailer } from '../../../supabase/local/mail.ts';
import { createMailer } from '../../../supabase/local/mail.ts';

/** A real mail server that answers as told, one answer per mail, then accepts. */
let answers: (number | 'accept')[] = [];
const received: Buffer[] = [];
let attempts = 0;
const server = new SMTPServer({
	authOptional: true,
	disabledCommands: ['STARTTLS'],
	onData(stream, _session, done) {
		const parts: Buffer[] = [];
		stream.on('data', (part: Buffer) => parts.push(part));
		stream.on('end', () => {
			attempts++;
			const answer = answers.shift() ?? 'accept';
			if (answer === 'accept') received.push(Buffer.concat(parts));
			done(answer === 'accept' ? null : Object.assign(new Error('no'), { responseCode: answer }));
		});
	}
});
const patience = { timeout: 20_000 };
let smtpUrl: string;
let dataDir: string;
let mailer: Mailer | undefined;
let logged = '';

const open = (retryMs = 20) =>
	(mailer = createMailer(
		{ dataDir, smtpUrl, from: 'Alentour <carte@example.org>', templates: 'supabase/templates', retryMs },
		createLog('test', 'debug', { write: (line) => void (logged += line) })
	));
const mail = {
	to: 'jeanne@example.org',
	subject: 'Confirmez votre adresse',
	text: 'the service’s own',
	html: '<a href="https://carte.example.org/auth/confirm?token_hash=0a1b2c3d&amp;type=signup">Confirmer</a>'
};
const files = (folder: string) => {
	try {
		return readdirSync(join(dataDir, folder));
	} catch {
		return [];
	}
};

beforeAll(async () => {
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	smtpUrl = `smtp://127.0.0.1:${(server.server.address() as { port: number }).port}`;
});
afterAll(() => new Promise<void>((closed) => server.close(closed)));
afterEach(() => {
	mailer?.stop();
	rmSync(dataDir, { recursive: true, force: true });
	received.length = attempts = 0;
	answers = [];
});
const begin = () => (dataDir = mkdtempSync(join(tmpdir(), 'alentour-')));

describe('a mail', () => {
	it('leaves through the mail server, with our own text, and the queue is empty again', async () => {
		begin();
		await open().send(mail);
		await vi.waitFor(() => expect(received).toHaveLength(1), patience);
		const parsed = await PostalMime.parse(received[0]!);
		expect(parsed).toMatchObject({ subject: mail.subject, from: { address: 'carte@example.org', name: 'Alentour' } });
		expect(parsed.to?.[0]?.address).toBe(mail.to);
		expect(parsed.text).toContain('https://carte.example.org/auth/confirm?token_hash=0a1b2c3d&type=signup');
		expect(parsed.text).toContain('ouvert un compte');
		await vi.waitFor(() => expect(files('mail-queue')).toEqual([]), patience);
	});

	it('is tried again when the server fails at first, and arrives once', async () => {
		begin();
		answers = [451, 421, 451];
		await open().send(mail);
		await vi.waitFor(() => expect(received).toHaveLength(1), patience);
		expect(attempts).toBe(4);
		await vi.waitFor(() => expect(files('mail-queue')).toEqual([]), patience);
	});

	it('does not wait for the server in the request', async () => {
		begin();
		smtpUrl = smtpUrl.replace('127.0.0.1', '127.0.0.2');
		await open().send(mail);
		expect(files('mail-queue')).toHaveLength(1);
		smtpUrl = smtpUrl.replace('127.0.0.2', '127.0.0.1');
	});

	it('that was queued when the process died leaves at the next start', async () => {
		begin();
		answers = [451];
		logged = '';
		await open(60_000).send(mail);
		await vi.waitFor(() => expect(logged).toContain('waits for the mail server'), patience);
		mailer?.stop();
		open();
		await vi.waitFor(() => expect(received).toHaveLength(1), patience);
	});

	it('refused for good is set aside and does not hold up the others', async () => {
		begin();
		answers = [550];
		const first = open();
		await first.send(mail);
		await vi.waitFor(() => expect(files('mail-failed')).toHaveLength(1), patience);
		await first.send({ ...mail, subject: 'the next' });
		await vi.waitFor(() => expect(received).toHaveLength(1), patience);
		// The server has it a moment before the queue lets it go.
		await vi.waitFor(() => expect(files('mail-queue')).toEqual([]), patience);
	});

	it('leaves no address and no link in the log', async () => {
		begin();
		logged = '';
		answers = [451, 550];
		await open().send(mail);
		await vi.waitFor(() => expect(files('mail-failed')).toHaveLength(1), patience);
		expect(logged).toContain('mail');
		expect(logged).not.toMatch(/jeanne|0a1b2c3d/);
	});
});
