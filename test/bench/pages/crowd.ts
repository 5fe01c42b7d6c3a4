import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';

/** Milliseconds of each answer, by the name of its address. */
export type Answers = Map<string, number[]>;

export interface CrowdOptions {
	/** Nobody asked for it before: a word in the address that the page does not know. */
	anew?: boolean;
	/** How many ask at the same time, each again as soon as it has its answer. */
	people: number;
	ms: number;
}

/** Asks for these addresses in turn. @throws when one is not answered 200 */
export async function crowd(
	addresses: [name: string, address: string][],
	{ people, ms, anew = false }: CrowdOptions
): Promise<Answers> {
	const agent = new Agent({ keepAlive: true, maxSockets: people });
	const answers: Answers = new Map(addresses.map(([name]) => [name, []]));
	const end = performance.now() + ms;
	let turn = 0;
	const person = async () => {
		while (performance.now() < end) {
			const [name, address] = addresses[turn % addresses.length]!;
			const own = anew ? `${address}${address.includes('?') ? '&' : '?'}anew=${turn}` : address;
			turn++;
			answers.get(name)!.push(await ask(own, agent));
		}
	};
	try {
		await Promise.all(Array.from({ length: people }, person));
	} finally {
		agent.destroy();
	}
	return answers;
}

/** As browsers ask. @returns milliseconds until the last byte */
function ask(address: string, agent: Agent): Promise<number> {
	const started = performance.now();
	const headers = { accept: 'text/html', 'accept-encoding': 'gzip, deflate, br', 'accept-language': 'fr-FR' };
	return new Promise((resolve, reject) => {
		const request = get(address, { agent, headers }, (response) => {
			if (response.statusCode !== 200) reject(new Error(`${address} answered ${response.statusCode}`));
			response.resume();
			response.on('end', () => resolve(performance.now() - started));
		});
		request.on('error', reject);
	});
}

/** Seconds of processor time that a process and its first thread, the one that answers, have used (Linux). */
export function processorSeconds(pid: number): { all: number; thread: number } {
	const used = (file: string) => {
		// After the name in brackets, which may hold spaces: fields 14 and 15, in hundredths of a second (man 5 proc).
		const fields = readFileSync(file, 'utf8')
			.replace(/^.*\) /s, '')
			.split(' ');
		return (Number(fields[11]) + Number(fields[12])) / 100;
	};
	return { all: used(`/proc/${pid}/stat`), thread: used(`/proc/${pid}/task/${pid}/stat`) };
}
