import type { SuggestionGroup } from './suggestion';

const pauseMs = 140;

/** What is offered below a search field: our own at once, addresses when they come. A newer question makes an older one forgotten. */
export function suggestions() {
	let groups = $state.raw<SuggestionGroup[]>([]);
	let open = $state(false);
	let pause: ReturnType<typeof setTimeout> | undefined;
	let asking: AbortController | undefined;

	function stop() {
		clearTimeout(pause);
		asking?.abort();
	}

	async function load(words: string) {
		const own = (asking = new AbortController());
		const read = async (path: string) => {
			const answer = await fetch(`${path}?q=${encodeURIComponent(words)}`, { signal: own.signal });
			return answer.ok ? ((await answer.json()) as SuggestionGroup[]) : [];
		};
		// Without them one searches as ever: a suggestion is never worth an error.
		const addresses = read('/api/addresses').catch(() => []);
		const first = await read('/api/suggest').catch(() => null);
		if (own.signal.aborted || first === null) return;
		groups = first;
		open = true;
		const more = await addresses;
		if (!own.signal.aborted) groups = [...first, ...more];
	}

	return {
		get groups() {
			return groups;
		},
		get open() {
			return open;
		},
		/** Words as they stand in the field. */
		ask(words: string) {
			stop();
			if (words.trim().length < 2) {
				groups = [];
				open = false;
			} else pause = setTimeout(() => void load(words.trim()), pauseMs);
		},
		close() {
			stop();
			open = false;
		},
		reopen() {
			open = groups.length > 0;
		}
	};
}
