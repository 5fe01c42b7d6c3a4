import { createHash, randomBytes } from 'node:crypto';

const day = 86_400_000;
const mostKeys = 100_000;

/** What is counted, how often, in which window (milliseconds). */
export interface Limit {
	name: string;
	max: number;
	windowMs: number;
}

export interface Verdict {
	allowed: boolean;
	/** Seconds until a try is allowed again; 0 when allowed. */
	retryAfter: number;
}

/**
 * Counts tries in memory. Keys are hashed with a salt that lives for a day in this process only, so that no address is kept and
 * none can be recognised the day after. Several web nodes each count their own: a limit slows guessing, it is no permission.
 */
export class RateLimiter {
	#tries = new Map<string, number[]>();
	#salt = randomBytes(16);
	#saltDay = 0;

	/** Notes a try of `who` (any strings, such as an e-mail and a network) and says whether it may go on. @param now milliseconds */
	take(limit: Limit, who: readonly string[], now: number): Verdict {
		const key = this.#key(limit.name, who, now);
		const recent = (this.#tries.get(key) ?? []).filter((at) => at > now - limit.windowMs);
		if (recent.length >= limit.max) {
			this.#tries.set(key, recent);
			return { allowed: false, retryAfter: Math.max(1, Math.ceil(((recent[0] ?? now) + limit.windowMs - now) / 1000)) };
		}
		this.#tries.delete(key);
		this.#tries.set(key, [...recent, now]);
		this.#forgetOldest();
		return { allowed: true, retryAfter: 0 };
	}

	/** After a success the tries before it don't count any more. */
	forget(limit: Limit, who: readonly string[], now: number): void {
		this.#tries.delete(this.#key(limit.name, who, now));
	}

	/** Takes the newest try back: nobody answered it, so it told nothing. */
	giveBack(limit: Limit, who: readonly string[], now: number): void {
		this.#tries.get(this.#key(limit.name, who, now))?.pop();
	}

	#key(name: string, who: readonly string[], now: number): string {
		const today = Math.floor(now / day);
		if (today !== this.#saltDay) {
			this.#salt = randomBytes(16);
			this.#saltDay = today;
			this.#tries.clear();
		}
		return createHash('sha256')
			.update(this.#salt)
			.update(JSON.stringify([name, who]))
			.digest('base64url');
	}

	/** A Map keeps the order of insertion, and a try re-inserts its key: the first ones are the oldest. */
	#forgetOldest(): void {
		for (const key of this.#tries.keys()) {
			if (this.#tries.size <= mostKeys) return;
			this.#tries.delete(key);
		}
	}
}

/** The network of an address: neighbours behind one line, a whole /24 (IPv4) or /56 (IPv6), count together. */
export function networkOf(address: string): string {
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
	if (/^\d+\.\d+\.\d+\.\d+$/.test(mapped)) return mapped.split('.').slice(0, 3).join('.');
	return expandIpv6(mapped).slice(0, 14);
}

/** The 32 hexadecimal digits of an IPv6 address; anything else is taken as it is. */
function expandIpv6(address: string): string {
	const [head = '', tail] = address.replace(/%.*$/, '').toLowerCase().split('::');
	const before = head === '' ? [] : head.split(':');
	const after = tail ? tail.split(':') : [];
	const gap = tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
	return [...before, ...gap, ...after].map((group) => group.padStart(4, '0')).join('');
}

const fiveMinutes = 300_000;

/** Limits of the forms that an attacker would try in a loop. */
export const limits = {
	signIn: { name: 'sign-in', max: 10, windowMs: fiveMinutes },
	signInNetwork: { name: 'sign-in-network', max: 60, windowMs: fiveMinutes },
	signUp: { name: 'sign-up', max: 10, windowMs: 12 * fiveMinutes },
	reset: { name: 'reset', max: 5, windowMs: 12 * fiveMinutes },
	// A hundred photos of a walk, and its neighbours.
	photo: { name: 'photo', max: 200, windowMs: 12 * fiveMinutes },
	// Nobody vouched for whoever sends these.
	visitorPhoto: { name: 'visitor-photo', max: 60, windowMs: 12 * fiveMinutes },
	token: { name: 'token', max: 30, windowMs: fiveMinutes },
	// A school, a library and half a mobile operator share one network: past these, what is proven loses its place in the queue, not its way in.
	visitor: { name: 'visitor', max: 60, windowMs: 12 * fiveMinutes },
	visitorDay: { name: 'visitor-day', max: 200, windowMs: day },
	unproven: { name: 'unproven', max: 20, windowMs: 12 * fiveMinutes },
	unprovenDay: { name: 'unproven-day', max: 60, windowMs: day },
	report: { name: 'report', max: 30, windowMs: 12 * fiveMinutes },
	follow: { name: 'follow', max: 30, windowMs: fiveMinutes }
} as const satisfies Record<string, Limit>;

export const rateLimiter = new RateLimiter();
