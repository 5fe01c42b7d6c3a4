import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { lighten } from '../../src/lib/server/compress.ts';

const words = '<li>Maison de quartier</li>'.repeat(200);
const page = (headers: Record<string, string> = {}, body = words) =>
	new Response(body, {
		headers: { 'content-type': 'text/html; charset=utf-8', 'content-length': String(body.length), etag: '"abc"', ...headers }
	});

describe('a page on its way', () => {
	it('travels compressed, with its new length and a tag of its own', async () => {
		const light = await lighten(page({ vary: 'Cookie' }), true);
		const bytes = Buffer.from(await light.arrayBuffer());
		expect(gunzipSync(bytes).toString()).toBe(words);
		expect(bytes.length).toBeLessThan(words.length / 10);
		expect(light.headers.get('content-encoding')).toBe('gzip');
		expect(light.headers.get('content-length')).toBe(String(bytes.length));
		expect(light.headers.get('etag')).toBe('"abc-gz"');
		expect(light.headers.get('vary')).toBe('Cookie, Accept-Encoding');
	});

	it('stays as it is for whoever does not take gzip, and says that others get other bytes', async () => {
		const plain = await lighten(page(), false);
		expect(await plain.text()).toBe(words);
		expect(plain.headers.has('content-encoding')).toBe(false);
		expect(plain.headers.get('etag')).toBe('"abc"');
		expect(plain.headers.get('vary')).toBe('Accept-Encoding');
	});

	it('keeps its status', async () => {
		const gone = new Response(words, {
			status: 410,
			headers: { 'content-type': 'text/html', 'content-length': String(words.length) }
		});
		expect((await lighten(gone, true)).status).toBe(410);
	});

	it.each([
		['small', page({}, 'Bonjour')],
		['streamed', new Response(words, { headers: { 'content-type': 'text/html' } })],
		['encoded already', page({ 'content-encoding': 'br' })],
		['a part of a file', page({ 'content-type': 'application/json', 'content-range': `bytes 0-${words.length - 1}/900000` })],
		["somebody's own", page({ 'cache-control': 'private, no-store' })],
		['a picture', page({ 'content-type': 'image/webp' })]
	])('is not touched when it is %s', async (_, response) => {
		const headers = [...response.headers];
		const same = await lighten(response, true);
		expect(same).toBe(response);
		expect([...same.headers]).toEqual(headers);
	});
});
