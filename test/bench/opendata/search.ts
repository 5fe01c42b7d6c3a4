import type { View } from '../../../src/lib/server/published/view.ts';
import { pick, seeded } from '../../support/random.ts';
import type { Random } from '../../support/random.ts';
import type { Figure } from '../figures.ts';
import { quantile } from '../figures.ts';
import { compare } from './compare.ts';
import type { PeerDatabase } from './database.ts';
import { plain } from './plain.ts';
import type { Asked } from './sql.ts';
import { SqlCrowd } from './sql.ts';
import type { Town } from './town.ts';
import { Crowd } from './wrk.ts';

const connections = 4;
const limit = 10;

/** A thousand times some words of a place's name, in one of which a letter is wrong, missing, twice, or has changed places. */
export function mistyped(view: View, count = 1000): string[] {
	const random = seeded(13);
	const step = Math.max(1, Math.floor(view.size / count));
	const names = [...view.all()].filter((_, i) => i % step === 0).map(({ facts }) => facts.name);
	return Array.from({ length: count }, () => {
		const words = pick(random, names).split(' ').slice(0, -1);
		const longest = words.reduce((best, word, i) => (word.length > words[best]!.length ? i : best), 0);
		return words.map((word, i) => (i === longest ? misspell(random, word) : word)).join(' ');
	});
}

function misspell(random: Random, word: string): string {
	const at = 1 + Math.floor(random() * (word.length - 2));
	const [before, letter, next, after] = [word.slice(0, at), word[at]!, word[at + 1] ?? '', word.slice(at + 2)];
	const other = pick(
		random,
		[...'aeinorstu'].filter((each) => each !== letter)
	);
	return pick(random, [
		before + next + after,
		before + letter + letter + next + after,
		before + next + letter + after,
		before + other + next + after
	]);
}

type Table = 'texts' | 'names';
type Index = 'GiST' | 'GIN';

/** `<<->` walks the GiST index from the nearest on; `<%` takes from the GIN index what is near enough, then sorts. */
function statement(table: Table, index: Index): string {
	const near = index === 'GIN' ? 'where $1 <% text' : '';
	const best = `select id, $1 <<-> text as far from ${table} ${near} order by far limit ${limit}`;
	return `select row_to_json(p)::text as place from (${best}) as t join places as p using (id) order by t.far`;
}

/** Which of the indexes is quicker here, on a few. */
async function quicker({ sql }: PeerDatabase, table: Table, words: string[]): Promise<Index> {
	const times = { GiST: [] as number[], GIN: [] as number[] };
	for (const q of words.slice(0, 7)) {
		for (const index of ['GiST', 'GIN'] as const) {
			const started = performance.now();
			await sql.unsafe(statement(table, index), [q], { prepare: true });
			times[index].push(performance.now() - started);
		}
	}
	return quantile(times.GiST, 0.5) <= quantile(times.GIN, 0.5) ? 'GiST' : 'GIN';
}

/** The ten best for a thousand mistyped searches. */
export async function search(town: Town, view: View, peer: PeerDatabase): Promise<Figure[]> {
	const words = mistyped(view);
	const plainWords = words.map(plain);
	const chosen = { texts: await quicker(peer, 'texts', plainWords), names: await quicker(peer, 'names', plainWords) };
	const driver = (table: Table) =>
		new SqlCrowd({ url: peer.url, asked: plainWords.map((q): Asked => [statement(table, chosen[table]), q]), connections });
	const paths = words.map((q) => `/api/search?q=${encodeURIComponent(q)}&limit=${limit}`);
	const [ours, texts, names] = [new Crowd(town.url, paths), driver('texts'), driver('names')];
	try {
		const figures = await compare({
			name: 'search with typos, the ten best',
			unit: '/s',
			pid: town.pid,
			ours: async (seconds) => (await ours.ask({ connections, seconds })).rate,
			peers: [
				{ of: 'pg_trgm', measure: (seconds) => texts.ask(seconds), least: 25 },
				{ of: 'pg_trgm on names only', measure: (seconds) => names.ask(seconds) }
			],
			remarks: [
				`pg_trgm: names, summaries and addresses without accents (ours reads the category too), by word_similarity; ${chosen.texts} is its quicker index, ${chosen.names} on names`
			]
		});
		const { p95 } = await ours.ask({ connections: 1, seconds: 3 });
		return [...figures, { name: 'search with typos, to one visitor', value: p95, unit: 'ms', aim: 10 }];
	} finally {
		for (const crowd of [ours, texts, names]) crowd.close();
	}
}
