import { existsSync } from 'node:fs';
import { isHttpError } from '@sveltejs/kit';
import { useTownZone } from '$lib/i18n/format';
import { wordFor } from '$lib/i18n/labels';
import { defaultSettings } from '$lib/server/published/reference';
import type { Basemap } from '$lib/map/view';
import { config } from '$lib/server/environment';
import type { LayoutServerLoad } from './$types';
import { currentView } from './view';

export const load: LayoutServerLoad = ({ locals }) => {
	const { territory, licence, demo, contact, time } = settings();
	useTownZone(time.zone);
	return {
		zone: time.zone,
		// A new town's map has no name of its own yet.
		territory: territory.name === 'Alentour' ? '' : territory.name,
		licence: licence.id,
		/** In words, for the foot of every page. */
		licenceName: wordFor('licence', licence.id),
		demo: demo.on,
		contact,
		signedIn: locals.flagged,
		basemap: basemap(demo.on)
	};
};

/** The demonstration brings a map traced by hand; a town's own comes from its settings. */
function basemap(demo: boolean): Basemap {
	const { basemapStyleUrl: style, basemapPmtiles: file } = config();
	return {
		style: style === 'builtin' ? null : style,
		drawn: demo ? '/basemap/nantes.geojson' : null,
		archive: file && existsSync(file) ? '/basemap/base.pmtiles' : null
	};
}

/** The frame stands even before the first snapshot, so that the page can say that it is coming. */
function settings() {
	try {
		return currentView().settings;
	} catch (failure) {
		if (isHttpError(failure)) return defaultSettings;
		throw failure;
	}
}
