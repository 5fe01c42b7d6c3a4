import type { ProposalKind, ProposalState } from './proposal.ts';

/** How what is proposed came to its author; `web` is her own word. */
export const channels = ['web', 'counter', 'phone', 'meeting', 'paper'] as const;
export type Channel = (typeof channels)[number];

/** What the poster of a campaign says. Days are `YYYY-MM-DD`, both included. */
export interface Campaign {
	slug: string;
	title: string;
	/** A slug; null: anywhere. */
	area: string | null;
	startsOn: string;
	endsOn: string;
}

/** A campaign as its maker follows it. */
export interface FollowedCampaign extends Campaign {
	mine: boolean;
	total: number;
	waiting: number;
	accepted: number;
	refused: number;
}

/** One contribution to a campaign; it names no author. */
export interface CampaignItem {
	id: string;
	kind: ProposalKind | 'confirm';
	state: ProposalState;
	channel: Channel;
	createdAt: string;
	placeId: string | null;
	placeName: string | null;
	/** Its page can be read. */
	onMap: boolean;
}

/** « Fête du centre » → `fete-du-centre-2026`: an address to print on a poster, with the year so that the next one is free. */
export function campaignSlug(title: string, startsOn: string): string {
	const plain = title.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
	const words = plain
		.replaceAll(/[^a-z0-9]+/g, '-')
		.replaceAll(/^-+|-+$/g, '')
		.slice(0, 48)
		.replace(/-+$/, '');
	// A day that is none is said by who saves it.
	return `${words || 'campagne'}-${/^\d{4}/.exec(startsOn)?.[0] ?? 'date'}`;
}
