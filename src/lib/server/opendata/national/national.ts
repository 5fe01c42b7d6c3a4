import type { Place } from '../../../domain/place.ts';
import type { Dataset, Label } from '../../../domain/taxonomy.ts';
import { cell, csvLines } from '../files/csv.ts';
import type { Format } from '../datasets.ts';
import { provenance } from '../geojson.ts';
import type { Told } from '../geojson.ts';
import { dataInclusionServices, dataInclusionStructures } from './data-inclusion.ts';
import { mediationNumerique } from './mediation-numerique.ts';
import { reasons } from './reasons.ts';
import type { Reason } from './reasons.ts';
import type { NationalSchema, NationalSlug, Outcome, Value } from './schema.ts';
import { scdlEquipements } from './scdl-equipements.ts';

/** The schemas in which French portals and aggregators take places. */
export const nationalSchemas: readonly NationalSchema[] = [
	scdlEquipements,
	mediationNumerique,
	dataInclusionStructures,
	dataInclusionServices
];

/** What a schema's file is offered as: itself, and who is not in it and why. */
export const report = 'report.json';

/** `scdl-equipements.csv`, `scdl-equipements.report.json`; null for what is none of them. */
export function nationalFile(slug: string, extension: string): { schema: NationalSchema; format: NationalFormat } | null {
	const schema = nationalSchemas.find((each) => each.slug === slug);
	const format = `${slug}.${extension}`;
	return schema && isNational(format) ? { schema, format } : null;
}

/** The places that a schema is about: of all under the territory's licence. */
export function datasetOfSchema({ slug, title }: NationalSchema, licence: string): Dataset {
	return { slug, title, description: { fr: '', en: '' }, licence, sort: 0 };
}

/** The name of a file. */
export type NationalFormat = `${NationalSlug}.${NationalSchema['extension'] | typeof report}`;

export function isNational(name: string): name is NationalFormat {
	return Object.hasOwn(nationalFormats, name);
}

/** By the name of the file: written as other formats are, see `../files/make.ts`. */
export const nationalFormats: Readonly<Record<NationalFormat, Format>> = Object.fromEntries(
	nationalSchemas.flatMap((schema): [string, Format][] => {
		const { slug, extension } = schema;
		const csv = extension === 'csv';
		const file: Format = {
			mediaType: csv ? 'text/csv; charset=utf-8; header=present' : 'application/json',
			label: csv ? 'CSV' : 'JSON',
			compressible: true,
			text: (places, told) => (csv ? csvText(schema, places, told) : jsonText(schema, places, told))
		};
		const why: Format = {
			mediaType: 'application/json',
			label: 'JSON',
			compressible: true,
			text: (places, told, dataset) => reportText(schema, places, told, dataset.licence)
		};
		return [
			[`${slug}.${extension}`, file],
			[`${slug}.${report}`, why]
		];
	})
) as Record<NationalFormat, Format>;

/** What becomes of each place that a schema is about, and of which place it tells. */
export function* outcomesOf(schema: NationalSchema, places: Iterable<Place>, told: Told): Generator<[Place, Outcome]> {
	if (!told.register) throw new Error('Files of national schemas need the register of organisations.');
	const read = schema.reader({ told, register: told.register });
	for (const place of places) for (const outcome of read(place)) yield [place, outcome];
}

function* rowsOf(schema: NationalSchema, places: Iterable<Place>, told: Told): Generator<Record<string, Value>> {
	for (const [, outcome] of outcomesOf(schema, places, told)) if ('row' in outcome) yield outcome.row;
}

/** Commas, CRLF, lists between `|`: what Validata reads. */
function csvText(schema: NationalSchema, places: Iterable<Place>, told: Told): Generator<string> {
	const cells = function* () {
		yield [...schema.fields];
		for (const row of rowsOf(schema, places, told)) yield schema.fields.map((field) => cell(row[field]));
	};
	return csvLines(cells());
}

/** An array, one object to a line, with every field of the schema. */
function* jsonText(schema: NationalSchema, places: Iterable<Place>, told: Told): Generator<string> {
	let separator = '[\n';
	for (const row of rowsOf(schema, places, told)) {
		yield separator + JSON.stringify(Object.fromEntries(schema.fields.map((field) => [field, row[field] ?? null])));
		separator = ',\n';
	}
	yield separator === '[\n' ? '[]\n' : '\n]\n';
}

/** How many rows there are, and which places have none and why, so that those who keep them can mend it. */
function* reportText(schema: NationalSchema, places: Iterable<Place>, told: Told, licence: string): Generator<string> {
	const { slug, extension, title, version, conformsTo } = schema;
	const head = {
		...{ title, version, conforms_to: conformsTo, file: `${told.origin}/data/${slug}.${extension}` },
		...provenance(told, licence)
	};
	yield `${JSON.stringify(head).slice(0, -1)},"left_out":[`;
	const counted = new Map<Reason, number>();
	let rows = 0;
	let left = 0;
	for (const [place, outcome] of outcomesOf(schema, places, told)) {
		if ('row' in outcome) {
			rows++;
			continue;
		}
		for (const reason of outcome.reasons) counted.set(reason, (counted.get(reason) ?? 0) + 1);
		const entry = { id: outcome.id, place: place.id, name: place.facts.name, reasons: outcome.reasons };
		yield `${left++ === 0 ? '' : ','}\n${JSON.stringify(entry)}`;
	}
	const why = Object.fromEntries(
		[...counted].sort(([, a], [, b]) => b - a).map(([reason, count]) => [reason, { count, ...reasons[reason] }])
	);
	yield `\n],"counts":${JSON.stringify({ rows, left_out: left })},"reasons":${JSON.stringify(why)}}\n`;
}

/** Where the files are, as what, and of which schema (`dct:conformsTo`): for pages and catalogues. */
export function nationalFiles(): {
	slug: NationalSlug;
	title: Label;
	version: string;
	conformsTo: string;
	extension: NationalSchema['extension'];
	file: string;
	report: string;
}[] {
	return nationalSchemas.map(({ slug, title, version, conformsTo, extension }) => ({
		...{ slug, title, version, conformsTo, extension },
		file: `/data/${slug}.${extension}`,
		report: `/data/${slug}.${report}`
	}));
}
