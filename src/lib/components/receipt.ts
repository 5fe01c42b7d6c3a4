import type { Lane } from '$lib/domain/report';

/** What somebody is given for what she sent. Without an account: a code and a link, which nobody can tell her again. */
export interface VisitorReceipt {
	/** « 1B4E-28BA ». */
	reference: string;
	/** ISO 8601. */
	receivedAt: string;
	lane: Lane;
	/** A confirmation leaves by mail. */
	mailed: boolean;
	/** Nothing waits: the page says so already, or nothing of it may be proposed. */
	done: boolean;
	/** Null for who is signed in. */
	code: string | null;
	link: string | null;
	/** Where the code is typed, as a person writes it. */
	followAddress: string;
	territory: string;
	service: { name: string; email?: string; url?: string };
}
