import { CsvError, parse } from 'csv-parse/sync';
import { UnreadableFile } from './table.ts';
import type { Table } from './table.ts';

const separators = [';', ',', '\t', '|'];

/** Enough to see how many columns a separator makes, without parsing a large file four times. */
const sampleLength = 50;

/**
 * Reads CSV whose separator isn't told: the one that gives the most columns, the same number on every line.
 * Cells are trimmed text, null when empty; columns without a name are left out.
 * @throws UnreadableFile
 */
export function readCsv(text: string): Table {
	const delimiter = separatorOf(text);
	const [heading = [], ...lines] = records(text, delimiter);
	const columns = heading.map((name) => name.trim());
	const named = columns.filter((name) => name !== '');
	const twice = named.find((name, i) => named.indexOf(name) !== i);
	if (twice !== undefined) throw new UnreadableFile(`Two columns are named "${twice}".`);
	const rows = lines.map((line, i) => ({
		number: i + 2,
		cells: Object.fromEntries(columns.flatMap((name, at) => (name === '' ? [] : [[name, line[at]?.trim() || null] as const]))),
		geometry: null
	}));
	return { columns: named, rows };
}

function separatorOf(text: string): string {
	const scored = separators.map((delimiter) => ({ delimiter, columns: columnsOf(text, delimiter) }));
	const best = scored.reduce((a, b) => (b.columns > a.columns ? b : a));
	if (best.columns < 2)
		throw new UnreadableFile('This is neither GeoJSON nor a table: no separator gives the same columns on each line.');
	return best.delimiter;
}

/** How many columns a separator gives on nearly every line; 0 when it doesn't. */
function columnsOf(text: string, delimiter: string): number {
	let sample: string[][];
	try {
		sample = records(text, delimiter, sampleLength);
	} catch {
		return 0;
	}
	const width = sample[0]?.length ?? 0;
	const same = sample.filter((line) => line.length === width).length;
	return same >= sample.length * 0.9 ? width : 0;
}

function records(text: string, delimiter: string, to?: number): string[][] {
	try {
		return parse(text, {
			delimiter,
			bom: true,
			relaxColumnCount: true,
			relaxQuotes: true,
			skipEmptyLines: true,
			...(to ? { to } : {})
		});
	} catch (cause) {
		if (cause instanceof CsvError) throw new UnreadableFile(`The table can't be read: ${cause.message}`, { cause });
		throw cause;
	}
}
