import type { Place } from '../../../domain/place.ts';
import { columns } from '../columns.ts';
import type { Column, ColumnType } from '../columns.ts';
import { propertiesOf } from '../geojson.ts';
import type { Told } from '../geojson.ts';

export type Flat = string | number | null;

/** A value where there are only texts and numbers: lists are words between `|`, anything nested is JSON, an instant has milliseconds. */
export function flat(type: ColumnType, value: unknown): Flat {
	if (value === null || value === undefined) return null;
	if (type === 'list') return (value as string[]).join('|');
	if (type === 'json') return JSON.stringify(value);
	if (type === 'datetime') return new Date(value as string).toISOString();
	return typeof value === 'number' ? value : String(value);
}

/** The values of a place in the order of the columns. */
export function flatRow(place: Place, told: Told): Flat[] {
	const properties = propertiesOf(place, told);
	return columns.map(({ name, type }) => flat(type, properties[name]));
}

export type TableColumn = Pick<Column, 'label' | 'nullable' | 'values'> & { name: string; type: ColumnType | 'number' };

const coordinates: TableColumn[] = [
	{ name: 'lon', type: 'number', nullable: false, label: { fr: 'Longitude (WGS 84)', en: 'Longitude (WGS 84)' } },
	{ name: 'lat', type: 'number', nullable: false, label: { fr: 'Latitude (WGS 84)', en: 'Latitude (WGS 84)' } }
];

/** The columns of files without a geometry: the position follows how exact it is. */
export const tableColumns: readonly TableColumn[] = columns.flatMap((column) =>
	column.name === 'precision' ? [column, ...coordinates] : [column]
);

const afterPrecision = columns.findIndex(({ name }) => name === 'precision') + 1;

/** The values of a place in the order of those. */
export function tableRow(place: Place, told: Told): Flat[] {
	return flatRow(place, told).toSpliced(afterPrecision, 0, place.position.lon, place.position.lat);
}
