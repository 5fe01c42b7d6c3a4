import { codeIn, languageOf, titleOf } from './html';
import type { Link } from './html';
import { isGone, isPlace, keptForMs, limits, mayKeep } from './ways';
import type { Kept } from './ways';

/** When a page was kept, milliseconds. */
const atHeader = 'x-kept-at';

/** What one version of the application keeps in this browser. Every failure to keep is silent: a full disk only means less to read later. */
export class Store {
	readonly #prefix: string;
	constructor(version: string) {
		this.#prefix = `alentour-${version}-`;
	}

	/** `Vary` speaks of a cookie that a cache never sees; an address is kept once, in the language it was read in. */
	async find(way: Kept, url: string, now: number): Promise<Response | undefined> {
		const found = await (await this.#open(way)).match(url, { ignoreVary: true });
		const at = found && keptAt(found);
		return at !== undefined && at !== null && now - at > keptForMs ? undefined : found;
	}

	/** Keeps an answer where it may be kept, and forgets what it says is gone. The answer's body is used up. */
	async take(way: Kept, url: string, answer: Response, now: number): Promise<void> {
		try {
			const cache = await this.#open(way);
			if (isGone(answer)) await cache.delete(url, { ignoreVary: true });
			if (!mayKeep(way, answer)) return void answer.body?.cancel();
			const kept = way === 'page' ? await this.#page(answer, now) : isForEver(way) ? answer : stamped(answer, now);
			// The order of the keys is the order of age.
			await cache.delete(url, { ignoreVary: true });
			await cache.put(url, kept);
			const keys = await cache.keys();
			for (const oldest of keys.slice(0, Math.max(0, keys.length - limits[way]))) await cache.delete(oldest);
		} catch {
			// Full, or closed by its owner.
		}
	}

	/** A page comes with the code that it names. */
	async #page(answer: Response, now: number): Promise<Response> {
		const html = await answer.text();
		await this.fetchCode(codeIn(html));
		const headers = new Headers(answer.headers);
		for (const name of ['content-encoding', 'content-length']) headers.delete(name);
		headers.set(atHeader, String(now));
		return new Response(html, { headers });
	}

	/** Keeps files of the application that aren't kept yet; the browser mostly has them at hand. */
	async fetchCode(paths: readonly string[]): Promise<void> {
		const cache = await this.#open('code');
		await Promise.allSettled(paths.map(async (path) => (await cache.match(path)) ?? cache.add(path)));
	}

	/** @param headers of the page as it was read; those about its bytes and its files' addresses are left out */
	async keepOfflinePage(language: string, html: string, headers: Headers): Promise<void> {
		const kept = new Headers(headers);
		for (const name of ['content-encoding', 'content-length', 'etag', 'link']) kept.delete(name);
		kept.set('cache-control', 'no-store');
		await this.fetchCode(codeIn(html));
		await (await this.#open('code')).put(`/offline?${language}`, new Response(html, { headers: kept }));
	}

	async offlinePage(language: string): Promise<Response | undefined> {
		return (await this.#open('code')).match(`/offline?${language}`, { ignoreVary: true });
	}

	/** Addresses of kept pages, oldest first. */
	async pages(): Promise<string[]> {
		return (await (await this.#open('page')).keys()).map(({ url }) => url);
	}

	/** The places seen lately, newest first. */
	async latestPlaces(most: number, now: number): Promise<Link[]> {
		const addresses = (await this.pages()).map((url) => new URL(url)).reverse();
		const places = addresses.filter(({ pathname }) => isPlace(pathname) && !pathname.endsWith('/history')).slice(0, most);
		const links = places.map(async ({ href, pathname }) => {
			const title = titleOf((await (await this.find('page', href, now))?.text()) ?? '');
			return title ? [{ href: pathname, title }] : [];
		});
		return (await Promise.all(links)).flat();
	}

	/** The language of the page that was kept last, null without one. */
	async language(now: number): Promise<'fr' | 'en' | null> {
		const latest = (await this.pages()).at(-1);
		const page = latest === undefined ? undefined : await this.find('page', latest, now);
		return page ? languageOf(await page.text()) : null;
	}

	/** Forgets what was read. */
	async forget(): Promise<void> {
		await Promise.all((['page', 'photo', 'tile'] as const).map((way) => caches.delete(this.#prefix + way)));
	}

	/** Forgets what other versions kept, all of it. */
	async forgetOthers(): Promise<void> {
		const others = (await caches.keys()).filter((name) => name.startsWith('alentour-') && !name.startsWith(this.#prefix));
		await Promise.all(others.map((name) => caches.delete(name)));
	}

	#open(way: Kept): Promise<Cache> {
		return caches.open(this.#prefix + way);
	}
}

/** The latest pages that other versions kept, oldest first. */
export async function pagesOfOthers(version: string, most: number): Promise<{ url: string; language: 'fr' | 'en' }[]> {
	const names = (await caches.keys()).filter((name) => /^alentour-.*-page$/.test(name) && name !== `alentour-${version}-page`);
	const pages = names.map(async (name) => {
		const cache = await caches.open(name);
		const latest = (await cache.keys()).slice(-most);
		return Promise.all(
			latest.map(async ({ url }) => {
				const page = await cache.match(url, { ignoreVary: true });
				return { url, language: languageOf((await page?.text()) ?? '') };
			})
		);
	});
	return (await Promise.all(pages)).flat();
}

/** What is named by its content, or drawn by us, says nothing of anybody. */
const isForEver = (way: Kept): boolean => way === 'code' || way === 'file';

/** A photo or a piece of the map may show what was withheld since. */
function stamped(answer: Response, now: number): Response {
	const headers = new Headers(answer.headers);
	// Its bytes come unpacked.
	for (const name of ['content-encoding', 'content-length']) headers.delete(name);
	headers.set(atHeader, String(now));
	return new Response(answer.body, { status: answer.status, headers });
}

/** When a kept page was kept; null for anything else. */
export function keptAt({ headers }: Pick<Response, 'headers'>): number | null {
	const at = headers.get(atHeader);
	return at === null ? null : Number(at);
}
