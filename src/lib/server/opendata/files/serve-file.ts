import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Dataset } from '../../../domain/taxonomy.ts';
import { FilterError } from '../../published/filters.ts';
import type { View } from '../../published/view.ts';
import { asOfDay, isPastDay } from '../as-of.ts';
import { accepts, answer, etagOf, isKnown, openHeaders, stateOf } from '../answer.ts';
import { formats, selectionOf } from '../datasets.ts';
import type { Format, FormatName, Variant } from '../datasets.ts';
import { Editions } from './editions.ts';
import { fileFormats } from './file-formats.ts';
import { textBytes } from './text.ts';
import type { Size, SizeOf } from '../dcat/dataset.ts';
import type { Edition } from '../geojson.ts';
import { identityOf, nationalIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import { KeptFiles } from './kept-files.ts';
import type { Wanted } from './kept-files.ts';
import { makeFile } from './make.ts';
import type { Wish } from './make.ts';
import { fileFilters, narrow, onlyOnce } from './narrow.ts';
import { datasetOfSchema, report } from '../national/national.ts';
import type { NationalFormat } from '../national/national.ts';
import type { NationalSchema } from '../national/schema.ts';
import { heldBody, streamOf } from '../held.ts';
import { problem } from '../problem.ts';
import { modifiedOf } from '../serve.ts';
import { sendStored, tagOf } from '../stored.ts';
import { Busy, Turns } from '../turns.ts';

const sweepMs = 60_000;
/** Who takes longer than that for a part of the data has gone to sleep over it. */
const longestReadMs = 600_000;
/** Files of parts that may be read at a time. */
const mostRead = 30;
/** The best first. */
const codings = ['br', 'gzip'] as const;

interface Options {
	/** Where whole files are kept: a folder of DATA_DIR. */
	dir: string;
	/** Of the application: it is part of the tags. */
	build: string;
	/** What is public now; null while nothing is. */
	current: () => View | null;
	/** See `KeptFiles`. */
	patienceMs?: number;
}

export interface Asked {
	edition: Edition;
	dataset: Dataset;
	format: FormatName;
	query: URLSearchParams;
}

export interface AskedNational extends Pick<Asked, 'edition' | 'query'> {
	schema: NationalSchema;
	format: NationalFormat;
}

/** Answers `/data/{dataset}.{format}`: whole files from where they are kept, parts of them as they are made. */
export class FileServer {
	readonly #build: string;
	readonly #editions: Editions;
	readonly #kept: KeptFiles;
	readonly #turns = new Turns(2, 20);
	/** Parts that somebody is reading. */
	#read = 0;

	constructor({ dir, build, current, ...options }: Options) {
		this.#build = build;
		this.#editions = new Editions(dir);
		this.#kept = new KeptFiles({ editions: this.#editions, ...options });
		const sweep = async () => {
			const view = current();
			// What could not be taken away now will be at the next round.
			if (view) await this.#kept.sweep(view, Date.now()).catch(() => undefined);
		};
		setInterval(() => void sweep(), sweepMs).unref();
	}

	/** @throws FilterError for a query string that means nothing */
	async serve(request: Request, { edition, dataset, format, query }: Asked): Promise<Response> {
		if (query.has('as_of')) return this.#past(request, { edition, dataset, format, query });
		const { origin, view } = edition;
		const variant = variantOf(format, query);
		const allowed = format === 'csv' ? [...fileFilters, 'excel'] : fileFilters;
		const { selection, filters } = narrow(view, dataset, query, { allowed, now: Date.now() });
		const wish: Wish = { format, edition, dataset, selection, ...(variant ? { variant } : {}) };
		const identity = identityOf(this.#build, { edition, dataset, format, variant, filters });
		const headers = {
			'content-disposition': `attachment; filename="${dataset.slug}.${format}"`,
			link: `<${origin}/data/${dataset.slug}/schema.json>; rel="describedby"; type="application/schema+json"`
		};
		const modified = modifiedOf(edition);
		if (filters === null) return this.#whole(request, { ...identity, modified, wish }, headers);
		query.delete('excel');
		// Who is open changes without a change of the map.
		const head = { etag: identity.etag, headers, modified: query.has('open') ? null : modified };
		return this.#part(request, { ...wish, filters: query.toString() }, head);
	}

	/** The dataset as it was at the end of a day. */
	async #past(request: Request, { edition, dataset, format, query }: Asked): Promise<Response> {
		const allowed = ['as_of', ...(format === 'csv' ? ['excel'] : [])];
		onlyOnce(query, allowed);
		const day = query.get('as_of') ?? '';
		if (!isPastDay(day, edition.today))
			throw new FilterError('as_of', 'as_of must be a day that is not to come, such as 2026-03-01.');
		const texts = Object.entries<Format>(formats).flatMap(([name, { text }]) => (text ? [name] : []));
		if (!texts.includes(format)) throw new FilterError('as_of', `as_of is offered for ${texts.join(', ')}.`);
		const variant = variantOf(format, query);
		const asOf = asOfDay(edition.view, day);
		const wish: Wish = {
			format,
			dataset,
			edition: { ...edition, asOf },
			selection: selectionOf(dataset),
			...(variant ? { variant } : {})
		};
		const { view, origin, today } = edition;
		const asked = JSON.stringify([origin, dataset, format, variant, day]);
		return this.#part(request, wish, {
			etag: etagOf({ build: this.#build, ...stateOf(view), query: asked, day: today }),
			headers: { 'content-disposition': `attachment; filename="${dataset.slug}-${day}.${format}"` },
			modified: modifiedOf(edition)
		});
	}

	/** Size and checksum of the files of this edition that are made already. */
	sizes(edition: Edition): SizeOf {
		return (dataset, format) => this.#size(identityOf(this.#build, { edition, dataset, format }));
	}

	/** The same of a file in the shape of a national schema. */
	nationalSize(edition: Edition, format: NationalFormat): Size | null {
		return this.#size(nationalIdentity(this.#build, edition, format));
	}

	#size({ name, etag }: Identity): Size | null {
		const kept = this.#kept.known(name);
		return kept?.etag === etag ? { bytes: kept.sizes.plain, sha256: kept.sha256 } : null;
	}

	/**
	 * The same for a file in the shape of a national schema, always whole: who takes it wants what the schema is about.
	 * @throws FilterError for a query string
	 */
	async serveNational(request: Request, { edition, schema, format, query }: AskedNational): Promise<Response> {
		const { view, origin } = edition;
		const [parameter] = query.keys();
		if (parameter !== undefined) throw new FilterError(parameter, 'This file takes no parameters.');
		const dataset = datasetOfSchema(schema, view.settings.licence.id);
		const identity = nationalIdentity(this.#build, edition, format);
		const wish: Wish = { format, edition, dataset, selection: selectionOf(dataset) };
		const about = `<${origin}/data/${schema.slug}.${report}>; rel="related"; type="application/json"`;
		const headers = {
			'content-disposition': `attachment; filename="${format}"`,
			link: `<${schema.conformsTo}>; rel="describedby http://purl.org/dc/terms/conformsTo", ${about}`
		};
		return this.#whole(request, { ...identity, modified: modifiedOf(edition), wish }, headers);
	}

	async #whole(request: Request, wanted: Wanted, headers: Record<string, string>): Promise<Response> {
		const { mediaType, compressible } = fileFormats[wanted.wish.format];
		const headersOf = (tag: string, modified: number) => ({ ...openHeaders({ tag, modified }), ...headers });
		const taken = compressible ? codings.filter((each) => accepts(request, each)) : [];
		// Nothing is made for somebody who has it, in whichever form she was given it.
		const tags = [...taken, undefined].map((coding) => tagOf(wanted.etag, coding));
		const tag = tags.find((each) => isKnown(request, each, wanted.modified));
		if (tag !== undefined && !request.headers.has('range'))
			return new Response(null, { status: 304, headers: headersOf(tag, wanted.modified) });
		const { path, sizes, etag, modified } = await this.#kept.get(wanted);
		const packed = [
			{ coding: 'br', path: `${path}.br`, size: sizes.br },
			{ coding: 'gzip', path: `${path}.gz`, size: sizes.gz }
		] as const;
		return sendStored(request, {
			...{ path, size: sizes.plain, etag, modified, type: mediaType },
			packed: packed.flatMap((each) => (each.size === undefined ? [] : [{ ...each, size: each.size }])),
			headers: (own) => headersOf(own, modified)
		});
	}

	async #part(request: Request, wish: Wish, { etag, modified, headers }: Head): Promise<Response> {
		const format: Format = fileFormats[wish.format];
		try {
			return await answer(request, {
				...{ etag, modified, headers, type: format.mediaType },
				compressible: format.compressible,
				body: async (encoding) => {
					const { signal } = request;
					const encoded = encoding === 'gzip';
					// Most of the past is read for nothing: not here, where others wait.
					if (format.text && wish.edition.asOf === undefined)
						return { bytes: heldBody(textBytes(wish), encoding, { signal, within: longestReadMs }), encoded };
					const plain = await this.#turns.take(() => this.#temporary(wish, signal));
					return { bytes: streamOf(plain, encoding), encoded };
				}
			});
		} catch (failure) {
			if (failure instanceof Busy) return problem(503, 'busy', failure.message, { 'retry-after': '60' });
			throw failure;
		}
	}

	/** Its name is gone before the first byte is sent: whatever becomes of the reader or of us, nothing is left. */
	async #temporary(wish: Wish, signal: AbortSignal): Promise<Readable> {
		// Whoever reads slowly keeps a file on the disk.
		if (this.#read >= mostRead) throw new Busy('Too many files are being sent: try again in a minute.');
		const draft = await this.#editions.draft('part');
		try {
			const path = join(draft, 'file');
			await makeFile(wish, { path, signal });
			const stream = (await open(path)).createReadStream();
			this.#read++;
			const late = setTimeout(() => stream.destroy(), longestReadMs);
			stream.once('close', () => {
				clearTimeout(late);
				this.#read--;
			});
			return stream;
		} finally {
			await rm(draft, { recursive: true, force: true });
		}
	}
}

interface Head {
	etag: string;
	modified: number | null;
	headers: Record<string, string>;
}

function variantOf(format: FormatName, query: URLSearchParams): Variant | null {
	const excel = query.get('excel');
	if (format !== 'csv' || excel === null || excel === '') return null;
	if (excel === 'fr') return 'excel-fr';
	throw new FilterError('excel', 'excel must be fr');
}
