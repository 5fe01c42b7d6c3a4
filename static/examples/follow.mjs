/**
 * Keeps a copy of the open places of a map in step with it. No library: Node 20 or later.
 *
 *   node follow.mjs https://carte.example places.json      once; again whenever you like, every minute for instance
 *
 * The copy is one JSON file: { seq, next, places: { id: GeoJSON Feature } }. Take this program, change it, make it yours.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';

const [map, file] = process.argv.slice(2);
if (!map || !file) throw new Error('Usage: node follow.mjs <address of the map> <file of the copy>');

/** The copy of last time, or null: then it begins with the whole file. */
async function kept() {
	return JSON.parse(await readFile(file, 'utf8').catch(() => 'null'));
}

/** All places as they are now, and the number of the last change that is in them. */
async function whole() {
	const { seq, features } = await answerOf(await fetch(`${map}/data/places.geojson`));
	const places = Object.fromEntries(features.map((feature) => [feature.id, feature]));
	return { seq, next: `${map}/data/changes?since=${seq}`, places };
}

async function answerOf(response) {
	if (!response.ok) throw new Error(`${response.url} answers ${response.status}: ${await response.text()}`);
	return response.json();
}

/** Everything that changed since, page by page; null when the copy is too old, or of another time of the map, and must begin anew. */
async function caughtUp(copy) {
	for (;;) {
		const response = await fetch(copy.next);
		if (response.status === 410) return null;
		const page = await answerOf(response);
		if (page.seq < copy.seq) return null;
		for (const { state, id, feature, reload } of page.changes) {
			if (reload) return null;
			if (state === 'present') copy.places[id] = feature;
			// « gone » has left the map; « outside » is there still, under another licence.
			if (state === 'gone' || state === 'outside') delete copy.places[id];
		}
		copy.seq = page.seq;
		copy.next = page.next;
		if (!page.more) return copy;
	}
}

/** Beside it and then in its place: what stops half-way leaves the copy of last time. */
async function keep(copy) {
	await writeFile(`${file}.new`, JSON.stringify(copy));
	await rename(`${file}.new`, file);
}

const before = await kept();
const copy = (before && (await caughtUp(before))) ?? (await whole());
await keep(copy);
console.log(`${Object.keys(copy.places).length} places, as of change ${copy.seq}`);
