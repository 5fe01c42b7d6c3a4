import { Readable } from 'node:stream';
import shared from 'nodemailer/lib/shared/index.js';
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js';
import { keepOnPaper, toMime } from './paper.ts';

/** A rendered mail. `id` makes its Message-ID, which stays the same at every attempt. */
export interface Letter {
	id: string;
	to: string;
	subject: string;
	text: string;
	html: string;
	/** Opens a page with one button; a POST to it is the click (RFC 8058). */
	unsubscribeUrl: string;
	/** What the mail is about happened then; names the file of a mail that is kept. */
	at: string;
}

export interface Post {
	/**
	 * Gives a mail to the server.
	 * @param handing is asked before the end of the message is given: once that is out, only the server knows. When it throws, the server gets no end and so has nothing
	 * @returns the Message-ID
	 * @throws PostError
	 */
	send(letter: Letter, handing: () => Promise<void>): Promise<string>;
}

/** Why a mail did not leave. */
export class PostError extends Error {
	override name = 'PostError';
	/** For good: this mail will never be taken. */
	readonly final: boolean;
	/** The server surely doesn't have it. */
	readonly refused: boolean;
	/** `smtp_451`, `etimedout`: a word, never the server's sentence, which may name an address. */
	readonly code: string;

	constructor({ final, refused, code }: Pick<PostError, 'final' | 'refused' | 'code'>, cause?: unknown) {
		super(code, { cause });
		this.final = final;
		this.refused = refused;
		this.code = code;
	}
}

/** What nodemailer says of a failure. */
interface SmtpFailure {
	code?: string;
	command?: string;
	responseCode?: number;
}

/**
 * What a failure means for the mail. Only a 5xx about this recipient or this text is final: a 5xx at the greeting, at the sign-in or
 * about the sender is the town's affair, and the mail waits until it is mended.
 * @param handed whether the end of the message was out
 */
export function judgeFailure({ code, command, responseCode }: SmtpFailure, handed: boolean) {
	const answered = responseCode !== undefined && responseCode >= 400;
	const aboutIt = command === 'RCPT TO' || command === 'DATA';
	return {
		final: answered && responseCode >= 500 && aboutIt,
		refused: answered || !handed,
		code: answered ? `smtp_${responseCode}` : (code ?? 'unknown').toLowerCase()
	};
}

export interface PostOptions {
	/** null = kept in `dataDir/outbox`. */
	smtpUrl: string | null;
	/** `Alentour <carte@example.org>` */
	from: string;
	dataDir: string;
}

export function openPost(options: PostOptions): Post {
	const { smtpUrl } = options;
	return {
		async send(letter, handing) {
			const messageId = messageIdOf(letter.id, options.from);
			const mail = { from: options.from, ...headersOf(letter), messageId, at: letter.at };
			if (smtpUrl !== null) await deliver(smtpUrl, mail, await toMime(mail, 'windows'), handing);
			else {
				await handing();
				const name = `${letter.at.replace(/[:.]/g, '-')}-${letter.id.slice(0, 8)}`;
				await keepOnPaper(options.dataDir, name, mail);
			}
			return messageId;
		}
	};
}

const addressOf = (mailbox: string) => /<([^>]+)>/.exec(mailbox)?.[1] ?? mailbox;
const messageIdOf = (id: string, from: string) => `<${id}@${addressOf(from).split('@').at(-1)}>`;

function headersOf({ to, subject, text, html, unsubscribeUrl }: Letter) {
	return {
		...{ to, subject, text, html },
		list: { unsubscribe: unsubscribeUrl },
		// RFC 3834: nobody's holiday answer to it; RFC 8058: one click.
		headers: { 'Auto-Submitted': 'auto-generated', 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
	};
}

/** RFC 5321, 4.5.3.2.6: the answer to the end of a message may take ten minutes; who gives up sooner sends twice. */
const timeouts = { connectionTimeout: 15_000, greetingTimeout: 30_000, dnsTimeout: 15_000, socketTimeout: 600_000 };

async function deliver(
	smtpUrl: string,
	mail: { from: string; to: string },
	mime: Buffer,
	handing: () => Promise<void>
): Promise<void> {
	const options = shared.parseConnectionUrl(smtpUrl) as SMTPConnection.Options & { auth?: SMTPConnection.Credentials };
	// The types don't know what the server's greeting taught it.
	const connection = new SMTPConnection({ ...options, ...timeouts }) as SMTPConnection & { allowsAuth: boolean };
	let [handed, over] = [false, false];
	/** Ends only when the hand-over is noted. After a refused envelope nodemailer drains the stream: nothing is handed over then. */
	async function* message() {
		yield mime;
		if (over) return;
		await handing();
		handed = true;
	}
	try {
		await new Promise<void>((done, failed) => {
			const fail = (error: unknown) => ((over = true), failed(error as Error));
			connection.once('error', fail);
			connection.once('end', () => fail(Object.assign(new Error('closed'), { code: 'ECONNECTION' })));
			const send = () =>
				connection.send(
					{ from: addressOf(mail.from), to: [mail.to], size: mime.length },
					Readable.from(message(), { objectMode: false }),
					(error) => (error ? fail(error) : done())
				);
			connection.connect((error) => {
				if (error) fail(error);
				else if (options.auth && connection.allowsAuth)
					connection.login(options.auth, (refused) => (refused ? fail(refused) : send()));
				else send();
			});
		});
		connection.quit();
	} catch (error) {
		connection.close();
		throw new PostError(judgeFailure(error as SmtpFailure, handed), error);
	}
}
