/** A re-user who follows `changes` and keeps what it saw in a file: `node follower.ts DATA_DIR FILE`. It may be killed at any time. */
import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@supabase/supabase-js';
import { endpointOf } from './send.ts';

const [dataDir = '', file = ''] = process.argv.slice(2);

/** A kill may have cut the last line: it was not seen. */
function lastSeen(): number {
	if (!existsSync(file)) return 0;
	const text = readFileSync(file, 'utf8');
	const whole = text.slice(0, text.lastIndexOf('\n') + 1);
	truncateSync(file, Buffer.byteLength(whole));
	const line = whole.trimEnd().split('\n').at(-1);
	return line ? (JSON.parse(line) as { seq: number }).seq : 0;
}

/** It trusts the numbers: whatever is above the last one is new, and nothing will ever come below it. */
async function look(after: number): Promise<number> {
	const { url, publishable_key } = endpointOf(dataDir);
	const { data, error } = await createClient(url, publishable_key, { auth: { persistSession: false } })
		.from('changes')
		.select('seq, subject, id, version, kind')
		.gt('seq', after)
		.order('seq')
		.limit(200)
		.abortSignal(AbortSignal.timeout(10_000));
	if (error) throw new Error(error.message);
	if (data.length === 0) return after;
	appendFileSync(file, data.map((row) => `${JSON.stringify(row)}\n`).join(''));
	return Number(data.at(-1)!.seq);
}

process.on('disconnect', () => process.exit());
for (let last = lastSeen(); ;) {
	last = await look(last).catch(() => last);
	await sleep(50);
}
