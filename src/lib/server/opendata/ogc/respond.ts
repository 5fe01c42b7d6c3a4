import { etagOf, prepare, responseOf, stateOf } from '../answer.ts';
import type { Answer, Asking, Prepared } from '../answer.ts';
import { problem } from '../problem.ts';
import type { Edition } from '../geojson.ts';
import { FeatureWriter } from '../feature-text.ts';
import type { Asked, Features, Found } from './operation.ts';
import { Refusal } from './refusal.ts';
import { Busy, Turns } from '../turns.ts';
import { heldBody } from '../held.ts';
import { Lent } from '../lent.ts';
import { slice } from './slice.ts';
import { nextTurn } from '../next-turn.ts';

/** Large pages: two are read out at a time, the others wait. */
const heavy = new Turns(2, 20);
/** Milliseconds that a reader may take for a large page. */
const longestReading = 120_000;
/** Bytes of one piece of it. */
const piece = 1 << 16;

const firstBreak = Buffer.from('\n');
const nextBreak = Buffer.from(',\n');
/** So many features are written between two looks at the clock. */
const betweenLooks = 16;
/** Bytes that a feature seldom has more of. */
const usualFeature = 2500;

/** The answer for a machine. `build` is part of its validator. */
export async function respond(request: Request, build: string, understood: () => Asked): Promise<Response> {
	try {
		const asked = understood();
		const found = asked.operation.answer(asked);
		const body: BodyOf = async (encoding, written) =>
			found.heavy
				? { bytes: await streamed(request, asked, found, encoding, written), encoded: encoding === 'gzip' }
				: { bytes: await bytesOf(asked.edition, found, written), encoded: false };
		return responseOf(await ready(request, build, { asked, found, body }));
	} catch (failure) {
		if (failure instanceof Refusal) return refused(failure, new URL(request.url).search);
		if (failure instanceof Busy) return problem(503, 'busy', failure.message, { 'retry-after': '5' });
		throw failure;
	}
}

/** An answer in memory that is lent: `release` is called once when nobody reads it any more. */
export interface LentAnswer extends Prepared {
	release: () => void;
}

const lent = new Lent();

/** The same for a page of features. Null for anything else: `respond` answers it. */
export async function respondLent(
	request: Asking & { url: URL },
	build: string,
	understood: () => Asked
): Promise<LentAnswer | null> {
	let memory: Buffer | null = null;
	const release = () => memory && lent.takeBack(memory);
	const lend = (size: number) => (memory = lent.lend(size));
	try {
		const asked = understood();
		const found = asked.operation.answer(asked);
		if (!found.features || found.heavy) return null;
		const body: BodyOf = async (_, written) => ({ bytes: await bytesOf(asked.edition, found, written, lend), encoded: false });
		const prepared = await ready(request, build, { asked, found, body });
		if (isIn(memory, prepared.body)) return { ...prepared, release };
		// It was compressed, or became too large for it.
		release();
		return { ...prepared, release: () => undefined };
	} catch (failure) {
		release();
		if (!(failure instanceof Refusal)) throw failure;
		// Here, too: asked again, it would take the same second and a half to find out.
		const refusal = refused(failure, request.url.search);
		const body = new Uint8Array(await refusal.arrayBuffer());
		return { status: refusal.status, headers: Object.fromEntries(refusal.headers), body, release: () => undefined };
	}
}

function isIn(memory: Buffer | null, body: Prepared['body']): boolean {
	return memory !== null && body instanceof Uint8Array && body.buffer === memory.buffer;
}

function refused({ status, code, message, location }: Refusal, search: string): Response {
	// A person is told on a page.
	const headers = { vary: 'Accept', ...(location === null ? {} : { location: location + search }) };
	// `description` is how the first edition of the standard calls the sentence (exception.yaml).
	return problem(status, code, message, headers, { description: message });
}

type BodyOf = (encoding: 'gzip' | 'identity', written: { whole: boolean }) => ReturnType<Answer['body']>;

interface Ready {
	asked: Asked;
	found: Found;
	body: BodyOf;
}

async function ready(request: Asking, build: string, { asked, found, body }: Ready): Promise<Prepared> {
	const { edition, operation, url } = asked;
	const written = { whole: true };
	const prepared = await prepare(request, {
		etag: etagOf({ build, ...stateOf(edition.view), query: url.href, day: edition.today }),
		type: operation.type,
		headers: {
			vary: operation.page ? 'Accept, Accept-Encoding' : 'Accept-Encoding',
			'access-control-expose-headers': 'ETag, Content-Crs, Link',
			...(found.bytes ? {} : { 'content-language': asked.locale }),
			...found.headers
		},
		body: (encoding) => body(encoding, written)
	});
	const { etag, ...headers } = prepared.headers;
	if (found.bytes?.length === 0 && prepared.status === 200) return { ...prepared, status: 204, body: null };
	// Where time ran out, another moment may give more.
	if (!written.whole) return { ...prepared, headers: { ...headers, 'cache-control': 'no-store' } };
	return { ...prepared, headers: { ...headers, etag: found.exact === false ? `W/${etag}` : etag! } };
}

/** @param lend gives the memory that a page of features is written into */
async function bytesOf(
	edition: Edition,
	{ bytes, resource, features }: Found,
	written: { whole: boolean },
	lend?: (size: number) => Buffer
): Promise<Uint8Array> {
	if (bytes) return bytes;
	if (resource) return Buffer.from(JSON.stringify(await resource()));
	const page = await features!();
	written.whole = page.whole;
	const size = (page.places.length + 1) * usualFeature;
	const parts: Uint8Array[] = [];
	for await (const piece of piecesOf(edition, page, { memory: lend?.(size) ?? size })) parts.push(piece);
	return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

/** The turn is over when the body is. @throws Busy */
async function streamed(
	request: Request,
	{ edition }: Asked,
	{ features }: Found,
	encoding: 'gzip' | 'identity',
	written: { whole: boolean }
): Promise<ReadableStream<Uint8Array>> {
	const { signal } = request;
	const release = await heavy.enter(signal);
	try {
		const page = await features!();
		written.whole = page.whole;
		const pieces = piecesOf(edition, page, { memory: piece * 1.25, most: piece });
		return heldBody(pieces, encoding, { release, signal, within: longestReading });
	} catch (failure) {
		release();
		throw failure;
	}
}

interface Pieces {
	/** See `FeatureWriter`. */
	memory: number | Buffer;
	/** Bytes of a piece, about. */
	most?: number;
}

/** The text of a page, in pieces; between two slices others are served. */
async function* piecesOf(
	edition: Edition,
	{ head, places, output }: Features,
	{ memory, most = Infinity }: Pieces
): AsyncGenerator<Buffer> {
	const writer = new FeatureWriter(edition, output, memory);
	writer.text(`${JSON.stringify(head).slice(0, -1)},"features":[`);
	let sliceEnd = performance.now() + slice;
	let before = firstBreak;
	for (const [i, ref] of places.entries()) {
		writer.feature(ref, before);
		before = nextBreak;
		if (writer.length >= most) yield writer.take();
		if (i % betweenLooks > 0 || performance.now() < sliceEnd) continue;
		await nextTurn();
		sliceEnd = performance.now() + slice;
	}
	writer.text('\n]}\n');
	yield writer.take();
}
