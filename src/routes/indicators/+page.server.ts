import { currentView } from '../view';
import type { PageServerLoad } from './$types';

/** The town's figures, from the published snapshot like everything that the public reads. */
export const load: PageServerLoad = () => {
	const { moderation, moderation_figures } = currentView().settings;
	return {
		target: moderation?.target_days ?? null,
		figures: moderation_figures ?? { until: null, months: [] }
	};
};
