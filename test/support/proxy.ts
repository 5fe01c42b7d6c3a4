import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands between a browser and the application as a bad network does, or a new version. */
export interface Proxy {
	url: string;
	/** Requests are taken and never answered, until this is false again. */
	silent: boolean;
	/** Paths that were asked for. */
	asked: string[];
	/** Changes what a text says on its way. */
	rewrite: (path: string, text: string) => string;
	close(): void;
}

/** Passes on what is read, not what is sent. @param target the application's address */
export async function startProxy(target: string): Promise<Proxy> {
	const server = createServer(async ({ url = '/', headers }, answer) => {
		proxy.asked.push(url);
		if (proxy.silent) return;
		const { cookie = '', accept = '*/*', 'accept-language': language = 'fr' } = headers;
		const sent = { cookie, accept, 'accept-language': language };
		const from = await fetch(new URL(url, target), { redirect: 'manual', headers: sent }).catch(() => null);
		if (!from) return answer.destroy();
		const type = from.headers.get('content-type') ?? '';
		const bytes = Buffer.from(await from.arrayBuffer());
		const kept = [...from.headers].filter(([name]) => !/^(content-(length|encoding)|transfer-encoding|connection)$/.test(name));
		answer.writeHead(from.status, Object.fromEntries(kept));
		answer.end(/text|json/.test(type) ? proxy.rewrite(url, bytes.toString()) : bytes);
	});
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	const proxy: Proxy = {
		url: `http://localhost:${(server.address() as AddressInfo).port}`,
		silent: false,
		asked: [],
		rewrite: (_path, text) => text,
		close: () => {
			server.closeAllConnections();
			server.close();
		}
	};
	return proxy;
}
