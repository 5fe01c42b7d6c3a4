import { appendFileSync, closeSync, openSync } from 'node:fs';
import { constants, deflateRawSync } from 'node:zlib';
import { Zip, ZipPassThrough } from 'fflate';
import type { Place } from '../../../domain/place.ts';
import type { Dataset } from '../../../domain/taxonomy.ts';
import { colophonLines, colophonOf } from '../colophon.ts';
import { tableColumns, tableRow } from './flat.ts';
import type { Flat, TableColumn } from './flat.ts';
import type { Told } from '../geojson.ts';
import { parts, styles } from './xlsx-parts.ts';
import { xmlText } from '../xml.ts';

/** More in one cell and Excel calls the file damaged. https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3 */
export const mostSigns = 32_767;
const pieceLength = 1 << 18;
/** Days from Excel's zero to 1970; before March 1900 Excel counts a day that never was. */
const epoch = 25_569;
const firstSafeDay = 61;

/**
 * A workbook of two sheets: the places, and « Méthode et limites ». Texts are typed as texts, so that nothing in them runs and no zero is lost; days and
 * instants are Excel's own. Row by row, blocks its thread.
 */
export function writeXlsx(path: string, places: Iterable<Place>, told: Told, dataset: Dataset): void {
	const file = openSync(path, 'wx', 0o600);
	try {
		const zip = new Zip((error, bytes) => {
			if (error) throw error;
			appendFileSync(file, bytes);
		});
		const sheetName = dataset.slug.slice(0, 31);
		for (const [name, xml] of Object.entries(parts(sheetName))) addPart(zip, name, [xml]);
		addPart(zip, 'xl/worksheets/sheet1.xml', placesSheet(places, told));
		addPart(zip, 'xl/worksheets/sheet2.xml', methodSheet(told, dataset));
		zip.end();
	} finally {
		closeSync(file);
	}
}

/** Compressed by zlib, piece by piece, which takes a third of the time. */
class Part extends ZipPassThrough {
	override compression = 8;

	protected override process(piece: Uint8Array<ArrayBuffer>, final: boolean): void {
		const finishFlush = final ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
		this.ondata(null, deflateRawSync(piece, { finishFlush }), final);
	}
}

function addPart(zip: Zip, name: string, pieces: Iterable<string>): void {
	const part = new Part(name);
	// In no zone: the same bytes on every node.
	part.mtime = new Date(1980, 0, 1);
	zip.add(part);
	let text = '';
	for (const piece of pieces) {
		text += piece;
		if (text.length < pieceLength) continue;
		part.push(Buffer.from(text));
		text = '';
	}
	part.push(Buffer.from(text), true);
}

const sheetStart =
	'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">';

function* placesSheet(places: Iterable<Place>, told: Told): Generator<string> {
	yield `${sheetStart}<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`;
	yield `<row r="1">${tableColumns.map(({ name }, i) => textCell(i, 1, name, styles.heading)).join('')}</row>`;
	let row = 1;
	for (const place of places) {
		row++;
		const cells = tableRow(place, told).map((value, i) => cellOf(value, tableColumns[i]!, i, row));
		yield `<row r="${row}">${cells.join('')}</row>`;
	}
	yield '</sheetData></worksheet>';
}

function* methodSheet(told: Told, dataset: Dataset): Generator<string> {
	yield `${sheetStart}<cols><col min="1" max="1" width="28" customWidth="1"/><col min="2" max="2" width="110" customWidth="1"/></cols><sheetData>`;
	for (const [i, [name, text]] of colophonLines(colophonOf(told, dataset)).entries())
		yield `<row r="${i + 1}">${textCell(0, i + 1, name, styles.heading)}${textCell(1, i + 1, text, styles.wrapped)}</row>`;
	yield '</sheetData></worksheet>';
}

function cellOf(value: Flat, { type }: TableColumn, column: number, row: number): string {
	if (value === null || value === '') return '';
	if (typeof value === 'number') return `<c r="${letters(column)}${row}"><v>${value}</v></c>`;
	if (type !== 'date' && type !== 'datetime') return textCell(column, row, value, styles.text);
	const day = Date.parse(value) / 86_400_000 + epoch;
	if (!(day >= firstSafeDay)) return textCell(column, row, value, styles.text);
	return `<c r="${letters(column)}${row}" s="${styles[type]}"><v>${day}</v></c>`;
}

function textCell(column: number, row: number, text: string, style: number): string {
	const said = xmlText(cut(text)).replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
	return `<c r="${letters(column)}${row}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${said}</t></is></c>`;
}

/** With a mark where it was cut, never within a character. */
function cut(text: string): string {
	return text.length <= mostSigns ? text : `${text.slice(0, mostSigns - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A, B, … Z, AA, … */
function letters(column: number): string {
	const last = String.fromCharCode(65 + (column % 26));
	return column < 26 ? last : letters(Math.floor(column / 26) - 1) + last;
}
