import { cpus, loadavg, totalmem } from 'node:os';

export interface Figure {
	name: string;
	value: number;
	/** kB are 1,000 bytes; points are Lighthouse's, of 100; × is so many times what the peer does. */
	unit: 'ms' | 'MB' | 'kB' | 'points' | '%' | '/s' | 'MB/s' | '×';
	/** At most. */
	aim?: number;
	/** At least. */
	least?: number;
	/** Of the same runs, in the same unit. */
	median?: number;
	/**
	 * The working thread's own time in milliseconds, which a busy machine does not stretch: the 95th percentile of runs in a process, the mean
	 * of answers over the wire.
	 */
	cpu?: number;
	/** What a ratio is made of: medians of the same rounds, in `unit`. */
	beside?: { ours: number; peer: number; of: string; unit: 'ms' | '/s' | 'MB/s' };
	/** How busy the machine was meanwhile, other work and ours: running processes over the last minute. */
	load?: number;
	/** What kept it from its aim, for whoever wants to mend it. */
	remarks?: string[];
}

export function machine(): string {
	const memory = Math.round(totalmem() / 1024 ** 3);
	return `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${memory} GiB, Node ${process.version}`;
}

/** Whether a figure is on the wrong side of its aim. */
export const isMissed = ({ value, aim = Infinity, least = -Infinity }: Figure) => value > aim || value < least;

function verdict(figure: Figure): string {
	const { aim, least } = figure;
	if (aim !== undefined) return isMissed(figure) ? `ABOVE ${aim}` : `≤ ${aim}`;
	if (least !== undefined) return isMissed(figure) ? `BELOW ${least}` : `≥ ${least}`;
	return '';
}

const short = (value: number) => value.toFixed(value < 100 ? 1 : 0);

export function printFigures(figures: Figure[]): void {
	for (const figure of figures) {
		const { name, value, unit, median, cpu, load, beside: pair, remarks = [] } = figure;
		const more = [
			...(pair ? [`ours ${short(pair.ours)} ${pair.unit}, ${pair.of} ${short(pair.peer)} ${pair.unit}`] : []),
			...(median === undefined ? [] : [`median ${median.toFixed(2)}`]),
			...(cpu === undefined ? [] : [`own time ${cpu.toFixed(2)}`]),
			...(load === undefined ? [] : [`load ${load.toFixed(1)}`])
		];
		const shown = value.toFixed(value < 100 && unit !== 'points' ? 2 : 0).padStart(9);
		const beside = more.length > 0 ? `(${more.join(', ')})` : '';
		console.log(`${name.padEnd(56)} ${shown} ${unit.padEnd(4)}  ${verdict(figure).padEnd(12)} ${beside}`.trimEnd());
		for (const remark of remarks) console.log(`    ${remark}`);
	}
}

/** A sentence when other work makes the figures worthless. */
export function busyWarning(): string {
	const load = loadavg()[0] ?? 0;
	return load < cpus().length ? '' : `The machine is busy (load ${load.toFixed(1)}): only memory and own time mean something.\n`;
}

/** The resident memory of this process in megabytes (10⁶ bytes). */
export const residentMegabytes = () => process.memoryUsage.rss() / 1e6;

/** The value below which this share of them lies. @param share from 0 to 1 */
export function quantile(values: number[], share: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

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
	return { name, value: quantile(times, 0.95), median: quantile(times, 0.5), cpu: quantile(own, 0.95), unit: 'ms', aim };
}
