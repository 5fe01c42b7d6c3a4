import { etagOf, answer, stateOf } from '../answer.ts';
import { problem } from '../problem.ts';
import type { Edition } from '../geojson.ts';
import { FeatureWriter } from '../feature-text.ts';
import type { Asked, Features, Found } from './operation.ts';
import { Refusal } from './refusal.ts';
import { Busy, Turns } from '../turns.ts';
import { heldBody } from '../held.ts';
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
		return await send(request, build, asked, asked.operation.answer(asked));
	} catch (failure) {
		if (failure instanceof Refusal) return refused(failure, new URL(request.url).search);
		if (failure instanceof Busy) return problem(503, 'busy', failure.message, { 'retry-after': '5' });
		throw failure;
	}
}

function refused({ status, code, message, location }: Refusal, search: string): Response {
	const headers: Record<string, string> = location === null ? {} : { location: location + search };
	// `description` is how the first edition of the standard calls the sentence (exception.yaml).
	return problem(status, code, message, headers, { description: message });
}

async function send(request: Request, build: string, asked: Asked, found: Found): Promise<Response> {
	const { edition, operation, url } = asked;
	const { view } = edition;
	const etag = etagOf({ build, ...stateOf(view), query: url.href, day: edition.today });
	const written = { whole: true };
	const response = await answer(request, {
		etag,
		type: operation.type,
		headers: {
			vary: operation.page ? 'Accept, Accept-Encoding' : 'Accept-Encoding',
			'access-control-expose-headers': 'ETag, Content-Crs, Link',
			...(found.bytes ? {} : { 'content-language': asked.locale }),
			...found.headers
		},
		body: async (encoding) =>
			found.heavy
				? { bytes: await streamed(request, asked, found, encoding, written), encoded: encoding === 'gzip' }
				: { bytes: await bytesOf(edition, found, written), encoded: false }
	});
	if (found.exact === false) response.headers.set('etag', `W/${response.headers.get('etag')}`);
	// Where time ran out, another moment may give more.
	if (!written.whole) {
		response.headers.delete('etag');
		response.headers.set('cache-control', 'no-store');
	}
	if (found.bytes?.length === 0 && response.status === 200) return new Response(null, { status: 204, headers: response.headers });
	return response;
}

async function bytesOf(edition: Edition, { bytes, resource, features }: Found, written: { whole: boolean }): Promise<Uint8Array> {
	if (bytes) return bytes;
	if (resource) return Buffer.from(JSON.stringify(await resource()));
	const page = await features!();
	written.whole = page.whole;
	const parts: Uint8Array[] = [];
	for await (const piece of piecesOf(edition, page)) parts.push(piece);
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
		return heldBody(piecesOf(edition, page, piece), encoding, { release, signal, within: longestReading });
	} catch (failure) {
		release();
		throw failure;
	}
}

/** The text of a page, in pieces of so many bytes; between two slices others are served. */
async function* piecesOf(edition: Edition, { head, places, output }: Features, size = Infinity): AsyncGenerator<Buffer> {
	const writer = new FeatureWriter(edition, output, Math.min(size * 1.25, (places.length + 1) * usualFeature));
	writer.text(`${JSON.stringify(head).slice(0, -1)},"features":[`);
	let sliceEnd = performance.now() + slice;
	let before = firstBreak;
	for (const [i, ref] of places.entries()) {
		writer.feature(ref, before);
		before = nextBreak;
		if (writer.length >= size) yield writer.take();
		if (i % betweenLooks > 0 || performance.now() < sliceEnd) continue;
		await nextTurn();
		sliceEnd = performance.now() + slice;
	}
	writer.text('\n]}\n');
	yield writer.take();
}
