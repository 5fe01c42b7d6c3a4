import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EmailDriver, EmailMessage } from '@supabase/lite';
import { createTransport } from 'nodemailer';
import type { Log } from '../../src/lib/server/log.ts';
import { keepOnPaper } from '../../src/lib/server/mail/paper.ts';
import { writePrivate } from './keys.ts';

export interface MailOptions {
	dataDir: string;
	/** Without it mails are kept in `dataDir/outbox`, as .eml for people and .json for tools. */
	smtpUrl: string | null;
	from: string;
	templates: string;
	/** The first wait after a failed delivery, in milliseconds; it doubles up to five minutes. */
	retryMs?: number;
}

export interface Mailer extends EmailDriver {
	/** Stops delivering; what is queued is delivered at the next start. */
	stop(): void;
}

type Mail = EmailMessage & { text: string; at: string };

const LONGEST_WAIT_MS = 300_000;
const GIVE_UP_MS = 48 * 3_600_000;

/**
 * Takes the mails of the auth service. `@supabase/lite` sends inside the request, so that a slow server would be felt, and an
 * address that exists would answer slower than one that doesn't: here a mail is written to disk, and leaves on its own.
 */
export function createMailer(options: MailOptions, log: Log): Mailer {
	return options.smtpUrl === null ? keepInOutbox(options) : deliverBySmtp(options, options.smtpUrl, log);
}

function keepInOutbox(options: MailOptions): Mailer {
	return {
		async send(message) {
			const mail = complete(message, options.templates);
			await keepOnPaper(options.dataDir, fileName(mail), { from: options.from, ...mail });
		},
		stop() {}
	};
}

function deliverBySmtp(options: MailOptions, smtpUrl: string, log: Log): Mailer {
	const queue = join(options.dataDir, 'mail-queue');
	mkdirSync(queue, { recursive: true, mode: 0o700 });
	const transport = createTransport(
		{ url: smtpUrl, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 },
		{ from: options.from }
	);
	const timers = new Set<NodeJS.Timeout>();

	let stopped = false;

	const later = (name: string, wait: number) => {
		if (stopped) return;
		const timer = setTimeout(() => {
			timers.delete(timer);
			void deliver(name, wait);
		}, wait);
		timers.add(timer);
	};
	const deliver = async (name: string, wait: number) => {
		const file = join(queue, name);
		// Taken out by hand.
		if (!existsSync(file)) return;
		const mail = JSON.parse(readFileSync(file, 'utf8')) as Mail;
		try {
			await transport.sendMail({ to: mail.to, subject: mail.subject, text: mail.text, html: mail.html });
			rmSync(file, { force: true });
		} catch (error) {
			const refused = Number((error as { responseCode?: number }).responseCode) >= 500;
			const old = Date.now() - Date.parse(mail.at) > GIVE_UP_MS;
			log.warn(
				{ error },
				refused || old ? 'a mail cannot be delivered, kept in mail-failed' : 'a mail waits for the mail server'
			);
			if (refused || old) setAside(options.dataDir, name);
			else later(name, Math.min(Math.max(wait * 2, options.retryMs ?? 2000), LONGEST_WAIT_MS));
		}
	};
	for (const name of readdirSync(queue)) if (name.endsWith('.json')) later(name, 0);
	return {
		async send(message) {
			const mail = complete(message, options.templates);
			const name = `${fileName(mail)}.json`;
			writePrivate(join(queue, name), JSON.stringify(mail));
			later(name, 0);
		},
		stop() {
			stopped = true;
			for (const timer of timers) clearTimeout(timer);
			transport.close();
		}
	};
}

function setAside(dataDir: string, name: string): void {
	mkdirSync(join(dataDir, 'mail-failed'), { recursive: true, mode: 0o700 });
	renameSync(join(dataDir, 'mail-queue', name), join(dataDir, 'mail-failed', name));
}

const fileName = (mail: Mail) => `${mail.at.replace(/[:.]/g, '-')}-${randomUUID().slice(0, 8)}`;

/** The service has one English plain text of its own; ours stand beside the HTML templates and take its link. */
function complete(message: EmailMessage, templates: string): Mail {
	return { ...message, text: plainText(message.html ?? '', templates) ?? message.text ?? '', at: new Date().toISOString() };
}

const TEXTS: Record<string, string> = {
	signup: 'confirmation.txt',
	recovery: 'recovery.txt',
	magiclink: 'magic_link.txt',
	email_change: 'email_change.txt',
	invite: 'invite.txt'
};

function plainText(html: string, templates: string): string | null {
	const href = /href="([^"]+\/auth\/confirm\?[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
	if (!href) return null;
	const link = new URL(href);
	const file = TEXTS[link.searchParams.get('type') ?? ''];
	if (!file) return null;
	return readFileSync(join(templates, file), 'utf8')
		.replaceAll('{{ .SiteURL }}', link.href.slice(0, link.href.indexOf('/auth/confirm')))
		.replaceAll('{{ .TokenHash }}', link.searchParams.get('token_hash') ?? '');
}
