import { Builder } from 'flatbuffers';
import type { Dataset } from '../../../domain/taxonomy.ts';
import { colophonLines, colophonOf } from '../colophon.ts';
import { columns } from '../columns.ts';
import type { Column } from '../columns.ts';
import { nodeSize } from './fgb-tree.ts';
import type { Flat } from './flat.ts';
import type { Told } from '../geojson.ts';

/** Format version 3. */
export const magic = Uint8Array.of(0x66, 0x67, 0x62, 3, 0x66, 0x67, 0x62, 0);

/*
 * The tables of https://github.com/flatgeobuf/flatgeobuf/blob/master/src/fbs: numbers are places of fields in header.fbs and feature.fbs. The npm
 * library writes neither an index nor a title, and brings OpenLayers along.
 */
const pointType = 1;
const columnTypes: Partial<Record<Column['type'], number>> = { integer: 5, json: 12, datetime: 13 };
const stringType = 11;
const typeOf = ({ type }: Column) => columnTypes[type] ?? stringType;

/** A place: what is known of it, each value after the number of its column. */
export function featureBytes(lon: number, lat: number, row: Flat[]): Uint8Array {
	const known = row.flatMap((value, i) => (value === null ? [] : [valueBytes(i, columns[i]!, value)]));
	const builder = new Builder(1024);
	const properties = builder.createByteVector(Buffer.concat(known));
	const xy = doubles(builder, [lon, lat]);
	builder.startObject(8);
	builder.addFieldOffset(1, xy, 0);
	builder.addFieldInt8(6, pointType, 0);
	const geometry = builder.endObject();
	builder.startObject(3);
	builder.addFieldOffset(0, geometry, 0);
	builder.addFieldOffset(1, properties, 0);
	builder.finishSizePrefixed(builder.endObject());
	return builder.asUint8Array();
}

function valueBytes(index: number, column: Column, value: string | number): Buffer {
	const text = typeof value === 'number' ? null : Buffer.from(value.toWellFormed());
	const bytes = Buffer.alloc(6 + (text?.length ?? 0));
	bytes.writeUInt16LE(index, 0);
	if (text === null) bytes.writeInt32LE(Number(value), 2);
	else {
		bytes.writeUInt32LE(text.length, 2);
		text.copy(bytes, 6);
	}
	return bytes;
}

function doubles(builder: Builder, values: number[]): number {
	builder.startVector(8, values.length, 8);
	for (const value of values.toReversed()) builder.addFloat64(value);
	return builder.endVector();
}

/** What the file is, its columns, how many places and where. */
export function headerBytes(
	told: Told,
	dataset: Dataset,
	{ count, box }: { count: number; box: [number, number, number, number] | null }
): Uint8Array {
	const builder = new Builder(4096);
	const colophon = colophonOf(told, dataset);
	const text = colophonLines(colophon).map(([name, said]) => `${name}\n${said}`);
	const [name, title, description, metadata] = [dataset.slug, dataset.title.fr, text.join('\n\n'), JSON.stringify(colophon)].map(
		(value) => builder.createString(value)
	);
	const fields = columns.map((column) => columnTable(builder, column));
	builder.startVector(4, fields.length, 4);
	for (const field of fields.toReversed()) builder.addOffset(field);
	const columnVector = builder.endVector();
	const envelope = box && doubles(builder, box);
	const authority = builder.createString('EPSG');
	builder.startObject(6);
	builder.addFieldOffset(0, authority, 0);
	builder.addFieldInt32(1, 4326, 0);
	const crs = builder.endObject();
	builder.startObject(14);
	builder.addFieldOffset(0, name!, 0);
	if (envelope !== null) builder.addFieldOffset(1, envelope, 0);
	builder.addFieldInt8(2, pointType, 0);
	builder.addFieldOffset(7, columnVector, 0);
	builder.addFieldInt64(8, BigInt(count), 0n);
	// Without places there is no index either.
	builder.addFieldInt16(9, count === 0 ? 0 : nodeSize, 16);
	builder.addFieldOffset(10, crs, 0);
	builder.addFieldOffset(11, title!, 0);
	builder.addFieldOffset(12, description!, 0);
	builder.addFieldOffset(13, metadata!, 0);
	builder.finishSizePrefixed(builder.endObject());
	return builder.asUint8Array();
}

function columnTable(builder: Builder, column: Column): number {
	const [name, title, description] = [column.name, column.label.fr, column.label.en].map((text) => builder.createString(text));
	builder.startObject(11);
	builder.addFieldOffset(0, name!, 0);
	builder.addFieldInt8(1, typeOf(column), 0);
	builder.addFieldOffset(2, title!, 0);
	builder.addFieldOffset(3, description!, 0);
	builder.addFieldInt8(7, Number(column.nullable), 1);
	builder.addFieldInt8(8, Number(column.name === 'id'), 0);
	return builder.endObject();
}
