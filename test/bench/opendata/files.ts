import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { columns } from '../../../src/lib/server/opendata/columns.ts';
import type { Figure } from '../figures.ts';
import { compare } from './compare.ts';
import type { PeerDatabase } from './database.ts';
import { copyOut } from './database.ts';
import type { Feed } from './feed.ts';
import { changed } from './feed.ts';
import type { Nginx } from './nginx.ts';
import { programs } from './peers.ts';
import type { Town } from './town.ts';
import { Crowd } from './wrk.ts';

const path = '/data/places.geojson';
/** As many as a harvest has at once, each of which takes all it can get. */
const connections = 4;

/** Nothing changes, everybody takes the whole: bytes a second. */
export async function fileKept(town: Town, nginx: Nginx): Promise<Figure[]> {
	const { status, encoding, bytes } = await town.read(path, { gzip: true });
	if (status !== 200 || encoding !== 'gzip') throw new Error(`${path} answered ${status}, encoding ${encoding}`);
	nginx.put(`${path}.gz`, bytes);
	const [ours, theirs] = [new Crowd(town.url, [path]), new Crowd(nginx.url, [path])];
	const rate = (crowd: Crowd) => async (seconds: number) => (await crowd.ask({ connections, seconds, gzip: true })).megabytes;
	try {
		return await compare({
			name: `places.geojson of ${(bytes.length / 1e6).toFixed(1)} MB, unchanged`,
			unit: 'MB/s',
			ours: rate(ours),
			peers: [{ of: 'nginx', measure: rate(theirs), least: 0.7 }]
		});
	} finally {
		ours.close();
		theirs.close();
	}
}

/**
 * From a change until somebody has received the whole file with it. Each side writes its file once: the application the one that it keeps and gives
 * to everybody, the peers theirs.
 */
export async function fileAnew(town: Town, feed: Feed, peer: PeerDatabase, dir: string): Promise<Figure[]> {
	const [ogr, copy] = [join(dir, 'ogr.geojson'), join(dir, 'copy.geojsonl')];
	const connection = `host=${peer.host} port=${peer.port} dbname=peer user=postgres`;
	const names = columns.map(({ name }) => name).join(', ');
	// Its quickest way.
	const select = `select st_asgeojson(p.*, 'geom', 7) from places as p order by id`;
	let [rest, received] = [0, 0];
	const figures = await compare({
		name: 'places.geojson made anew',
		unit: 'ms',
		ours: async () => {
			// Who makes large files rests between two of them.
			await sleep(rest);
			await changed(feed, town.url);
			rest = await timed(async () => {
				await untilNew(town, feed.seq);
				received = await town.count(path);
			});
			return rest;
		},
		peers: [
			{
				of: 'ogr2ogr',
				aim: 1,
				measure: () =>
					timed(() => {
						rmSync(ogr, { force: true });
						const select = ['-sql', `select ${names}, geom from places`];
						return run(programs['ogr2ogr']!, ['-f', 'GeoJSON', ogr, `PG:${connection}`, ...select, '-nln', 'places']);
					})
			},
			{
				of: 'copy (select json …)',
				aim: 1.5,
				measure: () => timed(() => run(programs['psql']!, ['-qX', connection, '-c', copyOut(select)], copy))
			}
		]
	});
	const sizes = [received, ...[ogr, copy].map((file) => statSync(file).size)].map((bytes) => Math.round(bytes / 1e6));
	figures[0]!.remarks = [`written: ${sizes[0]} MB by us, ${sizes[1]} MB by ogr2ogr, ${sizes[2]} MB by psql; none compressed`];
	for (const file of [ogr, copy]) rmSync(file, { force: true });
	return figures;
}

/** An application may answer with the edition before until the next one is made. */
async function untilNew(town: Town, seq: number): Promise<void> {
	const deadline = Date.now() + 120_000;
	for (;;) {
		if ((await seqOfFile(town)) >= seq) return;
		if (Date.now() > deadline) throw new Error(`${path} never came to ${seq}`);
		await sleep(20);
	}
}

/** The sequence number that the file says it has. */
export async function seqOfFile(town: Town): Promise<number> {
	const { bytes } = await town.read(path, { first: 8192 });
	return Number(/"seq":(\d+)/.exec(bytes.toString())?.[1] ?? NaN);
}

async function timed(work: () => Promise<void>): Promise<number> {
	const started = performance.now();
	await work();
	return performance.now() - started;
}

function run(program: string, args: string[], into?: string): Promise<void> {
	const output = into === undefined ? null : openSync(into, 'w');
	return new Promise<void>((resolve, reject) => {
		const child = spawn(program, args, { stdio: ['ignore', output ?? 'ignore', 'inherit'] });
		child.once('error', reject);
		child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`))));
	}).finally(() => output !== null && closeSync(output));
}
