import { close, fstat, open } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { holdsTag } from '../opendata/answer.ts';
import type { View } from '../published/view.ts';
import { answerOf } from './keep.ts';
import type { Answer, Keep } from './keep.ts';
import { KeptAnswers } from './kept-answers.ts';
import { sendFile } from './send-file.ts';

/** What an answer that is made here is made from. */
export interface Asked {
	request: { method: string; headers: { get(name: string): string | null } };
	url: URL;
	view: View;
}

/** Null when the address is not this one's. */
export type Maker = (asked: Asked) => Promise<{ response: Response; keep: Keep | null }> | null;

/** An answer to one request, which is not kept. */
export interface Gift {
	status: number;
	headers: Headers;
	bytes: Uint8Array | null;
	/** Called when nobody reads the bytes any more. */
	release: () => void;
}

/** Null when the address is not this one's, or when the framework answers better. */
export type Giver = (asked: Asked) => Promise<Gift | null> | null;

export interface FrontOptions {
	/** What is public now; null while nothing is. */
	current: () => View | null;
	/** The public one, from the configuration: what a client says of its own is never believed. */
	origin: string;
	/** Whether cookies may make an answer somebody's own. */
	isPersonal: (cookies: string) => boolean;
	/** Completes headers as the hooks do. */
	finish: (headers: Headers) => void;
	/** What is quicker made than asked of the framework. */
	makers: Maker[];
	/** The same, of what is not asked for twice. */
	givers?: Giver[];
	now?: () => number;
}

/** Asked for like this, an answer is another one, or takes more thought than there is here. */
const particular: readonly (keyof IncomingHttpHeaders)[] = [
	'range',
	'if-range',
	'if-match',
	'if-unmodified-since',
	'content-length',
	'transfer-encoding',
	'expect'
];

/**
 * Stands between Node's server and the framework, and gives finished public answers again: a thousand people who look at the same town ask for
 * the same squares. What it does not know it passes on. Each answer is checked against the view of its moment, so that what was
 * withheld leaves with the next question.
 */
export class Front {
	#options: FrontOptions;
	#kept = new KeptAnswers();
	/** What is being made, by address and accepted codings: who comes meanwhile waits for it. */
	#underWay = new Map<string, Promise<Answer | null>>();
	/** What all kept answers are made of. Not held alive: a view weighs a hundred megabytes. */
	#view: WeakRef<View> | null = null;
	#minute = NaN;
	#day = '';

	constructor(options: FrontOptions) {
		this.#options = options;
	}

	/** Answers, or passes on. */
	handle(request: IncomingMessage, response: ServerResponse, next: () => void): void {
		const view = this.#isPlain(request) ? this.#generation() : null;
		if (!view) return next();
		const answer = this.#kept.find(request.url!, acceptedBy(request));
		if (answer && answer.until > (this.#options.now ?? Date.now)()) return this.#give(answer, request, response, next);
		const make = this.#shared(request, view);
		if (make)
			make.then(
				(made) => (made ? this.#give(made, request, response, next) : next()),
				() => next()
			);
		else this.#handOver(request, view, response, next);
	}

	#handOver(request: IncomingMessage, view: View, response: ServerResponse, next: () => void): void {
		const asked = request.method === 'GET' ? this.#asked(request, view, true) : null;
		for (const giver of (asked && this.#options.givers) ?? []) {
			const giving = giver(asked!);
			if (!giving) continue;
			const passOn = () => (response.destroyed ? undefined : next());
			giving.then((gift) => (gift ? this.#hand(gift, response) : passOn()), passOn);
			return;
		}
		next();
	}

	#hand({ status, headers, bytes, release }: Gift, response: ServerResponse): void {
		if (response.destroyed) return release();
		this.#options.finish(headers);
		// After the last byte has left, and also when the reader is gone.
		response.once('close', release);
		response.writeHead(status, [...headers].flat());
		if (bytes) response.end(bytes);
		else response.end();
	}

	/** Keeps what the framework answers, when its route said so. */
	async keep(request: IncomingMessage, keep: Keep, response: Response): Promise<Response> {
		if (request.method !== 'GET' || !this.#isPlain(request)) return response;
		const answer = await answerOf(keep.file ? response : response.clone(), keep);
		if (answer) this.#put(request, keep, answer);
		return response;
	}

	#put(request: IncomingMessage, keep: Keep, answer: Answer): void {
		// Another view may have come while it was made, or another day.
		const isOfNow = this.#generation() === keep.view && (keep.today === null || keep.today === this.#day);
		if (isOfNow) this.#kept.put(request.url!, acceptedBy(request), keep.codings, answer);
	}

	#isPlain({ method, headers, url }: IncomingMessage): boolean {
		if ((method !== 'GET' && method !== 'HEAD') || !url) return false;
		for (const name of particular) if (headers[name] !== undefined) return false;
		if (headers['if-modified-since'] !== undefined && headers['if-none-match'] === undefined) return false;
		return headers.cookie === undefined || !this.#options.isPersonal(headers.cookie);
	}

	/** The view of now. Another one, or another day on the clocks of the territory, forgets everything. */
	#generation(): View | null {
		const { current, now = Date.now } = this.#options;
		const view = current();
		const minute = Math.floor(now() / 60_000);
		const isOther = view !== this.#view?.deref();
		if (!view || isOther) this.#forget();
		if (!view) return null;
		// Days begin on a minute, wherever one is.
		if (isOther || minute !== this.#minute) {
			const day = view.today(now());
			if (day !== this.#day) this.#forget();
			this.#day = day;
			this.#minute = minute;
			if (isOther) this.#view = new WeakRef(view);
		}
		return view;
	}

	#forget(): void {
		this.#kept.forget();
		this.#underWay = new Map();
	}

	#shared(request: IncomingMessage, view: View): Promise<Answer | null> | null {
		const key = `${acceptedBy(request)} ${request.url}`;
		const underWay = this.#underWay;
		const known = underWay.get(key);
		if (known) return known;
		const making = this.#making(request, view);
		if (making)
			underWay.set(
				key,
				making.finally(() => underWay.delete(key))
			);
		return underWay.get(key) ?? null;
	}

	#making(message: IncomingMessage, view: View): Promise<Answer | null> | null {
		const { makers, finish } = this.#options;
		// Whether the client has it is found out here.
		const asked = this.#asked(message, view, false);
		for (const maker of (asked && makers) ?? []) {
			const making = maker(asked!);
			if (!making) continue;
			return making.then(async ({ response, keep }) => {
				finish(response.headers);
				const answer = await answerOf(response, keep ?? {});
				if (answer && keep) this.#put(message, keep, answer);
				return answer;
			});
		}
		return null;
	}

	/** `conditions`: whether what the client has already is part of the question. */
	#asked({ url, headers }: IncomingMessage, view: View, conditions: boolean): Asked | null {
		const address = this.#options.origin + url!;
		const hidden = conditions ? null : 'if-none-match';
		const get = (name: string) => (name === hidden ? null : (headers[name]?.toString() ?? null));
		return URL.canParse(address) ? { request: { method: 'GET', headers: { get } }, url: new URL(address), view } : null;
	}

	#give(answer: Answer, { method, headers }: IncomingMessage, response: ServerResponse, next: () => void): void {
		const known = headers['if-none-match'];
		if (known !== undefined && holdsTag(known, answer.etag)) {
			response.writeHead(304, answer.headersOfKnown).end();
		} else if (method === 'HEAD' || answer.status === 204) {
			response.writeHead(answer.status, answer.headers).end();
		} else if (answer.file) {
			this.#giveFile(answer, answer.file, response, next);
		} else {
			response.writeHead(answer.status, answer.headers).end(answer.bytes);
			answer.given?.();
		}
	}

	#giveFile(answer: Answer, { path, size }: Whole, response: ServerResponse, next: () => void): void {
		open(path, (missing, file) => {
			// Swept away meanwhile.
			if (missing) return next();
			fstat(file, (failure, info) => {
				if (failure || info.size !== size || response.destroyed) return close(file, next);
				response.writeHead(answer.status, answer.headers);
				answer.given?.();
				sendFile(file, size, response);
			});
		});
	}
}

type Whole = NonNullable<Answer['file']>;

const acceptedBy = ({ headers }: IncomingMessage) => String(headers['accept-encoding'] ?? '');
