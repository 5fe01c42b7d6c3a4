import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort, until } from '../../support/processes.ts';
import { programs } from './peers.ts';

export interface Nginx {
	url: string;
	/** A file of the folder it serves. With `.gz` behind its name it is what those get who take gzip. */
	put(path: string, bytes: Uint8Array): void;
	stop(): Promise<void>;
}

/**
 * Debian's settings for files, and what makes small ones quick: their handles are kept, and connections stay open for ever. Not those to
 * FastCGI: a process of QGIS Server answers one at a time, and the others would wait for it to end.
 */
const configuration = (folder: string, port: number, upstream: string[]) => `
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes auto;
daemon off;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
	access_log off;
	sendfile on;
	tcp_nopush on;
	keepalive_requests 1000000000;
	open_file_cache max=20000 inactive=300s;
	open_file_cache_valid 300s;
	gzip_static on;
	${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n\t')}
	types { application/geo+json geojson; application/vnd.mapbox-vector-tile mvt; }
	upstream qgis { ${upstream.map((socket) => `server unix:${socket};`).join(' ') || 'server 127.0.0.1:9;'} }
	server {
		listen 127.0.0.1:${port};
		root ${folder}/files;
		location /wfs3 {
			include /etc/nginx/fastcgi_params;
			fastcgi_buffers 64 64k;
			fastcgi_pass qgis;
		}
	}
}
`;

/** @param upstream sockets of FastCGI processes that answer under `/wfs3` */
export async function startNginx(upstream: string[] = []): Promise<Nginx> {
	const folder = mkdtempSync(join(tmpdir(), 'bench-nginx-'));
	const port = await freePort();
	mkdirSync(join(folder, 'files'));
	writeFileSync(join(folder, 'conf'), configuration(folder, port, upstream));
	const child = spawn(programs['nginx']!, ['-e', join(folder, 'error.log'), '-p', folder, '-c', join(folder, 'conf')], {
		stdio: ['ignore', 'ignore', 'inherit']
	});
	const exited = new Promise((resolve) => child.once('exit', resolve));
	const killed = () => child.kill('SIGTERM');
	process.once('exit', killed);
	const url = `http://127.0.0.1:${port}`;
	await until('nginx answers', async () => {
		if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`);
		return (await fetch(url)).status === 404 || true;
	});
	return {
		url,
		put(path, bytes) {
			const file = join(folder, 'files', path);
			mkdirSync(dirname(file), { recursive: true });
			writeFileSync(file, bytes);
		},
		async stop() {
			process.off('exit', killed);
			child.kill('SIGTERM');
			await exited;
			rmSync(folder, { recursive: true, force: true });
		}
	};
}
