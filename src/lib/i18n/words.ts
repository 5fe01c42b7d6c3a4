import type { Label } from '$lib/domain/taxonomy';
import { getLocale } from '$lib/paraglide/runtime';

/**
 * A message of a family by its key, or `fallback` when there is none: for keys that come out of data.
 * @param words the family's module, `$lib/paraglide/families/<prefix>`: a page loads those words and no others
 */
export function message(words: object, key: string, fallback = key, inputs: Record<string, unknown> = {}): string {
	return (words as Words)[key]?.(inputs) ?? fallback;
}
type Words = Record<string, ((inputs: Record<string, unknown>) => string) | undefined>;

/** A label that is data, in the reader's language. */
export function labelOf(label: Label): string {
	return label[getLocale()] || label.fr;
}
