import follow from '../../../static/examples/follow.mjs?raw';
import { currentEdition, nationalOf, portalOf } from './portal.server';
import type { PageServerLoad } from './$types';

/** The portal: everything there is to say something of, and as of when. */
export const load: PageServerLoad = async ({ url }) => {
	const edition = currentEdition(url.origin);
	const { settings, changedAt, seq } = edition.view;
	return {
		...(await portalOf(edition)),
		national: await nationalOf(edition),
		/** With the address of this site where it says how to start it. */
		follow: follow.replace('https://carte.example', edition.origin),
		licence: settings.licence.id,
		contact: settings.contact,
		changedAt,
		seq
	};
};
