import type { Ref } from '../../published/layers.ts';
import { systems } from '../../../geo/crs.ts';
import { FeatureWriter } from '../feature-text.ts';
import type { Edition } from '../geojson.ts';

const batchBytes = 1 << 18;

/** What is given, each closed by a line feed, in batches of a quarter of a megabyte that belong to nobody else. */
export function* batched(lines: Iterable<Uint8Array>): Generator<Uint8Array<ArrayBuffer>> {
	let parts: Uint8Array[] = [];
	let length = 0;
	const whole = () => {
		const bytes = new Uint8Array(length);
		let at = 0;
		for (const part of parts) {
			bytes.set(part, at);
			bytes[at + part.length] = 10;
			at += part.length + 1;
		}
		parts = [];
		length = 0;
		return bytes;
	};
	for (const line of lines) {
		parts.push(line);
		length += line.length + 1;
		if (length >= batchBytes) yield whole();
	}
	if (length > 0) yield whole();
}

/** The features of places, put together from what is kept of them; otherwise the same. */
export function* featureBatches(refs: Iterable<Ref>, edition: Edition): Generator<Uint8Array<ArrayBuffer>> {
	const writer = new FeatureWriter(edition, systems[0]!, batchBytes * 1.25);
	for (const ref of refs) {
		writer.feature(ref);
		writer.text('\n');
		if (writer.length >= batchBytes) yield writer.take() as Uint8Array<ArrayBuffer>;
	}
	if (writer.length > 0) yield writer.take() as Uint8Array<ArrayBuffer>;
}
