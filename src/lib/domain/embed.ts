import { z } from 'zod';

/** In place of a list: every site. */
export const everySite = '*';
/** They travel in a header of each frame. */
export const mostSites = 30;
const longest = 120;

/**
 * An origin, or all those below a name: `https://www.mairie.example`, `https://*.asso.example`. It becomes a source of a content security policy as it
 * stands; `private.is_embed` holds the database to the same rule.
 */
const site = /^https?:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?$/;

const setting = z.object({ sites: z.array(z.union([z.literal(everySite), z.string().max(longest).regex(site)])).max(mostSites) });

/**
 * The web sites that may show the map in a frame of theirs, as sources of `frame-ancestors`. Every site, until a coordinator has said something: what a
 * frame shows is open data, and it knows nobody.
 */
export function embedSitesOf(value: unknown): string[] {
	if (value === undefined) return [everySite];
	const parsed = setting.safeParse(value);
	return parsed.success ? parsed.data.sites : [];
}

/** Whether any site may. */
export function isForEverySite(sites: readonly string[]): boolean {
	return sites.includes(everySite);
}

/** Addresses of sites as people write them: one a line, with or without `https://`, of the home page or of another one. */
export function readSites(text: string): { sites: string[] } | { wrong: string } {
	const sites = new Set<string>();
	for (const word of text.split(/[\s,;]+/).filter(Boolean)) {
		const origin = siteOf(word);
		if (!origin) return { wrong: word };
		sites.add(origin);
	}
	return { sites: [...sites] };
}

function siteOf(word: string): string | null {
	const address = /^[a-z]+:\/\//i.test(word) ? word : `https://${word}`;
	if (!URL.canParse(address)) return null;
	const { protocol, host } = new URL(address);
	const origin = `${protocol}//${host}`;
	return site.test(origin) && origin.length <= longest ? origin : null;
}
