import type { Category } from '$lib/domain/taxonomy';
import { factLabel } from '$lib/i18n/labels';
import { message } from '$lib/i18n/words';
import * as errorWords from '$lib/paraglide/families/error';
import { m } from '$lib/paraglide/messages';

/** The sentence for a failure that the server named by its code. All that can go wrong is said here: a page that seldom fails loads it when it does. */
export function failureText({ code, fact }: { code: string; fact: string | null }, category?: Category): string {
	return message(errorWords, `error_${code}`, m.error_unexpected(), { fact: fact ? factLabel(fact, category) : '' });
}

/** Somebody was quicker: the form that it came from is gone, and what was typed in it has to be shown. */
export const settledMeanwhile = ({ code }: { code: string }): boolean => code === 'report_decided' || code === 'already_decided';
