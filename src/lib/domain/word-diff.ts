export interface DiffPart {
	kind: 'same' | 'added' | 'removed';
	text: string;
}

/** Beyond this many words a side, the table of the algorithm costs more than a reader gains. */
const maxWords = 1500;

/**
 * Words that were removed, added and kept, by the longest common subsequence
 * (https://en.wikipedia.org/wiki/Longest_common_subsequence). Spaces go with the word before them, so that the parts joined are the texts.
 */
export function wordDiff(before: string, after: string): DiffPart[] {
	const [old, young] = [split(before), split(after)];
	if (old.length > maxWords || young.length > maxWords) return whole(before, after);
	const lengths = commonLengths(old, young);
	const parts: DiffPart[] = [];
	let [i, j] = [0, 0];
	while (i < old.length || j < young.length) {
		if (i < old.length && j < young.length && same(old[i], young[j])) {
			push(parts, 'same', young[j++]!);
			i++;
		} else if (i < old.length && (j >= young.length || at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
			push(parts, 'removed', old[i++]!);
		} else {
			push(parts, 'added', young[j++]!);
		}
	}
	return parts;
}

const split = (text: string): string[] => text.match(/\S+\s*/g) ?? [];
const same = (a: string | undefined, b: string | undefined): boolean => a?.trimEnd() === b?.trimEnd();
const at = (lengths: Uint16Array[], row: number, column: number): number => lengths[row]?.[column] ?? 0;

/** `lengths[i][j]`: how many words are common to what follows `i` in one and `j` in the other. */
function commonLengths(old: string[], young: string[]): Uint16Array[] {
	const lengths = Array.from({ length: old.length + 1 }, () => new Uint16Array(young.length + 1));
	for (let i = old.length - 1; i >= 0; i--) {
		for (let j = young.length - 1; j >= 0; j--) {
			lengths[i]![j] = same(old[i], young[j])
				? at(lengths, i + 1, j + 1) + 1
				: Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
		}
	}
	return lengths;
}

function push(parts: DiffPart[], kind: DiffPart['kind'], text: string): void {
	const last = parts.at(-1);
	if (last?.kind === kind) last.text += text;
	else parts.push({ kind, text });
}

function whole(before: string, after: string): DiffPart[] {
	if (before === after) return [{ kind: 'same', text: after }];
	return [
		{ kind: 'removed', text: before },
		{ kind: 'added', text: after }
	];
}
