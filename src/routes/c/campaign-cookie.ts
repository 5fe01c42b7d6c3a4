import type { Cookies } from '@sveltejs/kit';

const name = 'campaign';
/** An afternoon's workshop, not the next visitor of the same tablet. */
const maxAge = 12 * 3600;
const slug = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Remembers for this visit that contributions belong to a campaign. Needed for what was asked, hence no consent (LIL art. 82). */
export function rememberCampaign(cookies: Cookies, campaign: string, secure: boolean): void {
	cookies.set(name, campaign, { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge });
}

/** The campaign of this visit; null when there is none. */
export function campaignOf(cookies: Pick<Cookies, 'get'>): string | null {
	const campaign = cookies.get(name) ?? '';
	return slug.test(campaign) && campaign.length <= 60 ? campaign : null;
}

export function forgetCampaign(cookies: Cookies): void {
	cookies.delete(name, { path: '/' });
}
