import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../node_modules/@redocly/cli/bin/cli.js', import.meta.url));
/** It would tell its makers of each run, and ask them for news. */
const quiet = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

/** The rules of Redocly's recommended set that an OpenAPI document breaks, warnings too. */
export function redoclyOf(document: unknown): string[] {
	const folder = mkdtempSync(join(tmpdir(), 'redocly-'));
	try {
		writeFileSync(join(folder, 'openapi.json'), JSON.stringify(document));
		const args = [program, 'lint', 'openapi.json', '--extends=recommended', '--format=json', '--max-problems=1000'];
		const { stdout, stderr } = spawnSync(process.execPath, args, {
			cwd: folder,
			env: { ...process.env, ...quiet },
			encoding: 'utf8'
		});
		if (!stdout.trim().startsWith('{')) throw new Error(`Redocly gave no answer: ${stderr}`);
		const { problems } = JSON.parse(stdout) as { problems: { ruleId: string }[] };
		return problems.map(({ ruleId }) => ruleId);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
