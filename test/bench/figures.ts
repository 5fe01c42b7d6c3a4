import { cpus, loadavg, totalmem } from 'node:os';

export interface Figure {
	name: string;
	value: number;
	unit: 'ms' | 'MB';
	/** At most. */
	aim?: number;
	/** Of the same runs, in milliseconds; `cpu`: the 95th percentile of this thread's own time, which a busy machine does not stretch. */
	median?: number;
	cpu?: number;
}

export function machine(): string {
	const memory = Math.round(totalmem() / 1024 ** 3);
	return `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${memory} GiB, Node ${process.version}`;
}

export function printFigures(figures: Figure[]): void {
	for (const { name, value, unit, aim, median, cpu } of figures) {
		const verdict = aim === undefined ? '' : value <= aim ? `≤ ${aim}` : `ABOVE ${aim}`;
		const middle = median === undefined || cpu === undefined ? '' : `(median ${median.toFixed(2)}, own time ${cpu.toFixed(2)})`;
		console.log(`${name.padEnd(44)} ${value.toFixed(value < 100 ? 2 : 0).padStart(9)} ${unit}  ${verdict.padEnd(12)} ${middle}`);
	}
}

/** A sentence when other work makes the figures worthless. */
export function busyWarning(): string {
	const load = loadavg()[0] ?? 0;
	return load < cpus().length ? '' : `The machine is busy (load ${load.toFixed(1)}): only memory and own time mean something.\n`;
}

/** The resident memory of this process in megabytes (10⁶ bytes). */
export const residentMegabytes = () => process.memoryUsage.rss() / 1e6;

/** 95th percentile of many runs, after some to warm up; other work of the loop may happen between two. */
export async function p95(name: string, aim: number, run: (i: number) => unknown, runs = 200): Promise<Figure> {
	const times: number[] = [];
	const own: number[] = [];
	for (let i = -20; i < runs; i++) {
		const start = performance.now();
		const before = process.threadCpuUsage();
		run(i < 0 ? -i : i);
		const { user, system } = process.threadCpuUsage(before);
		if (i >= 0) times.push(performance.now() - start);
		if (i >= 0) own.push((user + system) / 1000);
		await new Promise((resolve) => setImmediate(resolve));
	}
	for (const list of [times, own]) list.sort((a, b) => a - b);
	const late = Math.floor(runs * 0.95);
	return { name, value: times[late]!, median: times[runs >> 1]!, cpu: own[late]!, unit: 'ms', aim };
}
