import { SingleBar } from 'cli-progress';

/** A bar at a terminal, nothing in a pipe. */
export function progress(title: string, total: number): { advance(by: number): void; stop(): void } {
	if (!process.stderr.isTTY || total === 0) return { advance: () => {}, stop: () => {} };
	const bar = new SingleBar({
		format: `${title} {bar} {value}/{total}  {eta_formatted}`,
		stream: process.stderr,
		hideCursor: true
	});
	bar.start(total, 0);
	return { advance: (by) => bar.increment(by), stop: () => bar.stop() };
}

export function say(line = ''): void {
	process.stdout.write(`${line}\n`);
}

export interface Line {
	number: number;
	name: string;
	reason: string;
}

/** One line per row, in the order of the file. */
export function sayRows(title: string, lines: readonly Line[]): void {
	if (lines.length === 0) return;
	say(`\n${title}`);
	for (const { number, name, reason } of lines.toSorted((a, b) => a.number - b.number)) {
		say(`  row ${number}  ${name === '' ? '(no name)' : name}: ${reason}`);
	}
}

/** Text to a file or another program is not measured in rows: the counts come last, where they are seen. */
export function sayCounts(counts: Record<string, number>): void {
	const parts = Object.entries(counts).filter(([, count]) => count > 0);
	say(`\n${parts.length === 0 ? 'nothing' : parts.map(([what, count]) => `${count} ${what}`).join(', ')}`);
}
