/** A process that asks PostgreSQL through a driver, over connections that stay open and with prepared statements: no server between. */
import postgres from 'postgres';
import type { SqlRound, SqlWork } from './sql.ts';

const work = JSON.parse(process.argv[2]!) as Pick<SqlWork, 'url' | 'connections'>;
const sql = postgres(work.url, { max: work.connections, onnotice: () => {} });

process.on('message', async ({ asked, first, seconds }: SqlRound) => {
	const end = performance.now() + seconds * 1000;
	const started = performance.now();
	let turn = first;
	const person = async () => {
		while (performance.now() < end) {
			const [text, ...values] = asked[turn++ % asked.length]!;
			await sql.unsafe(text, values, { prepare: true });
		}
	};
	await Promise.all(Array.from({ length: work.connections }, person));
	process.send!({ answers: turn - first, seconds: (performance.now() - started) / 1000 });
});
process.on('disconnect', () => process.exit(0));
