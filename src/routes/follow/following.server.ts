import type { RequestEvent } from '@sveltejs/kit';
import { follow } from '$lib/server/db/visitors';
import type { Followed, FollowHash } from '$lib/server/db/visitors';
import { Failure } from '$lib/server/errors';
import { limits, rateLimiter } from '$lib/server/rate-limit';
import { serviceClient } from '$lib/server/supabase';
import { networkFrom } from '$lib/server/throttle';
import { followHash } from '$lib/server/visitors/secrets';

/** The key of an address, as the database knows it. @throws Failure `unknown_link` for what is neither a code nor a link */
export function keyOf(text: string): FollowHash {
	const key = followHash(text);
	if (!key) throw new Failure('unknown_link', { status: 404 });
	return key;
}

/**
 * What a code or a link opens. Wrong tries are counted by network, so that nobody guesses; right ones cost nothing.
 * @throws Failure `unknown_link`, `too_many_requests`
 */
export async function lookUp(event: Pick<RequestEvent, 'getClientAddress'>, text: string): Promise<Followed> {
	const who = [networkFrom(event)];
	if (!rateLimiter.take(limits.follow, who, Date.now()).allowed) throw new Failure('too_many_requests');
	const key = keyOf(text);
	try {
		const found = await follow(serviceClient(), key);
		rateLimiter.giveBack(limits.follow, who, Date.now());
		return found;
	} catch (thrown) {
		// Nobody answered: the try told nothing.
		if (thrown instanceof Failure && thrown.code === 'database_away') rateLimiter.giveBack(limits.follow, who, Date.now());
		throw thrown;
	}
}
