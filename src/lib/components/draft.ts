import type { FormValues } from '$lib/domain/form-values';

/** A form somebody left before sending it, in this browser only. */
export interface Draft {
	/** ISO 8601. */
	at: string;
	/** The fields that said something else than the page did. */
	values: FormValues;
}

const prefix = 'alentour-draft:';
const keptDays = 30;

/** One draft per place (`new` for one to come), apart for who is signed in and who isn't: a shared computer mixes nobody's words. */
export const draftKey = (place: string, signedIn: boolean): string => `${prefix}${signedIn ? 'account' : 'visitor'}:${place}`;

/** Who may be called inside is never kept, nor how to reach whoever fills the form in. */
const neverKept = /^(contact_|visitor_|reviewed$|position_choice$|channel$)/;

/**
 * What of the form is worth keeping: what differs from the page, without hidden fields, files, contact persons and whatever is marked
 * « interne ». The new offer's fields are kept under `offer:new`, because its id is another one each time.
 */
export function draftOf(form: HTMLFormElement, shown: FormValues, newOffer: string): FormValues {
	const values: FormValues = {};
	const hidden = new Set(
		[...form.querySelectorAll<HTMLInputElement>('input[type=hidden], input[type=file], input[type=password]')].map(
			({ name }) => name
		)
	);
	const typed = new FormData(form);
	const names = [...form.elements].map((control) => (control as HTMLInputElement).name).filter(Boolean);
	for (const name of new Set(names)) {
		if (hidden.has(name) || neverKept.test(name) || typed.get(`openness_of.${name}`) === 'private') continue;
		const now = typed.getAll(name).filter((value) => typeof value === 'string');
		const before = shown[name] ?? [];
		if (JSON.stringify(now.filter(Boolean)) === JSON.stringify(before.filter(Boolean))) continue;
		values[newOffer && name.startsWith(`offer:${newOffer}`) ? name.replace(newOffer, 'new') : name] = now;
	}
	return values;
}

/** The form as it was left: the draft over what the page shows now. */
export function withDraft(shown: FormValues, draft: FormValues, newOffer: string): FormValues {
	const kept = Object.entries(draft).map(([name, values]) => [name.replace(/^offer:new/, `offer:${newOffer}`), values] as const);
	return { ...shown, ...Object.fromEntries(kept) };
}

/** Keeps it, or forgets it when nothing differs. A browser that keeps nothing is not an error. */
export function keepDraft(store: Storage, key: string, values: FormValues, now: Date): void {
	try {
		if (Object.keys(values).length === 0) store.removeItem(key);
		else store.setItem(key, JSON.stringify({ at: now.toISOString(), values } satisfies Draft));
	} catch {
		// Full, or switched off.
	}
}

/** The draft of a key; those of more than thirty days are forgotten, whichever they are. */
export function findDraft(store: Storage, key: string, now: Date): Draft | null {
	try {
		const keys = Array.from({ length: store.length }, (_, index) => store.key(index)).filter((name) => name?.startsWith(prefix));
		for (const name of keys) if (name && !isDraft(JSON.parse(store.getItem(name) ?? 'null'), now)) store.removeItem(name);
		const draft: unknown = JSON.parse(store.getItem(key) ?? 'null');
		return isDraft(draft, now) ? draft : null;
	} catch {
		return null;
	}
}

function isDraft(value: unknown, now: Date): value is Draft {
	const { at, values } = (value ?? {}) as Partial<Draft>;
	const age = now.getTime() - Date.parse(at ?? '');
	return typeof values === 'object' && values !== null && age < keptDays * 86_400_000;
}
