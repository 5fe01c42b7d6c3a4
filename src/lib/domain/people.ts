import type { PlaceFreshness } from './freshness.ts';
import type { Identifiers } from './identifiers.ts';
import type { Assurance } from './place.ts';
import type { Openness } from './openness.ts';
import type { GrantRole, Role } from './roles.ts';
import type { Organisation } from './taxonomy.ts';

export type MembershipRole = 'member' | 'manager';
export type InvitedRole = 'agent' | 'moderator' | 'coordinator';

/** What an invitation offers: a role, a membership, or both. No areas or themes means all of them. */
export interface Offered {
	role: InvitedRole | null;
	areas: string[] | null;
	themes: string[] | null;
	organisation: string | null;
	membershipRole: MembershipRole | null;
}

/** What a link offers to who opened it. */
export interface OpenedInvitation extends Offered {
	organisationName: string | null;
	expiresAt: string;
	accepted: boolean;
}

/** One that waits. `email` is masked (`m…@exemple.fr`), null for a link that was copied. */
export interface PendingInvitation extends Offered {
	id: string;
	email: string | null;
	/** The name of who invited; null for the service. */
	by: string | null;
	createdAt: string;
	mailedAt: string | null;
	expiresAt: string;
}

export interface Colleague {
	contributorId: string;
	name: string | null;
	role: MembershipRole;
	me: boolean;
	since: string;
}

/** A place as its organisation's page lists it: enough to tell how fresh it is. `known` are the facts that have a value. */
export interface KeptPlace {
	id: string;
	slug: string;
	name: string;
	category: string;
	area: string | null;
	openness: Openness;
	withheld: boolean;
	known: string[];
	assurances: Record<string, Pick<Assurance, 'on'>>;
}

/** Something that waits about the organisation's places, or in its name. */
export interface WaitingProposal {
	id: string;
	kind: string;
	state: 'open' | 'asked';
	placeId: string | null;
	placeName: string | null;
	byRole: Role;
	/** Made in the organisation's name. */
	ours: boolean;
	/** The reader's own, or entrusted to her. */
	mine: boolean;
	facts: string[];
	createdAt: string;
}

/** Who read what a place shares with partners, without a name. */
export interface ReadingCount {
	placeId: string;
	placeName: string;
	byRole: 'partner' | 'agent' | 'moderator' | 'coordinator';
	byOrganisation: string | null;
	times: number;
	facts: string[];
	/** A day. */
	lastOn: string;
}

/** An organisation's own page. `role` is the reader's; null for a coordinator who is no member. */
export interface OrganisationSpace {
	organisation: Organisation & Identifiers;
	role: MembershipRole | null;
	coordinates: boolean;
	/** When she last said that she still is the manager, and when she was asked since. */
	confirmedAt: string | null;
	askedAt: string | null;
	colleagues: Colleague[];
	invitations: PendingInvitation[];
	placesCount: number;
	places: KeptPlace[];
	proposals: WaitingProposal[];
	/** For managers and coordinators. */
	readings: ReadingCount[] | null;
}

/** A right and who holds it: a person, or an organisation for `publisher`. */
export interface HeldGrant {
	id: string;
	contributorId: string | null;
	name: string | null;
	organisation: string | null;
	role: GrantRole;
	areas: string[] | null;
	themes: string[] | null;
	mine: boolean;
}

/** What a coordinator sees of people: rights she could have given, what waits, and who does not answer. */
export interface PeopleOverview {
	grants: HeldGrant[];
	invitations: PendingInvitation[];
	unanswered: { organisation: string; name: string | null; askedAt: string }[];
	/** Slugs of organisations that keep places but have no manager. */
	unkept: string[];
	/** By month `YYYY-MM`; null for who coordinates a part only. */
	readings: { month: string; readings: number; places: number }[] | null;
}

/** Whether the last manager would leave nobody behind: she hands over first. */
export function mustHandOver(colleagues: readonly Pick<Colleague, 'role' | 'me'>[]): boolean {
	const managers = colleagues.filter(({ role }) => role === 'manager');
	return managers.length === 1 && managers[0]!.me;
}

/** The places of an organisation, those longest without a word first: never checked, then by the oldest day. */
export function stalestFirst<T extends PlaceFreshness>(places: readonly T[]): T[] {
	return [...places].sort((a, b) => (a.verifiedAt ?? '').localeCompare(b.verifiedAt ?? ''));
}
