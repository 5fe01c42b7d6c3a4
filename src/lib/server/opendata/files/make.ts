import type { Category, Dataset } from '../../../domain/taxonomy.ts';
import type { ReferenceRows } from '../../published/reference.ts';
import type { Selection } from '../../published/select.ts';
import type { View } from '../../published/view.ts';
import type { Format, Variant } from '../datasets.ts';
import { fileFormats } from './file-formats.ts';
import type { FileFormat } from './file-formats.ts';
import { basisOf, close, planOf } from './plan.ts';
import type { Step } from './pieces.ts';
import type { Before } from './write-pieces.ts';
import type { Belonging } from '../belongs.ts';
import type { Edition } from '../geojson.ts';
import { isNational } from '../national/national.ts';
import { registerOf } from '../national/register.ts';
import type { Register } from '../national/register.ts';
import { batched, featureBatches } from './batches.ts';
import { runOnThread } from './thread.ts';

/** What is to be written. */
export interface Wish {
	format: FileFormat;
	variant?: Variant;
	edition: Edition;
	dataset: Dataset;
	selection: Selection;
	/** The query string of a part of the dataset. */
	filters?: string;
}

/** The same as the other thread knows it: plain data. */
export interface Job extends Pick<Wish, 'format' | 'variant' | 'dataset'> {
	path: string;
	/** For a text of rows: how the file and its index are put together. */
	pieces?: { steps: Step[]; before: Before | null; basis: string };
	compressed: boolean;
	told: Pick<View, 'settings' | 'seq' | 'changedAt'> &
		Pick<Edition, 'origin' | 'today' | 'asOf'> & { filters?: string; register?: Register };
	categories: Map<string, Pick<Category, 'halfLives' | 'keyFacts'>>;
	/** Which places of all were there on a day; see `AsOf`. */
	past?: { day: string; selection: Belonging; rows: ReferenceRows };
}

interface Options {
	path: string;
	/** Also as `path.gz`. */
	compressed?: boolean;
	/** The path of an edition before, whose rows are taken over where nothing has changed. */
	before?: string | undefined;
	/** Stops the work; what is half written stays for the caller to take away. */
	signal?: AbortSignal;
}

/** What is known of a file when it is there. */
export interface Made {
	/** CRC-32 of the plain bytes, and of the compressed ones: enough to see what a crash has left. */
	crc32: { plain: number; gz?: number };
}

/**
 * Writes a file on a thread of its own. This one only hands over lines as they are kept, 256 kB at a time, between requests.
 * @throws what went wrong there, such as a full disk, or the reason of the signal
 */
export async function makeFile(wish: Wish, options: Options): Promise<Made> {
	options.signal?.throwIfAborted();
	const job = jobOf(wish, options);
	const { steps, before } = planOf(wish, options);
	try {
		if (steps) job.pieces = { steps, before, basis: basisOf(wish) };
		return await runOnThread(job, batchesOf(wish, steps), options.signal);
	} finally {
		if (before) close(before);
	}
}

/** Of those that are to be written: their features where these are all that is written, else their lines. */
function batchesOf({ edition, selection, format, dataset }: Wish, steps: Step[] | null): Generator<Uint8Array<ArrayBuffer>> {
	const { view, asOf } = edition;
	if (asOf !== undefined) return batched(view.lines());
	if (!steps) return batched(view.lines(selection));
	const refs = function* () {
		for (const step of steps) if (!('kept' in step)) yield* view.refsBetween(selection, step.from, step.until);
	};
	const { parts }: Format = fileFormats[format];
	if (parts!(edition, dataset).features) return featureBatches(refs(), edition);
	const lines = function* () {
		for (const ref of refs()) yield view.line(ref);
	};
	return batched(lines());
}

function jobOf({ format, variant, dataset, edition, selection, filters }: Wish, { path, compressed = false }: Options): Job {
	const { view, origin, today, asOf } = edition;
	const { settings, seq, changedAt } = view;
	const categories = view.reference.categories.map(({ slug, halfLives, keyFacts }) => [slug, { halfLives, keyFacts }] as const);
	return {
		...{ format, path, compressed, dataset },
		...(variant === undefined ? {} : { variant }),
		told: {
			...{ settings, seq, changedAt, origin, today },
			...(filters === undefined ? {} : { filters }),
			...(asOf === undefined ? {} : { asOf }),
			...(isNational(format) ? { register: registerOf(view.reference) } : {})
		},
		...(asOf === undefined ? {} : { past: { day: asOf.as_of, selection, rows: rowsOf(view.reference) } }),
		categories: new Map(categories)
	};
}

/** What can be sent to another thread. */
function rowsOf({ themes, categories, areas, organisations, datasets, settings }: ReferenceRows): ReferenceRows {
	return { themes, categories, areas, organisations, datasets, settings };
}
