import type { FieldErrorCode } from './fact-parse.ts';
import { offerPath } from './facts.ts';

/** A form as it travels: each field has its texts, in order. Kept whole when something is wrong, so that nothing is typed twice. */
export type FormValues = Record<string, string[]>;

/** `field` is the name (and id) of the field to go to. */
export interface FieldError {
	field: string;
	fact: string;
	error: FieldErrorCode;
	min?: number;
	max?: number;
}

/** Rows of the closures' table: those there are and three empty ones. */
export const spareClosures = 3;

export const first = (values: FormValues, field: string): string => values[field]?.[0] ?? '';

/** Ids of the offers a form has fields for; the one offered as new is last. */
export function offersOf(values: FormValues): string[] {
	const ids = Object.keys(values).flatMap((field) => offerPath(field)?.id ?? []);
	return [...new Set([...ids, ...(values['new_offer'] ?? [])])];
}

/** The text's beginning, at most `most` code units long and never half a character: a database takes none. */
export const cut = (text: string, most: number): string => text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
