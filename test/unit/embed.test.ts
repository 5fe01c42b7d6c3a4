import { describe, expect, it } from 'vitest';
import { embedSitesOf, readSites } from '../../src/lib/domain/embed.ts';
import { secureHeaders, withFramers } from '../../src/lib/server/headers.ts';
import { frameHref, snippet, wantedOf } from '../../src/routes/embed/about/snippet.ts';
import { embedHref, layoutOf, siteHref } from '../../src/routes/embed/href.ts';

const at = (text: string) => new URLSearchParams(text);

describe('the sites that may show the map', () => {
	it('are all of them, until a coordinator has said something', () => {
		expect(embedSitesOf(undefined)).toEqual(['*']);
		expect(embedSitesOf({ sites: [] })).toEqual([]);
		expect(embedSitesOf({ sites: ['https://www.mairie.example', 'https://*.asso.example'] })).toEqual([
			'https://www.mairie.example',
			'https://*.asso.example'
		]);
	});

	it.each([
		null,
		{},
		{ sites: 'https://a.example' },
		{ sites: ["https://a.example; script-src 'unsafe-inline'"] },
		{ sites: ['https:'] },
		{ sites: ['https://a.example/path'] },
		{ sites: Array.from({ length: 31 }, (_, i) => `https://a${i}.example`) }
	])('are none where the setting says something else: %j', (setting) => {
		expect(embedSitesOf(setting)).toEqual([]);
	});

	it('are read as people write them, each once', () => {
		const typed = 'www.mairie.example\nhttps://www.Mairie.example/accueil?x=1, http://ecole.example:8080 https://*.asso.example';
		expect(readSites(typed)).toEqual({
			sites: ['https://www.mairie.example', 'http://ecole.example:8080', 'https://*.asso.example']
		});
		expect(readSites('mairie-é.example')).toEqual({ sites: ['https://xn--mairie--hya.example'] });
		expect(readSites(' \n')).toEqual({ sites: [] });
	});

	it.each(['la mairie!', 'ftp://a.example', 'https://', "https://a.example'", 'a.*.example', 'javascript:alert(1)'])(
		'are told to be wrong when one is: %s',
		(typed) => {
			expect(readSites(typed)).toHaveProperty('wrong');
		}
	);
});

describe('the headers of a frame', () => {
	const policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'self'";

	it('let the sites in, and ourselves for the preview, and change nothing else', () => {
		expect(withFramers(policy, ['https://a.example'])).toBe(
			"default-src 'self'; frame-ancestors 'self' https://a.example; base-uri 'self'"
		);
	});

	it('let nobody in unless said, not even on an answer that is no page', () => {
		const headers = (framers?: string[]) => {
			const all = new Headers({ 'content-type': 'text/html' });
			secureHeaders(all, { mapOrigins: [], https: false, ...(framers && { framers }) });
			return all.get('content-security-policy');
		};
		expect(withFramers(policy, [])).toBe(policy);
		expect(headers()).toContain("frame-ancestors 'none'");
		expect(headers(['*'])).toContain("frame-ancestors 'self' *");
	});
});

describe('the addresses of a frame', () => {
	it.each([
		['theme=sport&layout=list&lang=en', { open: 'now' }, '/embed?theme=sport&open=now&layout=list&lang=en'],
		['layout=map&q=tri&page=3', { layout: 'both' as const }, '/embed?q=tri&layout=both'],
		['q=tri&bbox=-1.6,47.2,-1.5,47.3', { q: null }, '/embed?bbox=-1.6,47.2,-1.5,47.3'],
		['q=tri&utm_source=x', { q: null }, '/embed']
	])('keep what the frame was made for: from ?%s with %o', (present, change, href) => {
		expect(embedHref(at(present), change)).toBe(href);
	});

	it('lead to the same view on the site', () => {
		expect(siteHref(at('theme=sport&open=now&layout=map&lang=en'))).toBe('/?theme=sport&open=now');
		expect(siteHref(at('layout=map'))).toBe('/');
	});

	it('show the list and the map where another layout is asked for', () => {
		expect(layoutOf('map')).toBe('map');
		expect(layoutOf('poster')).toBe('both');
	});
});

describe('the code to paste', () => {
	const known = { themes: ['sport', 'culture'], categories: new Map([['piscine', 'sport']]), areas: ['ville'] };

	it('is as short as what was chosen', () => {
		expect(frameHref(wantedOf(at(''), known))).toBe('/embed');
		expect(frameHref(wantedOf(at('theme=sport&category=piscine&area=ville&layout=list&lang=fr&height=800'), known))).toBe(
			'/embed?theme=sport&category=piscine&area=ville&layout=list&lang=fr'
		);
	});

	it('leaves out what nobody knows, and a theme that would show nothing', () => {
		expect(frameHref(wantedOf(at('theme=x&area=y&lang=de&layout=z'), known))).toBe('/embed');
		expect(frameHref(wantedOf(at('theme=culture&category=piscine'), known))).toBe('/embed?category=piscine');
		expect(wantedOf(at('height=99999'), known).height).toBe(640);
	});

	it('keeps the signs of HTML for itself', () => {
		const code = snippet({ src: 'https://a.example/embed?q=1&layout=list', title: '"L’<été>"', height: 640 });
		expect(code).toContain('src="https://a.example/embed?q=1&amp;layout=list"');
		expect(code).toContain('title="&quot;L’&lt;été&gt;&quot;"');
		expect(code).toContain('loading="lazy"');
	});
});
