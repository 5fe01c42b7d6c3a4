import { UnreadableFile } from './table.ts';
import type { Cell, SourceRow, Table } from './table.ts';

/** The facts that a column may be mapped to, besides `extra.<key>`; `lon` and `lat` together are the position. */
export const mappableFacts = [
	...['name', 'summary', 'description', 'kind', 'category', 'position', 'lon', 'lat', 'precision', 'address', 'postcode', 'city'],
	...['opening_hours', 'booking', 'phone', 'email', 'website', 'wheelchair', 'audience', 'cost', 'languages'],
	...['starts_on', 'ends_on', 'contact_name', 'contact_phone']
] as const;

/** Where a fact comes from: some columns, joined by a space, or the same text for every row. */
export type MappedFrom = { columns: string[] } | { constant: string };
export type Mapping = ReadonlyMap<string, MappedFrom>;

/**
 * Reads `fact=column`, `fact=column+column` (joined by a space) and `fact="text"` (the same for every row).
 * @throws UnreadableFile naming what is unknown and what there is
 */
export function parseMapping(pairs: readonly string[], table: Pick<Table, 'columns'>): Mapping {
	const mapping = new Map<string, MappedFrom>();
	for (const pair of pairs) {
		const [, fact = '', from = ''] = /^([a-z_]+(?:\.[a-z0-9_]+)?)=([^]*)$/.exec(pair) ?? [];
		if (fact === '') throw new UnreadableFile(`--map ${pair}: write fact=column, or fact="text" for the same text on each row.`);
		if (!(mappableFacts as readonly string[]).includes(fact) && !fact.startsWith('extra.')) {
			throw new UnreadableFile(`--map ${pair}: there is no fact "${fact}". Facts: ${mappableFacts.join(', ')}, extra.<key>.`);
		}
		if (mapping.has(fact)) throw new UnreadableFile(`--map ${pair}: "${fact}" is mapped twice.`);
		mapping.set(fact, readFrom(pair, from, table));
	}
	if (!mapping.has('name')) {
		throw new UnreadableFile(`--map name=<column> is needed. Columns: ${table.columns.join(', ')}.`);
	}
	return mapping;
}

function readFrom(pair: string, from: string, { columns }: Pick<Table, 'columns'>): MappedFrom {
	const constant = /^"([^]*)"$/.exec(from)?.[1];
	if (constant !== undefined) return { constant };
	if (columns.includes(from)) return { columns: [from] };
	const several = from.split('+');
	const missing = several.find((column) => !columns.includes(column));
	if (missing === undefined) return { columns: several };
	throw new UnreadableFile(`--map ${pair}: there is no column "${missing}". Columns: ${columns.join(', ')}.`);
}

/** The mapped cell of a row; several columns give their texts joined. */
export function cellOf(row: SourceRow, from: MappedFrom | undefined): Cell {
	if (from === undefined) return null;
	if ('constant' in from) return from.constant;
	if (from.columns.length === 1) return row.cells[from.columns[0] ?? ''] ?? null;
	const texts = from.columns.map((column) => row.cells[column] ?? '').filter((cell) => cell !== '');
	return texts.length > 0 ? texts.join(' ') : null;
}
