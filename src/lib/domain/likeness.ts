import { distance } from '../geo/distance.ts';
import { fold } from './fold.ts';
import type { LonLat } from './place.ts';

/** As much of a place as can be told from the outside. */
export interface Likenable {
	name: string;
	/** Degrees; null while nobody has said where. */
	position: LonLat | null;
}

export interface Likeness {
	/** 0 nothing in common … 1 the same name at the same spot. */
	score: number;
	/** 0 … 1, of the names alone. */
	name: number;
	/** Between the two; null when one of them has no position. */
	metres: number | null;
}

/** From here on two places are worth showing to a person as perhaps one; she decides. */
export const likelyScore = 0.5;

/** Says nothing of which place is meant. */
const emptyWords = new Set('a au aux d de des du en et l la le les ou pour sur un une the of and in at for'.split(' '));

/** Says what kind of place it is, which its neighbours may be as well: « Mairie annexe de Doulon » is not that of Chantenay. */
const commonWords = new Set(
	(
		'accueil agence aire annexe antenne asso association atelier bibliotheque boite bureau cafe centre centres club college collectif comite creche ' +
		'ecole elementaire epicerie equipement espace fontaine foyer gymnase halte jardin jardins jeux ludotheque lycee mairie maison maternelle ' +
		'mediatheque multi accueil municipal municipale parc parking partage partages piscine place point primaire public publique quartier quartiers ' +
		'recyclerie relais repair restaurant salle service services social sociale sociaux solidaire square stade station terrain toilettes velo velos'
	).split(' ')
);
const commonWeight = 0.35;

/** As people shorten them on signs and in spreadsheets. */
const longForms: Record<string, string> = { st: 'saint', ste: 'sainte', bd: 'boulevard', av: 'avenue', asso: 'association' };

function tellingWords(name: string): string[] {
	const all = (fold(name).match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => longForms[word] ?? word);
	const telling = all.filter((word) => !emptyWords.has(word));
	return [...new Set(telling.length > 0 ? telling : all)].slice(0, 24);
}

const weightOf = (word: string): number => (commonWords.has(word) ? commonWeight : 1);
const isNumber = (word: string): boolean => /^\d+$/.test(word);

/** How many letters to change, add, drop or swap; stops counting above `most`. */
function editDistance(a: string, b: string, most: number): number {
	if (Math.abs(a.length - b.length) > most) return most + 1;
	let before: number[] = [];
	let row = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			let least = Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (before[j - 2] ?? 0) + 1);
			next.push(least);
		}
		[before, row] = [row, next];
	}
	return row[b.length] ?? most + 1;
}

/** Equal, mistyped or shortened words, 0 … 1. A number is itself or another one. */
function wordLikeness(a: string, b: string): number {
	if (a === b) return 1;
	if (isNumber(a) || isNumber(b) || Math.min(a.length, b.length) < 4) return 0;
	const [short, long] = a.length < b.length ? [a, b] : [b, a];
	const most = long.length < 8 ? 1 : 2;
	const edits = editDistance(a, b, most);
	if (edits <= most) return 1 - edits / long.length;
	return long.startsWith(short) ? 0.8 : 0;
}

/**
 * How alike two names are, 0 … 1, whatever the order of their words, their accents, their articles and a slip of the finger. Words that many
 * places share (« maison », « école ») count for a third of the others.
 */
export function nameLikeness(a: string, b: string): number {
	const [left, right] = [tellingWords(a), tellingWords(b)];
	if (left.length === 0 || right.length === 0) return 0;
	// Of two as long, always the same first: the answer must not depend on who is asked about whom.
	const swap = left.length > right.length || (left.length === right.length && left.join() > right.join());
	const [short, long] = swap ? [right, left] : [left, right];
	const free = new Set(long);
	let shared = 0;
	let missed = 0;
	for (const word of short) {
		const best = [...free].map((other) => ({ other, like: wordLikeness(word, other) })).sort((x, y) => y.like - x.like)[0];
		if (!best || best.like === 0) {
			missed += weightOf(word);
			continue;
		}
		free.delete(best.other);
		shared += best.like * (weightOf(word) + weightOf(best.other));
	}
	const total = [...left, ...right].reduce((sum, word) => sum + weightOf(word), 0);
	const numbers = [left, right].map((words) => words.filter(isNumber).sort().join(' '));
	// « École 1 » and « École 2 », « Square 11 novembre » and « Square 8 mai »: a number that differs is another place.
	const otherNumber = numbers[0] && numbers[1] && numbers[0] !== numbers[1] ? 0.5 : 1;
	// « Les Oblates » is all there in « Jardin partagé des Oblates ».
	const contained = missed === 0 && short.some((word) => weightOf(word) === 1) ? 0.8 : 0;
	return Math.max(shared / total, contained) * otherNumber;
}

/** 1 at the same spot, a half at 400 m, next to nothing at two kilometres. */
const nearness = (metres: number): number => 1 / (1 + (metres / 400) ** 2);

/** How likely two places are one and the same. Without a position the names alone have to tell. */
export function likeness(a: Likenable, b: Likenable): Likeness {
	const name = nameLikeness(a.name, b.name);
	if (!a.position || !b.position) return { score: name * 0.7, name, metres: null };
	const metres = distance(a.position, b.position);
	return { score: name * nearness(metres), name, metres };
}
