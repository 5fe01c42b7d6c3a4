import type { MultiPolygon, Polygon } from 'geojson';
import type { AreaLevel } from '../../domain/taxonomy.ts';
import type { Remark } from './candidates.ts';
import type { SourceRow, Table } from './table.ts';
import { UnreadableFile } from './table.ts';
import { slugOf, tidy } from './text.ts';

export interface AreaCandidate {
	number: number;
	slug: string;
	name: string;
	level: AreaLevel;
	parent: string | null;
	code: string | null;
	geometry: Polygon | MultiPolygon;
}

/** The areas that are there already. */
export type KnownArea = Pick<AreaCandidate, 'slug' | 'name' | 'level'>;

export interface AreaOptions {
	level: AreaLevel;
	nameField: string;
	/** The column with the name of the area above (for a quartier, its commune). */
	parentField: string | null;
	codeField: string | null;
	known: readonly KnownArea[];
}

export interface AreaCandidates {
	areas: AreaCandidate[];
	refused: Remark[];
	/** Names of areas above that are not there: the areas are taken without them. */
	orphans: string[];
}

const above: Record<AreaLevel, AreaLevel | null> = { commune: null, quartier: 'commune', micro_quartier: 'quartier' };

/**
 * Judges each feature of a file of areas. The same name exists in several communes: a slug is `commune-quartier`.
 * @throws UnreadableFile when a field isn't a column
 */
export function toAreas(table: Table, options: AreaOptions): AreaCandidates {
	for (const field of [options.nameField, options.parentField, options.codeField]) {
		if (field !== null && !table.columns.includes(field)) {
			throw new UnreadableFile(`There is no column "${field}". Columns: ${table.columns.join(', ')}.`);
		}
	}
	const result: AreaCandidates = { areas: [], refused: [], orphans: [] };
	for (const row of table.rows) {
		const judged = judge(row, options, result);
		if ('reason' in judged) result.refused.push(judged);
		else result.areas.push(judged);
	}
	return { ...result, orphans: [...new Set(result.orphans)].sort() };
}

function judge(row: SourceRow, options: AreaOptions, { areas, orphans }: AreaCandidates): AreaCandidate | Remark {
	const name = tidy(String(row.cells[options.nameField] ?? ''));
	const refuse = (reason: string) => ({ number: row.number, name, reason });
	if (name === '') return refuse('it has no name');
	if (!row.geometry) return refuse('it has no geometry');
	if (row.geometry.type !== 'Polygon' && row.geometry.type !== 'MultiPolygon')
		return refuse(`its geometry is a ${row.geometry.type}, not a polygon`);
	if (!inDegrees(row.geometry)) return refuse('its coordinates are not in degrees: export the file again in WGS 84 (EPSG:4326)');
	const parentName = options.parentField === null ? '' : tidy(String(row.cells[options.parentField] ?? ''));
	const parent = parentName === '' ? null : findParent(parentName, options);
	if (parentName !== '' && parent === null) orphans.push(parentName);
	const slug = slugOf(parentName === '' ? name : `${parent ?? parentName} ${name}`);
	if (slug === '') return refuse('its name has no letter or digit');
	const twin = areas.find((area) => area.slug === slug);
	if (twin) return refuse(`row ${twin.number} has the same name${parentName === '' ? '' : ` in ${parentName}`}`);
	const code = options.codeField === null ? null : codeOf(row.cells[options.codeField]);
	return { number: row.number, slug, name, level: options.level, parent, code, geometry: row.geometry };
}

function findParent(name: string, { level, known }: AreaOptions): string | null {
	const wanted = slugOf(name);
	const matches = known.filter((area) => area.level === above[level] && (area.slug === wanted || slugOf(area.name) === wanted));
	return matches.length === 1 ? (matches[0]?.slug ?? null) : null;
}

function codeOf(cell: unknown): string | null {
	return cell === null || cell === undefined || cell === '' ? null : tidy(String(cell)).slice(0, 20);
}

function inDegrees(geometry: Polygon | MultiPolygon): boolean {
	const points = geometry.type === 'Polygon' ? geometry.coordinates.flat() : geometry.coordinates.flat(2);
	return points.length > 0 && points.every(([lon, lat]) => Math.abs(Number(lon)) <= 180 && Math.abs(Number(lat)) <= 90);
}
