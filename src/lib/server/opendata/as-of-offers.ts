import type { HistoryEntry, HistoryOperation, Offer } from '../../domain/place.ts';

const wholeLength = 'offer:'.length + 36;

/** What an entry says that changed; a value that was taken out of history says so. */
export function operationsOf({ operations }: HistoryEntry): (HistoryOperation & { redacted?: boolean })[] {
	return operations ?? [];
}

/** An offer as it is stored and as history gives it whole: only what is known. */
type Stored = Record<string, unknown>;

/**
 * The offers of a place before the later versions `since`, ascending: undone from the last to the first. What was redacted stays unknown,
 * and an offer that was redacted whole is not told. Those that are there today keep their order; the others follow.
 */
export function offersAsOf(offers: readonly Offer[], since: readonly HistoryEntry[]): Offer[] {
	const known = new Map<string, Stored | null>(offers.map(({ id, assurances: _, ...stored }) => [id, stored]));
	const undoing = since.flatMap(operationsOf).filter(({ fact }) => fact.startsWith('offer:'));
	for (const { fact, old, redacted } of undoing.reverse()) {
		const id = fact.slice('offer:'.length, wholeLength);
		const value = redacted ? null : (old ?? null);
		if (fact.length === wholeLength) known.set(id, value as Stored | null);
		else {
			const offer = known.get(id);
			if (offer) known.set(id, { ...offer, [fact.slice(wholeLength + 1)]: value });
		}
	}
	return [...known].flatMap(([id, stored]) => (stored ? [offerOf(id, stored)] : []));
}

function offerOf(id: string, stored: Stored): Offer {
	const { name, summary, category, audience, cost, booking, opening_hours, closures } = stored as Partial<Offer>;
	return {
		id,
		name: name ?? '—',
		summary: summary ?? null,
		category: category ?? null,
		audience: audience ?? [],
		cost: cost ?? null,
		booking: booking ?? null,
		opening_hours: opening_hours ?? null,
		closures: closures ?? [],
		assurances: {}
	};
}
