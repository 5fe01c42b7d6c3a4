import { existsSync } from 'node:fs';
import { parseConfig } from './config.ts';
import type { Config } from './config.ts';

/** A wrong environment: one sentence per variable, for the person at the terminal. */
export class EnvironmentError extends Error {
	override name = 'EnvironmentError';
	readonly sentences: readonly string[];

	constructor(sentences: readonly string[]) {
		super(sentences.join('\n'));
		this.sentences = sentences;
	}
}

let judged: Config | undefined;

/**
 * The configuration of this process: its environment, completed by a file `.env` beside package.json.
 * @throws EnvironmentError, which happens at start or never
 */
export function config(): Config {
	if (judged) return judged;
	if (existsSync('.env')) process.loadEnvFile('.env');
	const result = parseConfig(process.env);
	if ('errors' in result) throw new EnvironmentError(result.errors);
	return (judged = result.config);
}
