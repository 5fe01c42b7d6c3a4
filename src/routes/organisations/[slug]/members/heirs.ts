import type { Colleague } from '$lib/domain/people';
import { m } from '$lib/paraglide/messages';

/** How a colleague is called here; not everyone gave a name. */
export const nameOf = ({ name }: Pick<Colleague, 'name'>): string => name ?? m.people_no_name();

/** Those who can take over from somebody; nobody is a choice unless the organisation would be left without a manager. */
export function heirOptions(colleagues: readonly Colleague[], from: string, nobody = true): { value: string; label: string }[] {
	const others = colleagues.filter(({ contributorId }) => contributorId !== from);
	return [
		...(nobody ? [{ value: '', label: m.people_heir_nobody() }] : []),
		...others.map((other) => ({ value: other.contributorId, label: nameOf(other) }))
	];
}
