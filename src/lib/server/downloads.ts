import { randomUUID } from 'node:crypto';
import type { DownloadCount } from '../domain/download.ts';

type Send = (id: string, counts: DownloadCount[]) => Promise<void>;

const largestBatch = 1000;

/** Counts in memory and hands over a batch at a time; what could not be handed over is tried again under the same id. */
export class Downloads {
	#counts = new Map<string, DownloadCount>();
	#batch: { id: string; counts: DownloadCount[] } | null = null;

	add(day: string, dataset: string, format: string): void {
		const key = `${day} ${dataset} ${format}`;
		const known = this.#counts.get(key);
		if (known) known.count++;
		else this.#counts.set(key, { day, dataset, format, count: 1 });
	}

	/** @returns false when there was nothing to send; rejects as `send` does, and nothing is lost */
	async flush(send: Send): Promise<boolean> {
		this.#batch ??= this.#take();
		if (!this.#batch) return false;
		await send(this.#batch.id, this.#batch.counts);
		this.#batch = null;
		return this.#counts.size > 0;
	}

	#take(): { id: string; counts: DownloadCount[] } | null {
		const counts = [...this.#counts].slice(0, largestBatch);
		for (const [key] of counts) this.#counts.delete(key);
		return counts.length === 0 ? null : { id: randomUUID(), counts: counts.map(([, count]) => count) };
	}
}

/** Of this process. */
export const downloads = new Downloads();

/** Whether an answer is a file that somebody begins to take: not one that she has already, nor the rest of one. */
export function isDownload(request: Request, response: Response): boolean {
	if (request.method !== 'GET') return false;
	return response.status === 200 || (response.status === 206 && /^bytes 0-/.test(response.headers.get('content-range') ?? ''));
}
