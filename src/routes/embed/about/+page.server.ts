import { embedSitesOf, isForEverySite } from '$lib/domain/embed';
import { labelOf } from '$lib/i18n/words';
import { currentView } from '../../view';
import { wantedOf } from './snippet';
import type { PageServerLoad } from './$types';

/** Where a web master makes the frame that she pastes into her page. */
export const load: PageServerLoad = ({ url }) => {
	const { reference, settings } = currentView();
	const { themes, categories, areas, themeBySlug, areaBySlug } = reference;
	const sites = embedSitesOf(settings.embed);
	return {
		wanted: wantedOf(url.searchParams, {
			themes: themes.map(({ slug }) => slug),
			categories: new Map(categories.map(({ slug, theme }) => [slug, theme])),
			areas: areas.map(({ slug }) => slug)
		}),
		themes: themes.map(({ slug, label }) => ({ value: slug, label: labelOf(label) })),
		categories: categories.map(({ slug, label, theme }) => {
			const of = themeBySlug.get(theme);
			return { value: slug, label: labelOf(label), ...(of && { group: labelOf(of.label) }) };
		}),
		areas: areas.map(({ slug, name, parent }) => {
			const group = areaBySlug.get(parent ?? '')?.name;
			return { value: slug, label: name, ...(group && { group }) };
		}),
		/** Null: every site may show it. */
		sites: isForEverySite(sites) ? null : sites
	};
};
