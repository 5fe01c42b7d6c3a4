import { canonical } from '../../domain/proposal.ts';
import type { HistoryEntry, Place } from '../../domain/place.ts';
import { leavingKinds } from './departures.ts';
import { placeOf } from './record.ts';
import type { Change } from './view.ts';

/**
 * Whether something that everyone could read of a place is nowhere to be read any more: a fact that was withheld or closed, a photo, a
 * version's words, a place. What an edit replaced is not lost: the place's public history says it. The feed cannot tell the two apart, since
 * it calls both an update.
 */
export function isLost(before: Place, after: Place | null): boolean {
	if (!after) return true;
	const left = statementsOf(after);
	for (const statement of statementsOf(before)) if (!left.has(statement)) return true;
	return false;
}

/** Keeps the number of the last change that may have taken something away; rather a later one than one too early. */
export class Losses {
	/** Sequence number; at the beginning that of what was loaded, since nobody knows what was lost before. */
	lastAt: number;
	#aheadTo: number;
	/** Places whose loss was seen, maybe before the change that it comes from was named. */
	#seenEarly = new Set<string>();

	/** @param aheadTo up to this change places may be in a newer state than `seq` says */
	constructor({ seq, aheadTo }: { seq: number; aheadTo: number }) {
		this.lastAt = seq;
		this.#aheadTo = aheadTo;
	}

	/** A place as it was and as a batch up to `seq` found it (lines of record.ts). Most of what is read again says what it said. */
	compare(seq: number, id: string, before: Uint8Array | null, after: Uint8Array | null): void {
		if (!before || (after && Buffer.compare(before, after) === 0)) return;
		if (!isLost(placeOf(before), after && placeOf(after))) return;
		this.#seenEarly.add(id);
		this.lastAt = seq;
	}

	/** The changes of the batch, after its places were compared. */
	hear(changes: readonly Change[]): void {
		const last = changes.findLast((change) => this.#mayTakeAway(change));
		if (last) this.lastAt = Math.max(this.lastAt, last.seq);
	}

	/** What was read is what the changes so far have made. */
	caughtUp(): void {
		this.#aheadTo = 0;
		this.#seenEarly.clear();
	}

	/** Of what is not a place nothing is compared: it changes seldom, and what was added took nothing away. */
	#mayTakeAway({ subject, kind, seq, id }: Change): boolean {
		if (subject !== 'place') return kind !== 'created' || seq <= this.#aheadTo;
		return leavingKinds.has(kind) || seq <= this.#aheadTo || this.#seenEarly.has(id);
	}
}

/**
 * All that a place says, each thing by itself. What follows from the rest is not among it, nor who vouched for a fact: that is a role, gone
 * with each edit, and with the fact when that is withheld.
 */
function statementsOf(place: Place): Set<string> {
	const said = new Set<string>();
	const say = (fact: string, value: unknown): void => {
		if (Array.isArray(value)) for (const item of value) say(`${fact}[]`, item);
		else if (canonical(value) !== 'null') said.add(`${fact} ${canonical(value)}`);
	};
	const { photos, ...facts } = place.facts;
	for (const [fact, value] of Object.entries(facts)) say(fact, value);
	// A photo in the history is but a number: nobody sees it there.
	say('shown', photos);
	for (const [key, value] of Object.entries(place.extra)) say(`extra.${key}`, value);
	const { kind, category, steward, source, position } = place;
	for (const [fact, value] of Object.entries({ kind, category, steward, source, position })) say(fact, value);
	for (const { id, ...offer } of place.offers) sayOffer(say, `offer:${id}`, offer);
	for (const entry of place.history) sayVersion(say, entry);
	return said;
}

type Say = (fact: string, value: unknown) => void;

function sayOffer(say: Say, path: string, { id: _, assurances: __, ...facts }: Record<string, unknown>): void {
	for (const [fact, value] of Object.entries(facts)) say(`${path}.${fact}`, value);
}

/** What a version says of itself, and of the facts before and after it. */
function sayVersion(say: Say, { operations = [], facts = [], ...version }: HistoryEntry): void {
	say('version', version);
	say(`named in ${version.version}`, facts);
	for (const operation of operations) {
		say(`in ${version.version}`, operation);
		for (const value of [operation.old, operation.new])
			if (/^offer:[^.]+$/.test(operation.fact) && typeof value === 'object' && value !== null)
				sayOffer(say, operation.fact, value as Record<string, unknown>);
			else say(operation.fact, value);
	}
}
