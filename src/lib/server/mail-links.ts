import { z } from 'zod';

/** What a link of our mails carries: `/auth/confirm?token_hash=…&type=…` (`supabase/templates/`). */
const link = z.object({
	token_hash: z.string().regex(/^[\w-]{16,200}$/),
	type: z.enum(['signup', 'recovery', 'magiclink', 'email_change', 'invite', 'email'])
});

export interface MailLink {
	tokenHash: string;
	type: z.output<typeof link>['type'];
}

/** Reads a mail's link from its query string or from the form that confirms it; null when it is not one of ours. */
export function readMailLink(values: URLSearchParams | FormData): MailLink | null {
	const parsed = link.safeParse({ token_hash: values.get('token_hash'), type: values.get('type') });
	return parsed.success ? { tokenHash: parsed.data.token_hash, type: parsed.data.type } : null;
}
