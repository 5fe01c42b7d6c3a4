import { fold } from '../../domain/fold.ts';
import type { Place } from '../../domain/place.ts';
import { placeOf } from './record.ts';
import { compareText } from './text.ts';
import type { View } from './view.ts';

/** A view never changes: what an organisation keeps is looked for once in each. */
const found = new WeakMap<View, Map<string, Place[]>>();

/**
 * The open places an organisation answers for, by name. Nothing of the snapshot is sorted by steward: the lines are looked through as
 * bytes (100,000 of them take some 60 ms, once per organisation and change), and only those that match are parsed.
 */
export function placesOf(view: View, organisation: string): Place[] {
	let ofView = found.get(view);
	if (!ofView) found.set(view, (ofView = new Map()));
	let places = ofView.get(organisation);
	if (!places) {
		places = [];
		const needle = `"steward":${JSON.stringify(organisation)}`;
		for (const line of view.lines()) {
			if (!Buffer.from(line.buffer, line.byteOffset, line.byteLength).includes(needle)) continue;
			const place = placeOf(line);
			if (place.steward === organisation) places.push(place);
		}
		places.sort((a, b) => compareText(fold(a.facts.name), fold(b.facts.name)) || compareText(a.id, b.id));
		ofView.set(organisation, places);
	}
	return places;
}
