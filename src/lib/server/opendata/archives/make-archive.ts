import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Dataset } from '../../../domain/taxonomy.ts';
import { stateOf } from '../answer.ts';
import { asOfDay } from '../as-of.ts';
import { selectionOf } from '../datasets.ts';
import { textBytes } from '../files/text.ts';
import { makeFile } from '../files/make.ts';
import type { Wish } from '../files/make.ts';
import type { Edition } from '../geojson.ts';
import { lastDayOf } from './archive.ts';
import type { Archive } from './archive.ts';
import { featuresOf } from './lines.ts';
import { gzipFile } from './rewrite.ts';
import type { Shelf } from './shelf.ts';

/** Fewer places than that are written sooner than a thread has started. */
const fewPlaces = 2000;

interface Asked {
	shelf: Shelf;
	dataset: Dataset;
	month: string;
	edition: Edition;
	/** Whether the edition is of today, and the month has to be told from the history. */
	rebuilt: boolean;
}

/** Writes the files of a month and puts them away; null when the dataset had no place then. Nobody finds them before they are listed. */
export async function makeArchive({ shelf, dataset, month, edition, rebuilt }: Asked): Promise<Archive | null> {
	const { view, today } = edition;
	const day = lastDayOf(month);
	const draft = await shelf.draft();
	try {
		const plain = join(draft, 'plain.geojson');
		const told = rebuilt ? { ...edition, today: day, asOf: rebuiltOn(edition, day) } : { ...edition, today: day };
		const wish = { edition: told, dataset, selection: selectionOf(dataset) };
		await write({ ...wish, format: 'geojson' }, plain);
		let places = 0;
		for await (const _ of featuresOf(plain)) places++;
		if (places === 0) return null;
		const csv = join(draft, 'file.csv');
		await write({ ...wish, format: 'csv' }, csv);
		const geojson = join(draft, 'file.geojson.gz');
		await gzipFile(plain, geojson);
		const { slug, licence } = dataset;
		const files = {
			'geojson.gz': await shelf.put({ dataset: slug, month }, 'geojson.gz', geojson),
			csv: await shelf.put({ dataset: slug, month }, 'csv', csv)
		};
		const { seq, schema } = stateOf(view);
		return { dataset: slug, month, day, madeOn: today, rebuilt, seq, licence, places, checked: seq, schema, files, notes: [] };
	} finally {
		await rm(draft, { recursive: true, force: true });
	}
}

function rebuiltOn({ view, today }: Edition, day: string) {
	const past = asOfDay(view, day);
	return { ...past, as_of_note: `Not written that day but rebuilt from the public records, on ${today}. ${past.as_of_note}` };
}

async function write(wish: Wish, path: string): Promise<void> {
	if (wish.edition.view.size > fewPlaces) await makeFile(wish, { path });
	else await pipeline(Readable.from(textBytes(wish), { objectMode: false }), createWriteStream(path, { mode: 0o600 }));
}
