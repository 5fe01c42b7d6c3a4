import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { GeoJSONVT } from '@maplibre/geojson-vt';
import { fromGeojsonVt } from '@maplibre/vt-pbf';
import { zxyToTileId } from 'pmtiles';

interface Archive {
	/** In degrees. */
	bbox: [west: number, south: number, east: number, north: number];
	minzoom: number;
	maxzoom: number;
	attribution?: string;
	/** Vector layers by name; none for pictures. */
	layers?: Record<string, GeoJSON.FeatureCollection>;
	/** The same PNG for each tile. */
	picture?: Buffer;
}

interface Entry {
	id: number;
	offset: number;
	length: number;
}

const column = (lon: number, z: number): number => Math.floor(((lon + 180) / 360) * 2 ** z);

function row(lat: number, z: number): number {
	const angle = (lat * Math.PI) / 180;
	return Math.floor(((1 - Math.asinh(Math.tan(angle)) / Math.PI) / 2) * 2 ** z);
}

/** Writes a small PMTiles archive, version 3 (https://docs.protomaps.com/pmtiles/), with one directory and no leaves. */
export function writePmtiles(path: string, archive: Archive): void {
	const tiles = tilesOf(archive).sort((a, b) => a.id - b.id);
	let offset = 0;
	const entries = tiles.map(({ id, bytes }): Entry => {
		const entry = { id, offset, length: bytes.length };
		offset += bytes.length;
		return entry;
	});
	const root = directory(entries);
	const names = Object.keys(archive.layers ?? {});
	const { attribution } = archive;
	const metadata = gzipSync(JSON.stringify({ attribution, vector_layers: names.map((id) => ({ id, fields: {} })) }));
	const data = Buffer.concat(tiles.map(({ bytes }) => bytes));
	const header = headerOf(archive, [root.length, metadata.length, 0, data.length], tiles.length);
	writeFileSync(path, Buffer.concat([header, root, metadata, data]));
}

function tilesOf({ bbox: [west, south, east, north], minzoom, maxzoom, layers, picture }: Archive) {
	const indexes = Object.entries(layers ?? {}).map(([name, data]) => {
		return [name, new GeoJSONVT(data, { maxZoom: maxzoom, indexMaxZoom: 5, extent: 4096, buffer: 64 })] as const;
	});
	const tiles: { id: number; bytes: Buffer }[] = [];
	for (let z = minzoom; z <= maxzoom; z++) {
		for (let x = column(west, z); x <= column(east, z); x++) {
			for (let y = row(north, z); y <= row(south, z); y++) {
				const found = indexes.map(([name, index]) => [name, index.getTile(z, x, y)] as const).filter(([, tile]) => tile !== null);
				const bytes = picture ?? gzipSync(fromGeojsonVt(Object.fromEntries(found) as never, { version: 2, extent: 4096 }));
				tiles.push({ id: zxyToTileId(z, x, y), bytes });
			}
		}
	}
	return tiles;
}

/** Columns of varints: the steps between ids, how many tiles each entry is for, lengths, offsets plus one. */
function directory(entries: Entry[]): Buffer {
	const steps = entries.map(({ id }, index) => id - (entries[index - 1]?.id ?? 0));
	const numbers = [
		...[entries.length, ...steps],
		...entries.map(() => 1),
		...entries.map(({ length }) => length),
		...entries.map(({ offset }) => offset + 1)
	];
	return gzipSync(Buffer.from(numbers.flatMap(varint)));
}

function varint(number: number): number[] {
	const bytes: number[] = [];
	for (let rest = number; ; rest = Math.floor(rest / 128)) {
		if (rest < 128) return [...bytes, rest];
		bytes.push((rest % 128) | 128);
	}
}

function headerOf({ bbox, minzoom, maxzoom, picture }: Archive, lengths: number[], count: number): Buffer {
	const header = Buffer.alloc(127);
	header.write('PMTiles', 0);
	header[7] = 3;
	let place = 127;
	lengths.forEach((length, index) => {
		header.writeBigUInt64LE(BigInt(place), 8 + index * 16);
		header.writeBigUInt64LE(BigInt(length), 16 + index * 16);
		place += length;
	});
	for (const [index, number] of [count, count, count].entries()) header.writeBigUInt64LE(BigInt(number), 72 + index * 8);
	// Clustered; directories compressed by gzip; pictures as they are, vectors by gzip; type 2 = PNG, 1 = vector.
	header.set([1, 2, picture ? 1 : 2, picture ? 2 : 1, minzoom, maxzoom], 96);
	const [west, south, east, north] = bbox.map((degrees) => Math.round(degrees * 1e7)) as [number, number, number, number];
	[west, south, east, north].forEach((degrees, index) => header.writeInt32LE(degrees, 102 + index * 4));
	header[118] = maxzoom;
	header.writeInt32LE(Math.round((west + east) / 2), 119);
	header.writeInt32LE(Math.round((south + north) / 2), 123);
	return header;
}
