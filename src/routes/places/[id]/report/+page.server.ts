import { fail } from '@sveltejs/kit';
import { readForm } from '$lib/domain/fact-form';
import { cut, first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import { damageToolOf, reportForm, reportKinds } from '$lib/domain/report';
import type { ReportForm } from '$lib/domain/report';
import { uuid } from '$lib/domain/uuid';
import { complaints } from '$lib/server/account';
import { shown } from '$lib/server/errors';
import { published } from '$lib/server/published/instance';
import { openPlace } from '../../open-place';
import { reportValues, sendReport } from '../../reporting.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const view = published().current();
	const place = openPlace(view, event.params.id, '/report');
	const tool = damageToolOf(view.settings.damage_tool);
	const page = { id: place.id, name: place.facts.name, tool };
	if (event.request.method === 'POST') return { ...page, values: {} as FormValues };
	const { searchParams } = event.url;
	const asked = reportKinds.find((kind) => kind === searchParams.get('kind'));
	const values = await reportValues(event, {
		...(asked ? { kind: [asked] } : {}),
		...(searchParams.get('photo') ? { photo: [searchParams.get('photo') ?? ''] } : {})
	});
	return { ...page, values };
};

function parse(values: FormValues) {
	const field = (name: string) => first(values, name);
	return reportForm.safeParse({
		kind: field('kind'),
		text: field('text'),
		url: field('url'),
		email: field('visitor_email'),
		name: field('visitor_name'),
		good_faith: field('good_faith') || undefined
	});
}

function reportOf(values: FormValues, placeId: string, said: ReportForm) {
	return {
		place_id: placeId,
		kind: said.kind,
		...(said.text ? { text: said.text } : {}),
		...(said.url ? { url: said.url } : {}),
		...(uuid.test(first(values, 'photo')) ? { photo_id: first(values, 'photo') } : {}),
		good_faith: Boolean(said.good_faith)
	};
}

export const actions: Actions = {
	default: async (event) => {
		const values = readForm(await event.request.formData());
		const view = published().current();
		const place = openPlace(view, event.params.id, '/report');
		const parsed = parse(values);
		if (first(values, 'kind') === 'damaged' && damageToolOf(view.settings.damage_tool)) {
			return { values, handedOver: cut(first(values, 'text'), 2000) };
		}
		if (!parsed.success) return fail(400, { values, errors: complaints(parsed.error) });
		try {
			return { values, receipt: await sendReport(event, values, reportOf(values, place.id, parsed.data)) };
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { values, failure });
		}
	}
};
