import { Failure } from './errors.ts';
import { networkOf, rateLimiter } from './rate-limit.ts';
import type { Limit } from './rate-limit.ts';

/** What of a request says where it comes from. */
interface Origin {
	getClientAddress(): string;
}

/** The network that a request comes from; one name for all when a proxy that should tell us did not. */
export function networkFrom({ getClientAddress }: Origin): string {
	try {
		return networkOf(getClientAddress());
	} catch {
		return 'unknown';
	}
}

/** Counts a try. @throws Failure `too_many_requests` when there were too many */
export function throttle(limit: Limit, who: readonly string[]): void {
	if (!rateLimiter.take(limit, who, Date.now()).allowed) throw new Failure('too_many_requests');
}
