import { cpus, totalmem } from 'node:os';

export interface Figure {
	name: string;
	value: number;
	unit: 'ms' | 'MB';
	/** At most. */
	aim?: number;
	/** Of the same runs, in milliseconds. */
	median?: number;
}

export function machine(): string {
	const memory = Math.round(totalmem() / 1024 ** 3);
	return `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${memory} GiB, Node ${process.version}`;
}

export function printFigures(figures: Figure[]): void {
	for (const { name, value, unit, aim, median } of figures) {
		const verdict = aim === undefined ? '' : value <= aim ? `≤ ${aim}` : `ABOVE ${aim}`;
		const middle = median === undefined ? '' : `(median ${median.toFixed(2)})`;
		console.log(`${name.padEnd(44)} ${value.toFixed(value < 100 ? 2 : 0).padStart(9)} ${unit}  ${verdict.padEnd(12)} ${middle}`);
	}
}

/** The resident memory of this process in megabytes (10⁶ bytes). */
export const residentMegabytes = () => process.memoryUsage.rss() / 1e6;

/** 95th percentile of many runs, after some to warm up; other work of the loop may happen between two. */
export async function p95(name: string, aim: number, run: (i: number) => unknown, runs = 200): Promise<Figure> {
	const times: number[] = [];
	for (let i = -20; i < runs; i++) {
		const start = performance.now();
		run(i < 0 ? -i : i);
		if (i >= 0) times.push(performance.now() - start);
		await new Promise((resolve) => setImmediate(resolve));
	}
	times.sort((a, b) => a - b);
	return { name, value: times[Math.floor(runs * 0.95)]!, median: times[runs >> 1]!, unit: 'ms', aim };
}
