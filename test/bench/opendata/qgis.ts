import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../support/processes.ts';
import type { PeerDatabase } from './database.ts';
import { programs } from './peers.ts';

export interface Qgis {
	/** Of its processes, for nginx. */
	sockets: string[];
	stop(): Promise<void>;
}

/** QGIS Server as its handbook has it run behind nginx: FastCGI by spawn-fcgi, one process for each processor. */
export async function startQgis({ host, port }: PeerDatabase, processes = 2): Promise<Qgis> {
	const folder = mkdtempSync(join(tmpdir(), 'bench-qgis-'));
	const project = join(folder, 'places.qgz');
	const env = { ...process.env, QT_QPA_PLATFORM: 'offscreen', HOME: folder, XDG_RUNTIME_DIR: folder };
	const make = [join(import.meta.dirname, 'qgis-project.py'), host, String(port), project];
	execFileSync('/usr/bin/python3', make, { env, stdio: ['ignore', 'ignore', 'inherit'] });
	const served = {
		...env,
		QGIS_PROJECT_FILE: project,
		QGIS_SERVER_API_WFS3_MAX_LIMIT: '10000',
		QGIS_SERVER_TRUST_LAYER_METADATA: '1',
		QGIS_SERVER_LOG_LEVEL: '2',
		QGIS_SERVER_LOG_STDERR: '0'
	};
	const sockets = Array.from({ length: processes }, (_, i) => join(folder, `${i}.sock`));
	const children = sockets.map((socket) =>
		spawn(programs['spawn-fcgi']!, ['-n', '-s', socket, '-M', '0666', '--', programs['QGIS Server']!], {
			env: served,
			stdio: 'ignore'
		})
	);
	const killed = () => children.forEach((child) => child.kill('SIGKILL'));
	process.once('exit', killed);
	await until('QGIS Server listens', () => sockets.every((socket) => existsSync(socket)));
	return {
		sockets,
		async stop() {
			process.off('exit', killed);
			const exits = children.map((child) => new Promise((resolve) => child.once('exit', resolve)));
			killed();
			await Promise.all(exits);
			rmSync(folder, { recursive: true, force: true });
		}
	};
}
