import { describe, expect, it } from 'vitest';
import { fromOurPages, secureHeaders, withMapOrigins } from '../../src/lib/server/headers.ts';

const policy = "default-src 'self'; connect-src 'self'; img-src 'self' data: blob:; script-src 'self' 'sha256-x'";
const options = { mapOrigins: ['https://data.geopf.fr'], https: false };
const page = () => new Headers({ 'content-type': 'text/html', 'content-security-policy': policy });

describe('headers of an answer', () => {
	it("open the page's policy for the base map's origin, for pictures and requests only", () => {
		expect(withMapOrigins(policy, ['https://data.geopf.fr'])).toBe(
			"default-src 'self'; connect-src 'self' https://data.geopf.fr; img-src 'self' data: blob: https://data.geopf.fr; script-src 'self' 'sha256-x'"
		);
	});

	it('leave the policy as it is when the base map is our own', () => {
		expect(withMapOrigins(policy, [])).toBe(policy);
	});

	it('forbid everything to a document that is not a page', () => {
		const headers = new Headers({ 'content-type': 'application/geo+json' });
		secureHeaders(headers, options);
		expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
		expect(headers.has('vary')).toBe(false);
	});

	it('tell caches that a page depends on language and cookies, once', () => {
		const headers = page();
		headers.set('vary', 'cookie');
		secureHeaders(headers, options);
		expect(headers.get('vary')).toBe('cookie, Accept-Language');
		expect(headers.get('cache-control')).toBe('no-cache');
	});

	it('keep the stricter cache rule of a page that set a session', () => {
		const headers = page();
		headers.set('cache-control', 'private, no-store');
		secureHeaders(headers, options);
		expect(headers.get('cache-control')).toBe('private, no-store');
	});

	it('say that a page drawn for somebody is nobody else’s, not even without a network', () => {
		const headers = page();
		secureHeaders(headers, { ...options, personal: true });
		expect(headers.get('cache-control')).toBe('private, no-cache');
	});

	it('let nobody keep a redirect for ever: a renamed place may get its old name back', () => {
		const headers = new Headers({ location: '/places/1/new-name' });
		secureHeaders(headers, options);
		expect(headers.get('cache-control')).toBe('no-cache');
	});

	it('promise https only when visitors come by https', () => {
		const plain = page();
		secureHeaders(plain, options);
		expect(plain.has('strict-transport-security')).toBe(false);
		const secure = page();
		secureHeaders(secure, { ...options, https: true });
		expect(secure.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
	});
});

describe('a write', () => {
	const post = (headers: Record<string, string>) => new Request('http://localhost:3000/me', { method: 'POST', headers });

	it('is accepted from our own origin', () => {
		expect(fromOurPages(post({ origin: 'http://localhost:3000' }), 'http://localhost:3000')).toBe(true);
	});

	it.each(['https://evil.example', 'null', 'http://localhost:3001'])('is refused from %s', (origin) => {
		expect(fromOurPages(post({ origin }), 'http://localhost:3000')).toBe(false);
	});

	it('is refused with a cookie and without an origin', () => {
		expect(fromOurPages(post({ cookie: 'a=1' }), 'http://localhost:3000')).toBe(false);
	});

	it('may come from a program that has neither', () => {
		expect(fromOurPages(post({}), 'http://localhost:3000')).toBe(true);
	});
});
