import { fail } from '@sveltejs/kit';
import { datasetReportForm, datasetReportKinds } from '$lib/domain/dataset-report';
import { readForm } from '$lib/domain/fact-form';
import { first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import { complaints } from '$lib/server/account';
import { shown } from '$lib/server/errors';
import { reportValues, sendReport } from '../../../places/reporting.server';
import { currentView } from '../../../view';
import { datasetOfPage } from '../reported.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { slug, title } = datasetOfPage(currentView(), event.params.dataset, 'report');
	if (event.request.method === 'POST') return { slug, title, values: {} as FormValues };
	const asked = datasetReportKinds.find((kind) => kind === event.url.searchParams.get('kind'));
	return { slug, title, values: await reportValues(event, asked ? { kind: [asked] } : {}) };
};

export const actions: Actions = {
	default: async (event) => {
		const values = readForm(await event.request.formData());
		const { slug } = datasetOfPage(currentView(), event.params.dataset, 'report');
		const parsed = datasetReportForm.safeParse({
			kind: first(values, 'kind'),
			text: first(values, 'text'),
			email: first(values, 'visitor_email')
		});
		if (!parsed.success) return fail(400, { values, errors: complaints(parsed.error) });
		const { kind, text } = parsed.data;
		try {
			return { values, receipt: await sendReport(event, values, { dataset: slug, kind, text }) };
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { values, failure });
		}
	}
};
