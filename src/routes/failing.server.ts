import { error } from '@sveltejs/kit';
import { message } from '$lib/i18n/words';
import * as errorWords from '$lib/paraglide/families/error';
import { m } from '$lib/paraglide/messages';
import { Failure } from '$lib/server/errors';

/** What a page needs to be shown at all: an expected failure of it is the page's error, in words, with its own status. */
export async function orErrorPage<T>(work: Promise<T>): Promise<T> {
	try {
		return await work;
	} catch (thrown) {
		if (!(thrown instanceof Failure) || thrown.code === 'unexpected') throw thrown;
		return error(thrown.status, {
			message: message(errorWords, `error_${thrown.code}`, m.error_unexpected(), { fact: '' }),
			code: thrown.code
		});
	}
}
