import type { Dataset } from '../../../domain/taxonomy.ts';
import { csvColumns } from './csv.ts';
import { tableColumns } from './flat.ts';
import type { TableColumn } from './flat.ts';

type Typed = { type: string; format?: string };

const types: Record<TableColumn['type'], Typed> = {
	string: { type: 'string' },
	integer: { type: 'integer' },
	number: { type: 'number' },
	uri: { type: 'string', format: 'uri' },
	uuid: { type: 'string', format: 'uuid' },
	date: { type: 'date', format: 'default' },
	datetime: { type: 'datetime', format: 'any' },
	list: { type: 'string' },
	json: { type: 'array' }
};
/** Of the nested values these are objects, the others lists. */
const objects = new Set(['assurances', 'extra']);
const limits: Record<string, { minimum: number; maximum?: number }> = {
	lon: { minimum: -180, maximum: 180 },
	lat: { minimum: -90, maximum: 90 },
	version: { minimum: 1 }
};

/** What the CSV file of a dataset holds, for machines: Frictionless Table Schema 1. https://specs.frictionlessdata.io/table-schema/ */
export function tableSchema({ slug, title, description }: Dataset, origin: string) {
	return {
		$schema: 'https://specs.frictionlessdata.io/schemas/table-schema.json',
		name: slug,
		title: title.fr,
		description: description.fr,
		homepage: `${origin}/data/${slug}`,
		path: `${origin}/data/${slug}/schema.json`,
		resources: [{ title: title.fr, path: `${origin}/data/${slug}.csv` }],
		fields: tableColumns.map(fieldOf),
		primaryKey: csvColumns[0],
		missingValues: ['']
	};
}

function fieldOf({ name, type, label, nullable, values }: TableColumn) {
	const typed = type === 'json' && objects.has(name) ? { type: 'object' } : types[type];
	const note = type === 'list' ? ' (words separated by |)' : type === 'json' ? ' (JSON)' : '';
	// A list without a word is an empty text, which a reader of CSV takes for a missing one.
	const required = !nullable && type !== 'list';
	return {
		name,
		title: label.fr,
		description: label.en + note,
		...typed,
		constraints: {
			required,
			...(name === 'id' ? { unique: true } : {}),
			...(values ? { enum: values } : {}),
			...limits[name]
		}
	};
}
