import { version } from '$app/environment';
import { answer, etagOf, preflight, stateOf } from '$lib/server/opendata/answer';
import { catalogue } from '$lib/server/opendata/dcat/catalogue';
import type { Node } from '$lib/server/opendata/dcat/graph';
import { jsonld } from '$lib/server/opendata/dcat/jsonld';
import { rdfxml } from '$lib/server/opendata/dcat/rdfxml';
import { turtle } from '$lib/server/opendata/dcat/turtle';
import { overviewsOf } from '$lib/server/opendata/overview';
import { fileServer, nationalSizes } from '../data/files.server';
import { problem } from '$lib/server/opendata/problem';
import { fromSnapshot } from '$lib/server/opendata/serve';
import type { RequestHandler } from './$types';

const syntaxes: Readonly<Record<string, { type: string; write: (root: Node) => string }>> = {
	ttl: { type: 'text/turtle; charset=utf-8', write: turtle },
	jsonld: { type: 'application/ld+json', write: jsonld },
	rdf: { type: 'application/rdf+xml', write: rdfxml }
};

const encoder = new TextEncoder();

export const GET: RequestHandler = ({ request, url, params: { format } }) =>
	fromSnapshot(url.origin, async (edition) => {
		const syntax = Object.hasOwn(syntaxes, format) ? syntaxes[format] : undefined;
		if (!syntax)
			return problem(404, 'unknown_format', `The catalogue is offered as ${Object.keys(syntaxes).join(', ')}, not ${format}.`);
		const asked = url.searchParams.get('page') ?? '1';
		if (!/^[1-9]\d{0,5}$/.test(asked)) return problem(400, 'invalid_parameter', 'page must be a whole number, at least 1.');
		const address = `${url.origin}/catalog.${format}`;
		const root = catalogue(edition, await overviewsOf(edition), {
			address,
			page: Number(asked),
			sizeOf: fileServer().sizes(edition),
			national: await nationalSizes(edition)
		});
		if (!root) return problem(404, 'unknown_page', `The catalogue has no page ${asked}.`);
		const { view } = edition;
		const text = syntax.write(root);
		return answer(request, {
			// Sizes and checksums come and go with the files: only the text itself tells whether it is the same.
			etag: etagOf({ build: version, ...stateOf(view), query: text }),
			type: syntax.type,
			body: () => Promise.resolve({ bytes: encoder.encode(text), encoded: false })
		});
	});

export const OPTIONS: RequestHandler = preflight;
