import type { Place } from '../../../domain/place.ts';
import type { Dataset } from '../../../domain/taxonomy.ts';
import { colophonLines, colophonOf } from '../colophon.ts';
import { columns } from '../columns.ts';
import type { ColumnType } from '../columns.ts';
import { flatRow } from './flat.ts';
import type { Told } from '../geojson.ts';
import { xmlText } from '../xml.ts';
import type { Parts } from './pieces.ts';

/** KML knows numbers and texts. */
const typeOf = (type: ColumnType) => (type === 'integer' ? 'int' : 'string');

/** A KML 2.2 document: every column as typed extended data, what is unknown left out. https://docs.ogc.org/is/12-007r2/12-007r2.html */
export function kmlParts(told: Told, dataset: Dataset): Parts {
	const about = colophonLines(colophonOf(told, dataset)).map(([name, text]) => (text === '' ? name : `${name} : ${text}`));
	const fields = columns.map(
		({ name, type, label }) =>
			`<SimpleField type="${typeOf(type)}" name="${name}"><displayName>${xmlText(label.fr)}</displayName></SimpleField>`
	);
	return {
		head: [
			`<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document id="document">\n`,
			`<name>${xmlText(dataset.title.fr)}</name>\n<description>${xmlText(about.join('\n'))}</description>\n`,
			`<Schema name="${dataset.slug}" id="columns">\n${fields.join('\n')}\n</Schema>\n`
		].join(''),
		rows: (places) => places.map((place) => placemark(place, told)).join(''),
		joiner: '',
		tail: '</Document>\n</kml>\n'
	};
}

function placemark(place: Place, told: Told): string {
	const data = flatRow(place, told).flatMap((value, i) =>
		value === null ? [] : [`<SimpleData name="${columns[i]!.name}">${xmlText(String(value))}</SimpleData>`]
	);
	const { name, summary, description } = place.facts;
	const { lon, lat } = place.position;
	const snippet = summary === null ? '' : `<Snippet>${xmlText(summary)}</Snippet>`;
	// Readers that know one `description` only find the same in either.
	const said = description === null ? '' : `<description>${xmlText(description)}</description>`;
	return [
		`<Placemark id="place-${place.id}"><name>${xmlText(name)}</name>${snippet}${said}`,
		`<ExtendedData><SchemaData schemaUrl="#columns">${data.join('')}</SchemaData></ExtendedData>`,
		`<Point><coordinates>${lon},${lat}</coordinates></Point></Placemark>\n`
	].join('');
}
