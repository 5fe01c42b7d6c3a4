import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import type { Client } from '../../lib/server/db/call.ts';
import { readReference } from '../../lib/server/db/intake.ts';
import type { ImportBatch } from '../../lib/server/db/intake.ts';
import { toCandidates } from '../../lib/server/intake/candidates.ts';
import type { Candidates } from '../../lib/server/intake/candidates.ts';
import { parseMapping } from '../../lib/server/intake/mapping.ts';
import { readTable } from '../../lib/server/intake/table.ts';
import { slugOf } from '../../lib/server/intake/text.ts';
import { CommandError, withConnection } from './connect.ts';
import { progress, say, sayCounts, sayRows } from './report.ts';
import { sendPlaces } from './send-places.ts';
import type { Sent } from './send-places.ts';

interface Options {
	category: string;
	map: string[];
	id?: string;
	organisation?: string;
	organisationName?: string;
	licence?: string;
	source?: string;
	sourceName?: string;
	sourceUrl?: string;
	as?: string;
	seenOn?: string;
	dryRun?: boolean;
}

export function addImportPlaces(to: Command): void {
	to.command('places')
		.description('Import the rows of a file (GeoJSON or CSV) as proposals of a named source; the same file again changes nothing')
		.argument('<file>', 'a GeoJSON or CSV file, in UTF-8 or windows-1252')
		.requiredOption('--category <slug>', 'the category of its places')
		.requiredOption(
			'--map <fact=column>',
			'where a fact comes from; again for each; fact=a+b joins columns, fact="text" is the same for each row',
			collect,
			[]
		)
		.option('--id <column>', 'the column (or a+b) that identifies a row for ever; without it, name and address do')
		.option('--organisation <slug>', 'the organisation that answers for the places')
		.option('--organisation-name <text>', 'makes the organisation, a public service, if it is not there')
		.option('--licence <spdx>', 'the licence of the file, for example etalab-2.0')
		.option('--source <slug>', 'the source under which rows are known; without it, the name of the file')
		.option('--source-name <text>', 'how the source is called on pages')
		.option('--source-url <address>', 'where the file comes from')
		.option('--as <email>', 'accept the rows in the name of this coordinator; without it they wait for a moderator')
		.option(
			'--seen-on <day>',
			'the day (YYYY-MM-DD) on which the source vouched for its rows; without it the import vouches for nothing'
		)
		.option('--dry-run', 'try everything, change nothing')
		.addHelpText('after', examples)
		.action((file: string, options: Options) => withConnection(({ service }) => run(service, file, options)));
}

const examples = `
Example:
  npm run admin -- import places creches.geojson --category creche --map name=DESIGNATION --map address=ADRESSE \\
    --map 'postcode=Code postal' --map city=COMMUNE --licence etalab-2.0 --as coordinatrice@alentour.example --dry-run`;

const collect = (value: string, before: string[]) => [...before, value];

async function run(service: Client, file: string, options: Options): Promise<void> {
	const table = readTable(await readFile(file));
	const mapping = parseMapping(options.map, table);
	const idColumns = options.id === undefined ? null : columnsOf(options.id, table.columns);
	const { categories, organisations } = await readReference(service);
	const category = known('category', options.category, categories);
	if (options.organisation !== undefined && options.organisationName === undefined)
		known('organisation', options.organisation, organisations);
	if (options.seenOn !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(options.seenOn))
		throw new CommandError('--seen-on is a day, YYYY-MM-DD.');
	const steward = organisationOf(options)?.slug ?? options.organisation;
	const defaults = {
		category: category.slug,
		kind: category.default_kind,
		...(steward ? { steward } : {})
	};
	const judged = toCandidates(table, { mapping, defaults, idColumns, extraFacts: category.extra_facts });
	const how = {
		source: sourceOf(file, options),
		organisation: organisationOf(options),
		as: options.as ?? null,
		dryRun: options.dryRun === true,
		seenOn: options.seenOn ?? null
	};
	const bar = progress(how.dryRun ? 'Trying' : 'Rows', judged.candidates.length);
	const sent = await sendPlaces(service, judged.candidates, how, bar.advance).finally(bar.stop);
	report(judged, sent, options);
	if (judged.refused.length + sent.refused.length === table.rows.length) process.exitCode = 1;
}

function organisationOf({ organisation, organisationName }: Options): ImportBatch['organisation'] {
	if (organisationName === undefined) return null;
	return { slug: organisation ?? slugOf(organisationName), name: organisationName };
}

function columnsOf(id: string, columns: string[]): string[] {
	const wanted = columns.includes(id) ? [id] : id.split('+');
	const missing = wanted.find((column) => !columns.includes(column));
	if (missing !== undefined)
		throw new CommandError(`--id ${id}: there is no column "${missing}". Columns: ${columns.join(', ')}.`);
	return wanted;
}

function known<T extends { slug: string }>(what: string, slug: string, all: T[]): T {
	const found = all.find((one) => one.slug === slug);
	if (found) return found;
	const there = all.map((one) => one.slug).join(', ');
	throw new CommandError(
		`--${what} ${slug}: there is no such ${what}. There ${there === '' ? 'is none yet.' : `are: ${there}.`}`
	);
}

function sourceOf(file: string, { source, sourceName, sourceUrl, licence }: Options): ImportBatch['source'] {
	const stem = basename(file, extname(file));
	return { slug: source ?? slugOf(stem), name: sourceName ?? source ?? stem, licence: licence ?? null, url: sourceUrl ?? null };
}

function report(judged: Candidates, sent: Sent, { dryRun }: Options): void {
	const refused = [...judged.refused, ...sent.refused];
	sayRows('Refused:', refused);
	sayRows('Taken without a fact:', [...judged.remarks, ...sent.remarks]);
	const counts: Record<string, number> = { created: 0, updated: 0, unchanged: 0, pending: 0, conflict: 0 };
	for (const { outcome } of sent.answers) if (outcome !== 'refused') counts[outcome] = (counts[outcome] ?? 0) + 1;
	sayCounts({ ...counts, refused: refused.length });
	if (dryRun) say('This was a dry run: nothing was changed.');
}
