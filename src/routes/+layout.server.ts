import { published } from '$lib/server/published/instance';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ cookies }) => {
	const { settings } = published().current();
	return {
		territory: settings.territory.name,
		licence: settings.licence.id,
		demo: settings.demo.on,
		signedIn: cookies.get('alentour_signed_in') === '1'
	};
};
