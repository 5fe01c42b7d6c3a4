import { readFile } from 'node:fs/promises';
import { Option } from 'commander';
import type { Command } from 'commander';
import type { AreaLevel } from '../../lib/domain/taxonomy.ts';
import { importAreas, readReference } from '../../lib/server/db/intake.ts';
import type { Client } from '../../lib/server/db/call.ts';
import { toAreas } from '../../lib/server/intake/areas.ts';
import type { AreaCandidate, AreaCandidates } from '../../lib/server/intake/areas.ts';
import { readTable } from '../../lib/server/intake/table.ts';
import { withConnection } from './connect.ts';
import { progress, say, sayCounts, sayRows } from './report.ts';
import type { Line } from './report.ts';

interface Options {
	level: AreaLevel;
	nameField: string;
	parentField?: string;
	codeField?: string;
	dryRun?: boolean;
}

/** Requests are bounded to 1 MB, and an outline may weigh half of that. */
const batchBytes = 700_000;

export function addImportAreas(to: Command): void {
	to.command('areas')
		.description('Import outlines (GeoJSON polygons) as communes, quartiers or micro-quartiers; again to renew them')
		.argument('<file>', 'a GeoJSON file')
		.addOption(new Option('--level <level>').choices(['commune', 'quartier', 'micro_quartier']).makeOptionMandatory())
		.requiredOption('--name-field <column>', 'the property with the name')
		.option('--parent-field <column>', 'the property with the name of the area above, which tells same names apart')
		.option('--code-field <column>', 'the property with an official code')
		.option('--dry-run', 'say what would happen, change nothing')
		.addHelpText(
			'after',
			'\nExample:\n  npm run admin -- import areas quartiers.geojson --level quartier --name-field nom --parent-field libcom'
		)
		.action((file: string, options: Options) => withConnection(({ service }) => run(service, file, options)));
}

async function run(service: Client, file: string, options: Options): Promise<void> {
	const table = readTable(await readFile(file));
	const judged = toAreas(table, {
		level: options.level,
		nameField: options.nameField,
		parentField: options.parentField ?? null,
		codeField: options.codeField ?? null,
		known: (await readReference(service)).areas
	});
	const refused: Line[] = [...judged.refused];
	const counts: Record<string, number> = { created: 0, updated: 0 };
	if (options.dryRun) counts['would be imported'] = judged.areas.length;
	else await save(service, judged.areas, counts, refused);
	sayRows('Refused:', refused);
	warnOrphans(judged);
	sayCounts({ ...counts, refused: refused.length });
	if (refused.length === table.rows.length) process.exitCode = 1;
}

async function save(service: Client, areas: AreaCandidate[], counts: Record<string, number>, refused: Line[]): Promise<void> {
	const bar = progress('Areas', areas.length);
	for (const batch of batches(areas)) {
		const answers = await importAreas(
			service,
			batch.map(({ number: _, ...area }) => area)
		);
		answers.forEach(({ outcome, message }, i) => {
			const area = batch[i];
			if (outcome === 'refused' && area) refused.push({ number: area.number, name: area.name, reason: message ?? 'refused' });
			else counts[outcome] = (counts[outcome] ?? 0) + 1;
		});
		bar.advance(batch.length);
	}
	bar.stop();
}

function batches(areas: AreaCandidate[]): AreaCandidate[][] {
	const result: AreaCandidate[][] = [];
	let bytes = Infinity;
	for (const area of areas) {
		const size = JSON.stringify(area).length;
		if (bytes + size > batchBytes || (result.at(-1)?.length ?? 0) >= 200) {
			result.push([]);
			bytes = 0;
		}
		result.at(-1)?.push(area);
		bytes += size;
	}
	return result;
}

function warnOrphans({ orphans }: AreaCandidates): void {
	if (orphans.length === 0) return;
	say(`\nThese areas above are not on the map, so the imported ones stand alone: ${orphans.join(', ')}.`);
	say('Import them, then import this file again to nest it.');
}
