import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @param {Counts[]} all @returns {Counts} */
export function sum(all) {
	const total = { passed: 0, failed: 0, skipped: 0 };
	for (const { passed, failed, skipped } of all) {
		total.passed += passed;
		total.failed += failed;
		total.skipped += skipped;
	}
	return total;
}

/** A tool without cases, such as the linter, is one test. @param {number} code @returns {Counts} */
export const oneCount = (code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });

/**
 * What a runner's report says; a run that failed without a failed test (a file that doesn't load, no report at all) counts one failure.
 * @param {string} file @param {number} code the runner's exit code @param {(report: any) => Counts} read
 * @returns {Counts}
 */
function counted(file, code, read) {
	const counts = existsSync(file) ? read(JSON.parse(readFileSync(file, 'utf8'))) : { passed: 0, failed: 0, skipped: 0 };
	if (code !== 0 && counts.failed === 0) counts.failed = 1;
	return counts;
}

/** @param {string} file @param {number} code */
export const vitestCounts = (file, code) =>
	counted(file, code, ({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }) => {
		/** @type {{ status: string, assertionResults: unknown[] }[]} */
		const files = testResults;
		const unloaded = files.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0).length;
		return { passed: numPassedTests, failed: numFailedTests + unloaded, skipped: numPendingTests + numTodoTests };
	});

/** @param {string} file @param {number} code */
export const playwrightCounts = (file, code) =>
	counted(file, code, ({ stats, errors }) => ({
		passed: stats.expected,
		failed: stats.unexpected + stats.flaky + errors.length,
		skipped: stats.skipped
	}));
