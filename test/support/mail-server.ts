import type { AddressInfo, Socket } from 'node:net';
import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/**
 * What the server does with the next mail: takes it, refuses it (a status), takes it once something has happened, hangs up in the middle of the
 * text, hangs up after its end without a word, or takes it and hangs up before it says so.
 */
export type Answer =
	| 'accept'
	| number
	| { after: Promise<unknown> }
	| 'drop_before_end'
	| 'drop_after_end'
	| 'accept_silently'
	| { recipient: number };

export interface MailServer {
	url: string;
	/** One per mail, in order; afterwards each is accepted. */
	answers: Answer[];
	/** What was taken, as it came. */
	received: Buffer[];
	/** How many texts were begun. */
	attempts: number;
	parsed(): Promise<Email[]>;
	/** Called when a text has come to its end, before it is answered. */
	onEnd: (() => Promise<void>) | null;
	/** Hangs up on everybody and no longer answers, until `open`. */
	close(): Promise<void>;
	open(): Promise<void>;
}

/** A real mail server on a loopback port, that answers as told. */
export async function startMailServer(): Promise<MailServer> {
	let port = 0;
	let server: SMTPServer;
	const mail: MailServer = {
		url: '',
		answers: [],
		received: [],
		attempts: 0,
		onEnd: null,
		parsed: () => Promise.all(mail.received.map((raw) => PostalMime.parse(raw))),
		close: () => new Promise((closed) => server.close(() => closed())),
		async open() {
			server = create();
			await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready));
			port = (server.server.address() as AddressInfo).port;
			mail.url = `smtp://127.0.0.1:${port}`;
		}
	};
	const refusal = (status: number) => Object.assign(new Error('no'), { responseCode: status });
	const create = () => {
		const one = new SMTPServer({
			authOptional: true,
			disabledCommands: ['STARTTLS'],
			closeTimeout: 100,
			onRcptTo(_address, _session, done) {
				const next = mail.answers[0];
				if (typeof next !== 'object' || !('recipient' in next)) return done();
				mail.answers.shift();
				done(refusal(next.recipient));
			},
			onData(stream, session, done) {
				const parts: Buffer[] = [];
				mail.attempts++;
				const answer = mail.answers.shift() ?? 'accept';
				const hangUp = () => sockets(one).get(session.id)?.destroy();
				const take = () => void mail.received.push(Buffer.concat(parts));
				stream.on('data', (part: Buffer) => {
					parts.push(part);
					if (answer === 'drop_before_end') hangUp();
				});
				stream.on('end', async () => {
					await mail.onEnd?.();
					if (answer === 'drop_after_end' || answer === 'drop_before_end') return hangUp();
					if (typeof answer === 'number') return done(refusal(answer));
					if (typeof answer === 'object' && 'after' in answer) await answer.after;
					take();
					if (answer === 'accept_silently') return hangUp();
					done();
				});
			}
		});
		one.on('error', () => null);
		return one;
	};
	await mail.open();
	return mail;
}

/** The sockets of a server, by session; smtp-server keeps its connections to itself. */
function sockets(server: SMTPServer): Map<string, Socket> {
	const { connections } = server as unknown as { connections: Set<{ id: string; _socket: Socket }> };
	return new Map([...connections].map(({ id, _socket }) => [id, _socket]));
}
