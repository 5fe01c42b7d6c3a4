import { loadavg } from 'node:os';
import type { Figure } from '../figures.ts';
import { quantile } from '../figures.ts';
import { processorSeconds } from '../pages/crowd.ts';

/** One round: a rate where more is better, of so many seconds; or milliseconds, however long that takes. */
export type Measure = (seconds: number) => Promise<number>;

const roundSeconds = 3;
const warmUpSeconds = 1;

export interface Peer {
	/** As it stands in the line, for example `nginx`. */
	of: string;
	measure: Measure;
	/** How many times its own figure ours must at least, or may at most, be. */
	least?: number;
	aim?: number;
}

export interface Comparison {
	name: string;
	unit: 'ms' | '/s' | 'MB/s';
	ours: Measure;
	peers: Peer[];
	/** The process of ours, where an answer's share of its thread is worth telling. */
	pid?: number;
	rounds?: number;
	/** What the peer was allowed, for who doubts the ratio. */
	remarks?: string[];
}

const median = (values: number[]) => quantile(values, 0.5);

/**
 * Ours and its peers in turn, round after round, so that what else the machine does meets all of them; a first round only warms up. The
 * figures are ratios of medians.
 */
export async function compare({ name, unit, ours, peers, pid, rounds = 3, remarks = [] }: Comparison): Promise<Figure[]> {
	// Of each round, the one that warms up too.
	const busy: number[] = [];
	const watched: Measure = async (seconds) => {
		if (pid === undefined) return ours(seconds);
		const [before, started] = [processorSeconds(pid).thread, performance.now()];
		const rate = await ours(seconds);
		const milliseconds = ((processorSeconds(pid).thread - before) * 1e6) / (performance.now() - started);
		busy.push(milliseconds / rate);
		return rate;
	};
	const measures = [watched, ...peers.map(({ measure }) => measure)];
	const seen: number[][] = measures.map(() => []);
	for (let round = -1; round < rounds; round++) {
		for (const [i, measure] of measures.entries()) {
			const value = await measure(round < 0 ? warmUpSeconds : roundSeconds);
			if (round >= 0) seen[i]!.push(value);
		}
	}
	const load = loadavg()[0]!;
	const [own, ...others] = seen.map(median) as [number, ...number[]];
	return peers.map(({ of, least, aim }, i): Figure => {
		const peer = others[i]!;
		const limits = { ...(least === undefined ? {} : { least }), ...(aim === undefined ? {} : { aim }) };
		const beside = { ours: own, peer, of, unit };
		const cpu = pid === undefined ? {} : { cpu: median(busy.slice(1)) };
		const told = i === 0 && remarks.length > 0 ? { remarks } : {};
		return { name: `${name}, beside ${of}`, value: own / peer, unit: '×', ...limits, beside, ...cpu, load, ...told };
	});
}
