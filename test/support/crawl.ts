import { load } from 'cheerio';

/** A form of a page, as a browser would send it untouched. */
export interface PageForm {
	/** The path that it is sent to, with its query. */
	action: string;
	/** Where it was found. */
	on: string;
	multipart: boolean;
	/** In the order of the page; the first button's among them. */
	fields: [string, string][];
	/** Some of the boxes and choices that nobody ticked. */
	unticked: [string, string][];
	/** Names of the fields that take a file. */
	files: string[];
}

export type Fetch = (path: string) => Promise<Response>;

/** Two addresses of one kind are one page: `/places/<any>/edit`. */
export function kindOf(path: string): string {
	const url = new URL(path, 'http://x');
	const steps = url.pathname
		.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id')
		.replace(/^\/(areas|organisations|c|invitations|unsubscribe|follow)\/[^/]+/, '/$1/:name')
		.replace(/^(\/places\/:id)\/(?!edit|report|history|partners)[^/.]+$/, '$1/:slug');
	return [steps, ...new Set([...url.searchParams.keys()].sort())].join(' ');
}

/**
 * Follows the links of the pages from `seeds` on, one page of each kind, and gives the forms that write.
 * @param most pages at most
 */
export async function formsFrom(seeds: string[], fetchPage: Fetch, most = 80): Promise<PageForm[]> {
	const waiting = [...seeds];
	const seen = new Set<string>();
	const forms = new Map<string, PageForm>();
	while (waiting.length > 0 && seen.size < most) {
		const path = waiting.shift()!;
		if (seen.has(kindOf(path))) continue;
		seen.add(kindOf(path));
		const answer = await fetchPage(path);
		if (!answer.headers.get('content-type')?.startsWith('text/html')) continue;
		const at = new URL(answer.url);
		const html = await answer.text();
		for (const form of formsOf(html, at)) {
			const key = `${kindOf(form.action)} ${[...form.fields, ...form.unticked].map(([name]) => name.replace(/[0-9a-f-]{36}/g, ':id')).join()}`;
			if (!forms.has(key)) forms.set(key, form);
		}
		for (const link of load(html)('a[href]').toArray()) {
			const href = new URL(link.attribs['href']!, at);
			if (href.origin === at.origin && !/\.\w+$/.test(href.pathname)) waiting.push(href.pathname + href.search);
		}
	}
	return [...forms.values()];
}

function formsOf(html: string, at: URL): PageForm[] {
	const $ = load(html);
	return $('form')
		.toArray()
		.filter((form) => form.attribs['method']?.toLowerCase() === 'post')
		.map((form) => {
			const button = $(form).find('button[name]').first();
			const action = new URL(form.attribs['action'] ?? '', at);
			return {
				action: action.pathname + action.search,
				on: at.pathname + at.search,
				multipart: form.attribs['enctype'] === 'multipart/form-data',
				fields: [
					...$(form)
						.serializeArray()
						.map(({ name, value }): [string, string] => [name, value]),
					...(button.length > 0 ? [[button.attr('name') ?? '', button.attr('value') ?? ''] satisfies [string, string]] : [])
				],
				unticked: $(form)
					.find('input[type=checkbox][name]:not([checked]), input[type=radio][name]:not([checked])')
					.toArray()
					.slice(0, 3)
					.map(({ attribs }): [string, string] => [attribs['name']!, attribs['value'] ?? 'on']),
				files: $(form)
					.find('input[type=file][name]')
					.toArray()
					.map(({ attribs }) => attribs['name']!)
			};
		});
}
