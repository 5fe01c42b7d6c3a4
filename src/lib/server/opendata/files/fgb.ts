import { appendFileSync, closeSync, openSync, readSync, rmSync } from 'node:fs';
import type { Place } from '../../../domain/place.ts';
import type { Dataset } from '../../../domain/taxonomy.ts';
import { featureBytes, headerBytes, magic } from './fgb-tables.ts';
import { PackedTree, treeBytes } from './fgb-tree.ts';
import { flatRow } from './flat.ts';
import type { Told } from '../geojson.ts';

const pieceBytes = 1 << 18;

/**
 * A FlatGeobuf with its index (https://flatgeobuf.org): a reader far away asks for the bytes of its own window only. The places stand in the order of
 * the index, which is known at the end: they wait in a file beside. Blocks its thread.
 */
export function writeFgb(path: string, places: Iterable<Place>, told: Told, dataset: Dataset): void {
	const waiting = `${path}.features`;
	const features = openSync(waiting, 'wx+', 0o600);
	const file = openSync(path, 'wx', 0o600);
	try {
		const tree = new PackedTree();
		const pieces = new Pieces(features);
		for (const place of places) {
			const { lon, lat } = place.position;
			const bytes = featureBytes(lon, lat, flatRow(place, told));
			tree.add(lon, lat, bytes.length);
			pieces.add(bytes);
		}
		pieces.end();
		const order = tree.finish();
		appendFileSync(file, magic);
		appendFileSync(file, headerBytes(told, dataset, { count: tree.size, box: tree.box }));
		appendFileSync(file, treeBytes(tree, order));
		const ordered = new Pieces(file);
		for (const item of order) {
			const bytes = Buffer.alloc(tree.lengths[item]!);
			readSync(features, bytes, 0, bytes.length, tree.offsets[item]!);
			ordered.add(bytes);
		}
		ordered.end();
	} finally {
		closeSync(features);
		closeSync(file);
		rmSync(waiting, { force: true });
	}
}

/** Many small writes in a few large ones. */
class Pieces {
	#file: number;
	#parts: Uint8Array[] = [];
	#length = 0;

	constructor(file: number) {
		this.#file = file;
	}

	add(bytes: Uint8Array): void {
		this.#parts.push(bytes);
		this.#length += bytes.length;
		if (this.#length >= pieceBytes) this.end();
	}

	end(): void {
		appendFileSync(this.#file, Buffer.concat(this.#parts));
		this.#parts = [];
		this.#length = 0;
	}
}
