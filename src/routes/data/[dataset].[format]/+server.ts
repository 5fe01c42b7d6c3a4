import { Readable } from 'node:stream';
import { version } from '$app/environment';
import { answer, etagOf, preflight } from '$lib/server/opendata/answer';
import { formats, hasContent, isFormat } from '$lib/server/opendata/datasets';
import { FileCache, fileBytes } from '$lib/server/opendata/files';
import { problem } from '$lib/server/opendata/problem';
import { fromSnapshot, modifiedOf } from '$lib/server/opendata/serve';
import type { RequestHandler } from './$types';

const cache = new FileCache();

export const GET: RequestHandler = ({ request, url, params: { dataset, format } }) =>
	fromSnapshot(url.origin, (edition) => {
		if (!hasContent(dataset))
			return problem(404, 'unknown_dataset', `There is no dataset named ${dataset} to download; see /data.`);
		if (!isFormat(format))
			return problem(404, 'unknown_format', `Datasets are offered as ${Object.keys(formats).join(', ')}, not ${format}.`);
		const query = `${url.origin}/data/${dataset}.${format}`;
		const etag = etagOf({ build: version, seq: edition.view.seq, query, day: edition.today });
		return answer(request, {
			etag,
			modified: modifiedOf(edition),
			type: formats[format].mediaType,
			headers: { 'content-disposition': `attachment; filename="${dataset}.${format}"` },
			body: async (encoding) =>
				encoding === 'gzip'
					? { bytes: await cache.gzipped(format, etag, edition), encoded: true }
					: { bytes: Readable.toWeb(Readable.from(fileBytes(format, edition))) as ReadableStream<Uint8Array>, encoded: false }
		});
	});

export const OPTIONS: RequestHandler = preflight;
