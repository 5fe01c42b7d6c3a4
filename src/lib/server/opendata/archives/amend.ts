import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { View } from '../../published/view.ts';
import { stateOf } from '../answer.ts';
import type { PlaceFeature } from '../geojson.ts';
import { reasons } from './archive.ts';
import type { Archive, Reason } from './archive.ts';
import { featuresOf } from './lines.ts';
import { rewriteCsv, rewriteGeojson } from './rewrite.ts';
import type { Shelf } from './shelf.ts';
import { stillTold } from './still-told.ts';

/** What becomes of the places that may not stay as they are, by id; null for those that leave. */
export type Losses = ReadonlyMap<string, { feature: PlaceFeature | null; reason: Reason }>;

interface Compared {
	view: View;
	origin: string;
	/** The only places that can have lost something; null for all. */
	touched: ReadonlySet<string> | null;
}

/** Reads an archived file against what is public now. */
export async function findLosses(path: string, day: string, { view, origin, touched }: Compared): Promise<Losses> {
	const losses = new Map<string, { feature: PlaceFeature | null; reason: Reason }>();
	for await (const line of featuresOf(path)) {
		if (touched && !touched.has(line.id)) continue;
		const { feature, reason } = stillTold(line.feature(), day, { view, origin });
		if (reason) losses.set(line.id, { feature, reason });
	}
	return losses;
}

interface Amending {
	shelf: Shelf;
	archive: Archive;
	/** Of its GeoJSON file. */
	path: string;
	losses: Losses;
	/** The day of the note. */
	on: string;
	/** That what is left agrees with. */
	view: View;
}

/** The archive without what is lost, its files put away, with a note that says since when and of which kind, never what. */
export async function amend({ shelf, archive, path, losses, on, view }: Amending): Promise<Archive> {
	const notes = noted(archive.notes, on, new Set([...losses.values()].map(({ reason }) => reason)));
	const draft = await shelf.draft();
	try {
		const geojson = join(draft, 'file.geojson.gz');
		const others = new Map([...losses].map(([id, { feature }]) => [id, feature]));
		const places = await rewriteGeojson(path, geojson, others, notes);
		const csv = join(draft, 'file.csv');
		await rewriteCsv(await shelf.fetch(archive, 'csv'), csv, others);
		const files = {
			csv: await shelf.put(archive, 'csv', csv),
			'geojson.gz': await shelf.put(archive, 'geojson.gz', geojson)
		};
		const { seq, schema } = stateOf(view);
		return { ...archive, places, checked: seq, schema, files, notes };
	} finally {
		await rm(draft, { recursive: true, force: true });
	}
}

/** One note a day: of two losses of one day nobody needs to know which came when. */
function noted(notes: Archive['notes'], on: string, kinds: ReadonlySet<Reason>): Archive['notes'] {
	const today = notes.find((note) => note.on === on)?.reasons ?? [];
	const others = notes.filter((note) => note.on !== on);
	return [...others, { on, reasons: reasons.filter((reason) => kinds.has(reason) || today.includes(reason)) }];
}
