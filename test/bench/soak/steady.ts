import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../figures.ts';
import { Changer } from '../live/changer.ts';
import { startWrittenTown } from '../live/written-town.ts';
import { Memory } from './memory.ts';
import type { Held } from './memory.ts';
import { Readers } from './readers.ts';

export interface SteadyOptions {
	minutes: number;
	places: number;
	/** How many may change in a second. */
	perSecond?: number;
	say?: (line: string) => void;
}

export interface SteadyReport {
	changes: number;
	answers: number;
	/** Medians of the first and the last minutes, in megabytes. */
	first: Omit<Held, 'at'>;
	last: Omit<Held, 'at'>;
	/** What was promised and not kept; empty when all is well. */
	breaches: string[];
}

/** How much more memory than at its start the application may have at the end. */
const growth = 0.1;
/** A shorter run sees nothing but caches that fill and code that is compiled: 14 % in three minutes, of which the heap has 3. */
const leastMinutes = 15;
const every = 10_000;
const minute = 60_000;

/** An ordinary day of a busy map: somebody changes something all the time, others read, and nothing may pile up. */
export async function steady(options: SteadyOptions): Promise<SteadyReport> {
	const { minutes, places, perSecond = 5, say = () => {} } = options;
	const town = await startWrittenTown(places, 5, { NODE_OPTIONS: '--inspect=127.0.0.1:0' });
	const { app, agents } = town;
	const memory = await Memory.of(app.pid, app.output);
	const readers = new Readers(app.url);
	try {
		const changer = new Changer({ dataDir: app.dataDir, agents, places, perSecond });
		await changer.signIn();
		say(`${app.url}, ${places} places, ${perSecond} changes a second for ${minutes} minutes`);
		const start = performance.now();
		let over = false;
		const writing = changer.run(minutes * 60).finally(() => (over = true));
		const seen: Held[] = [];
		for (; !over; await sleep(every)) {
			const held = await memory.look();
			seen.push(held);
			const [at, resident, heap] = [(held.at - start) / minute, held.resident, held.heap];
			if (seen.length % 6 === 1) say(`${at.toFixed(0).padStart(4)} min  ${resident.toFixed(0)} MB, heap ${heap.toFixed(0)} MB`);
		}
		await writing;
		await readers.stop();
		const { first, last } = windows(seen, start, minutes);
		const breaches = [...changer.failures, ...readers.failures];
		if (minutes < leastMinutes) say(`growth is judged from ${leastMinutes} minutes on: this run is too short to`);
		else if (last.resident > first.resident * (1 + growth)) breaches.push(`the application grew by more than ${growth * 100} %`);
		const { seq } = await app.health();
		if (seq < changer.accepted) breaches.push(`the snapshot stayed at ${seq} while ${changer.accepted} were accepted`);
		return { changes: changer.accepted, answers: readers.answers, first, last, breaches };
	} finally {
		await readers.stop();
		memory.close();
		await town.stop();
	}
}

/** The first three minutes after five in which caches fill and code is compiled, and the last three; less when it is short. */
function windows(seen: Held[], start: number, minutes: number): Pick<SteadyReport, 'first' | 'last'> {
	const warm = start + Math.min(5 * minute, (minutes * minute) / 4);
	const end = start + minutes * minute;
	const length = Math.min(3 * minute, (end - warm) / 2);
	const middle = (some: Held[]) => ({
		resident: quantile(
			some.map(({ resident }) => resident),
			0.5
		),
		heap: quantile(
			some.map(({ heap }) => heap),
			0.5
		)
	});
	return {
		first: middle(seen.filter(({ at }) => at >= warm && at <= warm + length)),
		last: middle(seen.filter(({ at }) => at >= end - length))
	};
}
