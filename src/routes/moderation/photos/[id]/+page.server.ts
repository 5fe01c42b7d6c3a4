import { error, fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { reasonCodes } from '$lib/domain/decision';
import { readForm } from '$lib/domain/fact-form';
import { first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import { isEmptyMask } from '$lib/domain/photo';
import { maskSchema } from '$lib/domain/photo-mask';
import type { Mask } from '$lib/domain/photo';
import { uuid } from '$lib/domain/uuid';
import { m } from '$lib/paraglide/messages';
import { see, withhold } from '$lib/server/db/photos';
import { shown } from '$lib/server/errors';
import { maskKept } from '$lib/server/photos/keep';
import { orErrorPage } from '../../../failing.server';
import { requireModerator } from '../../deciding.server';
import type { Actions, PageServerLoad } from './$types';

/** The item of the queue that she came from. */
const itemOf = ({ url }: Pick<RequestEvent, 'url'>): string | null => {
	const item = url.searchParams.get('item') ?? '';
	return uuid.test(item) ? item : null;
};

export const load: PageServerLoad = async (event) => {
	await requireModerator(event);
	const { id } = event.params;
	const [photo] = uuid.test(id) ? await orErrorPage(see(event.locals.supabase, [id])) : [];
	if (!photo) error(404, m.error_not_found());
	if (photo.state === 'removed') error(410, m.photos_desk_gone());
	if (!photo.decides) error(403, m.moderation_not_yours());
	return { photo, item: itemOf(event), done: event.url.searchParams.get('done') };
};

/** Strokes and frames of the editor, or the four numbers of the plain form; null when that is neither. */
function maskIn(values: FormValues): Mask | null {
	const drawn = first(values, 'mask');
	if (drawn) {
		try {
			return maskSchema.safeParse(JSON.parse(drawn)).data ?? null;
		} catch {
			return null;
		}
	}
	const [x = Number.NaN, y, width, height] = ['x', 'y', 'width', 'height'].map(
		(field) => Number(first(values, field) || Number.NaN) / 100
	);
	return maskSchema.safeParse({ rectangles: [{ x, y, width, height }], strokes: [] }).data ?? null;
}

/** Runs one act on the photo; `to` is the photo to show afterwards. */
async function act(event: RequestEvent, done: string, run: (values: FormValues, id: string) => Promise<string>) {
	const id = event.params['id'] ?? '';
	const values = readForm(await event.request.formData());
	let to: string;
	try {
		to = await run(values, id);
	} catch (thrown) {
		const { status, ...failure } = shown(thrown);
		return fail(status, { values, failure });
	}
	const item = itemOf(event);
	redirect(303, `/moderation/photos/${to}?done=${done}${item ? `&item=${item}` : ''}`);
}

export const actions: Actions = {
	mask: async (event) => {
		const values = readForm(await event.request.clone().formData());
		const mask = maskIn(values);
		if (!mask || isEmptyMask(mask)) return fail(400, { values, empty: true });
		return act(event, 'masked', (_values, id) => maskKept(event.locals.supabase, id, mask));
	},
	withhold: (event) =>
		act(event, 'withheld', async (values, id) => {
			const reason = reasonCodes.find((code) => code === first(values, 'reason_code')) ?? 'personal_data';
			await withhold(event.locals.supabase, id, reason);
			return id;
		}),
	release: (event) =>
		act(event, 'released', async (_values, id) => {
			await withhold(event.locals.supabase, id, null);
			return id;
		})
};
