import { accepts } from '../opendata/answer.ts';
import type { Coding } from '../opendata/stored.ts';
import type { Answer } from './keep.ts';

/** All of them together, bytes: a small server has other uses for its memory. */
const mostBytes = 24_000_000;
const mostAddresses = 5000;
/** What is larger would leave no room for many others. */
const largest = mostBytes / 8;
/** Headers, address and the rest, about. */
const overhead = 1500;

interface Entry {
	codings: readonly Coding[];
	/** By the coding the route would choose; '' for none. */
	answers: Partial<Record<Coding | '', Answer>>;
	bytes: number;
	/** Asked for since it was last spared. */
	used: boolean;
}

/** Finished answers by address and coding. When there are too many the oldest go, but for those that somebody asks for again and again. */
export class KeptAnswers {
	#entries = new Map<string, Entry>();
	#bytes = 0;

	/** @param accepted the header Accept-Encoding */
	find(address: string, accepted: string): Answer | null {
		const entry = this.#entries.get(address);
		const answer = entry?.answers[codingOf(accepted, entry.codings)];
		if (!entry || !answer) return null;
		entry.used = true;
		return answer;
	}

	put(address: string, accepted: string, codings: readonly Coding[], answer: Answer): void {
		if (answer.bytes.length > largest) return;
		let known = this.#entries.get(address);
		if (known && String(known.codings) !== String(codings)) {
			// There is another one to choose from, or one less.
			this.#bytes -= known.bytes;
			this.#entries.delete(address);
			known = undefined;
		}
		const entry = known ?? { codings, answers: {}, bytes: 0, used: false };
		const coding = codingOf(accepted, codings);
		const more = overhead + address.length + answer.bytes.length - sizeOf(entry.answers[coding], address);
		entry.answers[coding] = answer;
		entry.bytes += more;
		this.#bytes += more;
		if (!known) this.#entries.set(address, entry);
		this.#makeRoom();
	}

	forget(): void {
		this.#entries.clear();
		this.#bytes = 0;
	}

	#makeRoom(): void {
		for (const [address, entry] of this.#entries) {
			if (this.#entries.size <= mostAddresses && this.#bytes <= mostBytes) return;
			this.#entries.delete(address);
			if (entry.used) {
				// Once more around.
				entry.used = false;
				this.#entries.set(address, entry);
			} else {
				this.#bytes -= entry.bytes;
			}
		}
	}
}

const sizeOf = (answer: Answer | undefined, address: string) => (answer ? overhead + address.length + answer.bytes.length : 0);

/** What clients take, by what they say: they say it in few ways. */
const taken = new Map<string, Record<Coding, boolean>>();

/** As routes choose, see `accepts`. */
function codingOf(accepted: string, codings: readonly Coding[]): Coding | '' {
	let takes = taken.get(accepted);
	if (!takes) {
		if (taken.size >= 100) taken.clear();
		const request = { headers: { get: () => accepted } };
		taken.set(accepted, (takes = { br: accepts(request, 'br'), gzip: accepts(request, 'gzip') }));
	}
	for (const coding of codings) if (takes[coding]) return coding;
	return '';
}
