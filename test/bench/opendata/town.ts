import { get } from 'node:http';
import { finished } from 'node:stream/promises';
import type { BBox } from '../../../src/lib/geo/bbox.ts';

export interface Read {
	status: number;
	encoding: string | null;
	bytes: Buffer;
}

/** The application that is measured and the town it shows. */
export class Town {
	readonly url: string;
	readonly pid: number;
	readonly bbox: BBox;

	constructor({ url, pid }: { url: string; pid: number }, bbox: BBox) {
		this.url = url;
		this.pid = pid;
		this.bbox = bbox;
	}

	/** One answer as it comes over the wire: nothing is unpacked. @param bytes no more than the first of them */
	read(path: string, { gzip = false, first = Infinity } = {}): Promise<Read> {
		const range = first < Infinity ? { range: `bytes=0-${first - 1}` } : {};
		const headers = { 'accept-encoding': gzip ? 'gzip' : 'identity', ...range };
		return new Promise((resolve, reject) => {
			const request = get(this.url + path, { headers }, (response) => {
				const parts: Buffer[] = [];
				let length = 0;
				const { statusCode: status = 0 } = response;
				const encoding = response.headers['content-encoding'] ?? null;
				const done = () => resolve({ status, encoding, bytes: Buffer.concat(parts) });
				response.on('data', (part: Buffer) => {
					parts.push(part);
					length += part.length;
					if (length < first) return;
					done();
					request.destroy();
				});
				response.on('end', done);
				response.on('error', reject);
			});
			request.on('error', reject);
		});
	}

	/** How many bytes one answer has, of which nothing is kept. @throws when it is not 200, or breaks off */
	count(path: string): Promise<number> {
		return new Promise((resolve, reject) => {
			const headers = { 'accept-encoding': 'identity' };
			get(this.url + path, { headers }, (response) => {
				if (response.statusCode !== 200) reject(new Error(`${path} answered ${response.statusCode}`));
				let bytes = 0;
				response.on('data', (part: Buffer) => (bytes += part.length));
				finished(response).then(() => resolve(bytes), reject);
			}).on('error', reject);
		});
	}
}
