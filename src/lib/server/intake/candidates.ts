import { createHash } from 'node:crypto';
import type { ExtraFact } from '../../domain/taxonomy.ts';
import { cellOf } from './mapping.ts';
import type { Mapping } from './mapping.ts';
import { positionOf } from './position.ts';
import type { SourceRow, Table } from './table.ts';
import { slugOf, tidy } from './text.ts';
import { readValue } from './values.ts';

/** A row that may become a place. The database has the last word. */
export interface Candidate {
	number: number;
	/** What ties the row to its place for ever: the same at the next import. */
	sourceId: string;
	facts: Record<string, unknown>;
}

/** What is said about a row to the person who imports. */
export interface Remark {
	number: number;
	name: string;
	reason: string;
}

export interface Candidates {
	candidates: Candidate[];
	refused: Remark[];
	/** Cells left out of rows that were taken. */
	remarks: Remark[];
}

export interface CandidateOptions {
	mapping: Mapping;
	/** Facts that every row gets unless its own columns say otherwise: category, steward… */
	defaults: Record<string, unknown>;
	/** Columns whose values together never change and are no other row's; without them, name and address identify a row. */
	idColumns: string[] | null;
	/** Of the category, by key. */
	extraFacts: Record<string, ExtraFact>;
}

/** Judges each row of a table: a candidate, or refused with a reason. */
export function toCandidates(table: Table, options: CandidateOptions): Candidates {
	const result: Candidates = { candidates: [], refused: [], remarks: [] };
	const seen = new Map<string, number>();
	for (const row of table.rows) {
		const name = tidy(String(cellOf(row, options.mapping.get('name')) ?? ''));
		const refuse = (reason: string) => result.refused.push({ number: row.number, name, reason });
		const reason = refusal(row, name, options.mapping);
		if (reason !== null) {
			refuse(reason);
			continue;
		}
		const placed = positionOf(row, options.mapping);
		if ('refusal' in placed) {
			refuse(placed.refusal);
			continue;
		}
		const sourceId = sourceIdOf(row, name, options);
		const first = seen.get(sourceId);
		const identity = options.idColumns?.join(' + ') ?? 'name and address';
		if (sourceId === '' || first !== undefined) {
			refuse(
				sourceId === ''
					? `it has nothing in ${identity}`
					: `row ${first} has the same ${identity}: --id names columns that tell them apart`
			);
			continue;
		}
		seen.set(sourceId, row.number);
		const facts = { ...options.defaults, ...readFacts(row, name, options, result.remarks), name, position: placed.position };
		result.candidates.push({ number: row.number, sourceId, facts });
	}
	return result;
}

function refusal(row: SourceRow, name: string, mapping: Mapping): string | null {
	if (name === '') return 'it has no name';
	return isLegend(row, mapping) ? 'it has a name and nothing else: a line of a legend or a heading' : null;
}

/** Files end with legends, totals, lists of communes: where facts of a place would be, there is nothing. */
function isLegend(row: SourceRow, mapping: Mapping): boolean {
	const others = [...mapping].filter(
		([fact, from]) => !['name', 'position', 'lon', 'lat', 'category', 'kind'].includes(fact) && 'columns' in from
	);
	return others.length > 1 && others.every(([, from]) => (cellOf(row, from) ?? '') === '');
}

function readFacts(
	row: SourceRow,
	name: string,
	{ mapping, extraFacts }: CandidateOptions,
	remarks: Remark[]
): Record<string, unknown> {
	const facts: Record<string, unknown> = {};
	for (const [fact, from] of mapping) {
		if (['name', 'position', 'lon', 'lat'].includes(fact)) continue;
		const read = readValue(fact, cellOf(row, from), extraFacts[fact.slice('extra.'.length)]);
		if (read === null) continue;
		if ('value' in read) facts[fact] = read.value;
		else remarks.push({ number: row.number, name, reason: `${fact} left out: ${read.problem}` });
	}
	return facts;
}

/** Without an id, name and address: spelling may change (case, accents, spaces) without making another place. */
function sourceIdOf(row: SourceRow, name: string, { mapping, idColumns }: CandidateOptions): string {
	if (idColumns !== null) {
		const values = idColumns.map((column) => tidy(String(row.cells[column] ?? '')));
		const id = values.some((value) => value !== '') ? values.join('|') : '';
		return id.length <= 200 ? id : digest(id);
	}
	const parts = ['address', 'postcode', 'city'].map((fact) => String(cellOf(row, mapping.get(fact)) ?? ''));
	const key = [name, ...parts].map(slugLong).join('|');
	return digest(key);
}

function digest(text: string): string {
	return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** `slugOf` is cut at 60 characters: an address needs them all. */
function slugLong(text: string): string {
	return text.split(/\s+/).map(slugOf).join('-');
}
