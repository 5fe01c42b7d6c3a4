import { isHttpError } from '@sveltejs/kit';
import { defaultSettings } from '$lib/server/published/reference';
import type { LayoutServerLoad } from './$types';
import { currentView } from './view';

export const load: LayoutServerLoad = ({ locals }) => {
	const { territory, licence, demo, contact } = settings();
	return { territory: territory.name, licence: licence.id, demo: demo.on, contact, signedIn: locals.flagged };
};

/** The frame stands even before the first snapshot, so that the page can say that it is coming. */
function settings() {
	try {
		return currentView().settings;
	} catch (failure) {
		if (isHttpError(failure)) return defaultSettings;
		throw failure;
	}
}
