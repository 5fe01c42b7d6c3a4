import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { chromiumLaunch } from '../../support/browser.ts';

/**
 * Fetched from the registry when the bench runs, into npm's own cache (Apache-2.0): a quarter of what an install weighs, for somebody who
 * runs its tests only, would be too much.
 */
const pinned = 'lighthouse@13.5.0';
export const columns = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
export type Column = (typeof columns)[number];

const report = z.object({
	categories: z.partialRecord(
		z.enum(columns),
		z.object({ score: z.number().nullable(), auditRefs: z.array(z.object({ id: z.string(), weight: z.number() })) })
	),
	audits: z.record(
		z.string(),
		z.object({
			title: z.string(),
			score: z.number().nullable(),
			displayValue: z.string().optional(),
			numericValue: z.number().optional()
		})
	),
	runtimeError: z.object({ message: z.string() }).optional()
});

export interface Judgement {
	/** Points of 100. */
	points: Record<Column, number>;
	/** What cost points, one line each, by column. */
	remarks: Record<Column, string[]>;
	/** Milliseconds until the largest paint, as simulated for a slow telephone. */
	largestPaint: number;
}

const run = promisify(execFile);

/** One run of Lighthouse for telephones over an address, with the browser of the tests. @param folder where its report is left */
export async function lighthouse(address: string, folder: string): Promise<Judgement> {
	const { args, executablePath } = chromiumLaunch();
	const output = join(folder, 'lighthouse.json');
	const flags = ['--headless=new', ...args].join(' ');
	const options = [
		`--chrome-flags=${flags}`,
		'--output=json',
		`--output-path=${output}`,
		'--quiet',
		`--only-categories=${columns.join()}`
	];
	await run('npm', ['exec', '--yes', `--package=${pinned}`, '--', 'lighthouse', address, ...options], {
		env: { ...process.env, ...(executablePath ? { CHROME_PATH: executablePath } : {}) },
		maxBuffer: 1 << 26
	});
	const { categories, audits, runtimeError } = report.parse(JSON.parse(await readFile(output, 'utf8')));
	if (runtimeError) throw new Error(`${address}: ${runtimeError.message}`);
	const each = <Value>(of: (column: Column) => Value) =>
		Object.fromEntries(columns.map((column) => [column, of(column)])) as Record<Column, Value>;
	const failed = (column: Column) =>
		(categories[column]?.auditRefs ?? []).flatMap(({ id, weight }) => {
			const { score = null, title = id, displayValue = '' } = audits[id] ?? {};
			return weight > 0 && score !== null && score < 0.9 ? [`${id}: ${title} ${displayValue}`.trim()] : [];
		});
	return {
		points: each((column) => (categories[column]?.score ?? 0) * 100),
		remarks: each(failed),
		largestPaint: audits['largest-contentful-paint']?.numericValue ?? NaN
	};
}
