import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programs } from './peers.ts';

/** What one round came to. */
export interface Load {
	/** Answers a second. */
	rate: number;
	/** 10⁶ bytes a second, as they came over the wire. */
	megabytes: number;
	/** 95th percentile in milliseconds, until the last byte. */
	p95: number;
}

export interface LoadOptions {
	connections: number;
	seconds: number;
	gzip?: boolean;
}

const run = promisify(execFile);

/** Numbers leave as JSON; `errors.status` counts everything above 399. */
const script = `
local paths, turn = {}, tonumber(os.getenv('FIRST'))
for path in io.lines(os.getenv('PATHS')) do paths[#paths + 1] = path end
function request()
	turn = turn + 1
	return wrk.format(nil, paths[(turn - 1) % #paths + 1])
end
function done(summary, latency)
	local e = summary.errors
	io.write(string.format('\\nRESULT {"answers":%d,"us":%d,"bytes":%d,"failed":%d,"p95":%d}\\n', summary.requests, summary.duration,
		summary.bytes, e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(95)))
end
`;

/**
 * A crowd that asks one server for these paths in turn over connections that stay open, from a process of its own: the same for us and for
 * our peers. Rounds go on where the one before stopped, so that long lists are asked for to their end.
 */
export class Crowd {
	readonly #origin: string;
	readonly #folder = mkdtempSync(join(tmpdir(), 'bench-wrk-'));
	#turn = 0;

	constructor(origin: string, paths: string[]) {
		this.#origin = origin;
		writeFileSync(join(this.#folder, 'paths'), paths.join('\n') + '\n');
		writeFileSync(join(this.#folder, 'ask.lua'), script);
	}

	/** @throws when an answer was none, or an error's */
	async ask({ connections, seconds, gzip = false }: LoadOptions): Promise<Load> {
		const script = join(this.#folder, 'ask.lua');
		const time = ['-d', `${seconds}s`, '--timeout', '60s'];
		const headers = gzip ? ['-H', 'Accept-Encoding: gzip'] : [];
		const env = { ...process.env, PATHS: join(this.#folder, 'paths'), FIRST: String(this.#turn) };
		const { stdout } = await run(
			programs['wrk']!,
			['-t', '1', '-c', String(connections), ...time, ...headers, '-s', script, this.#origin],
			{ env }
		);
		const result = /^RESULT (.*)$/m.exec(stdout)?.[1];
		if (!result) throw new Error(`wrk said: ${stdout}`);
		const { answers, us, bytes, failed, p95 } = JSON.parse(result) as Record<string, number>;
		if (failed! > 0 || answers === 0) throw new Error(`${failed} of ${answers} answers of ${this.#origin} failed: ${stdout}`);
		this.#turn += answers!;
		return { rate: (answers! / us!) * 1e6, megabytes: bytes! / us!, p95: p95! / 1000 };
	}

	close(): void {
		rmSync(this.#folder, { recursive: true, force: true });
	}
}
