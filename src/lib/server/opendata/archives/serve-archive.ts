import { existsSync, statSync } from 'node:fs';
import { openHeaders } from '../answer.ts';
import { problem } from '../problem.ts';
import { sendStored } from '../stored.ts';
import { archiveFormats, fileName, parseFileName } from './archive.ts';
import type { Archives } from './archives.ts';

/** Answers with a file of a month by its name; 503 while it is not sure that everything in it is still public. */
export async function serveArchive(request: Request, archives: Archives, dataset: string, name: string): Promise<Response> {
	const wanted = parseFileName(dataset, name);
	const opened = wanted && (await archives.open(dataset, wanted.month, wanted.format));
	if (!wanted || opened === null) {
		const detail = `There is no archive named ${name}; see /data/${dataset}/archives.`;
		return problem(404, 'unknown_archive', detail);
	}
	if (opened === 'unsure') {
		const detail = 'This archive is being compared with what is public today, or made again: try again in a few seconds.';
		return problem(503, 'archive_not_ready', detail, { 'retry-after': '10' });
	}
	const { archive, path } = opened;
	const { sha256, bytes } = archive.files[wanted.format];
	const { mediaType } = archiveFormats[wanted.format];
	const gzip = `${path}.gz`;
	const packed =
		wanted.format === 'csv' && existsSync(gzip) ? [{ coding: 'gzip' as const, path: gzip, size: statSync(gzip).size }] : [];
	return sendStored(request, {
		...{ path, size: bytes, etag: sha256, type: mediaType, packed },
		// Two versions of one day would have the same date: the tag alone tells which it is.
		modified: NaN,
		headers: (tag) => ({
			...openHeaders({ tag, modified: null }),
			'content-disposition': `attachment; filename="${fileName(archive, wanted.format)}"`
		})
	});
}
