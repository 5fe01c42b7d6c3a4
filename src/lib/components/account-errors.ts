import { m } from '$lib/paraglide/messages';

type Errors = Partial<Record<string, string>> | null | undefined;

/** What to do about a field, by the code that the server gave. */
const sentences: Record<string, () => string> = {
	email: m.account_error_email,
	email_same: m.people_email_same,
	password: m.account_error_password,
	credentials: m.account_error_credentials,
	password_short: m.account_error_password_short,
	password_long: m.account_error_password_long,
	password_same: m.account_error_password_same,
	name: m.account_error_name,
	session: m.account_error_session,
	link: m.account_error_link,
	invitation: m.account_error_invitation
};

/** The sentence under a field, or null when it is right. */
export function accountError(errors: Errors, field: string): string | null {
	const code = errors?.[field];
	return code ? (sentences[code] ?? m.error_unexpected)() : null;
}

/** A failure of the whole form. */
export function accountFailure(code: string): string {
	if (code === 'database_away') return m.account_failure_away();
	if (code === 'too_many_requests') return m.account_failure_too_many();
	return (sentences[code] ?? m.error_unexpected)();
}
