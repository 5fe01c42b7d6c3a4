import { fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { createHash, randomUUID } from 'node:crypto';
import type { FormTaxonomy } from '$lib/components/form-context';
import type { Candidate } from '$lib/components/PositionPicker.svelte';
import { parseCoordinates } from '$lib/domain/coordinates';
import { parseForm, readForm } from '$lib/domain/fact-form';
import { fold } from '$lib/domain/fold';
import { cut, first } from '$lib/domain/form-values';
import type { FieldError, FormValues } from '$lib/domain/form-values';
import { checkOpeningHours } from '$lib/domain/opening-hours-check';
import { photoOperations } from '$lib/domain/photo-form';
import { operationsBetween } from '$lib/domain/proposal';
import type { Answer, FactValues, Proposal } from '$lib/domain/proposal';
import type { Viewer } from '$lib/domain/roles';
import { uuid } from '$lib/domain/uuid';
import { dayIn } from '$lib/i18n/format';
import { submit } from '$lib/server/db/proposals';
import { shown } from '$lib/server/errors';
import { registrarOf } from '$lib/server/photos/keep';
import { published } from '$lib/server/published/instance';
import { orErrorPage } from '../failing.server';
import { gatheringOf } from './gathering.server';
import { describeSentPhotos, keepSentPhotos } from './photo-form.server';
import type { WithPhotos } from './photo-form.server';
import { meaningOf, namedAreas, placedErrors, reviewOf, wordsOf } from './reviewing.server';
import { contributeAsVisitor, isVisitor, photoRegistrar } from './visiting.server';

/** Who is signed in, or the sign-in page with the way back. */
export async function requireViewer({ locals, url }: Pick<RequestEvent, 'locals' | 'url'>): Promise<Viewer> {
	const viewer = await orErrorPage(locals.viewer());
	if (!viewer) redirect(303, `/sign-in?to=${encodeURIComponent(url.pathname + url.search)}`);
	return viewer;
}

/** What a form about a place shows of the taxonomy; from the snapshot, so that a form can be shown again while the database is away. */
export function formTaxonomy(): FormTaxonomy {
	const { reference, settings } = published().current();
	return {
		themes: reference.themes.map(({ slug, label }) => ({ slug, label })),
		categories: reference.categories,
		organisations: reference.organisations.map(({ slug, name }) => ({ slug, name })),
		areas: namedAreas(),
		bbox: settings.territory.bbox,
		today: dayIn(settings.time.zone, new Date())
	};
}

/** The posted fields; a point chosen among those found takes the place of the coordinates. */
export async function postedForm(request: Request): Promise<FormValues> {
	return fieldsOf(await request.formData());
}

function fieldsOf(data: FormData): FormValues {
	const values = readForm(data);
	const [lon, lat] = first(values, 'position_choice').split(',');
	return lon && lat ? { ...values, lon: [lon], lat: [lat] } : values;
}

/** The same with the pictures that came along, kept; `target` is the place they are for, null for a new one. */
async function postedWithPhotos(event: RequestEvent, target: string | null): Promise<WithPhotos> {
	const data = await event.request.formData();
	const values = fieldsOf(data);
	return keepSentPhotos(event, data, values, target ?? formIdOf(values), () => photoRegistrar(event, values, formIdOf(values)));
}

/** Up to six points that an address, a place's name or an area's name may mean, from the snapshot. */
export function locate(values: FormValues): Candidate[] {
	const text = first(values, 'position_text').trim();
	if (!text) return [];
	const pasted = parseCoordinates(text);
	if (pasted) return [{ value: `${pasted.lon},${pasted.lat}`, label: `${pasted.lat}, ${pasted.lon}`, where: '' }];
	const view = published().current();
	const { areaBySlug, areas } = view.reference;
	const places = view.search(text, { limit: 6 }).hits.map(({ place }) => {
		const { address, city, name } = place.facts;
		const where = [address, city ?? areaBySlug.get(place.area ?? '')?.name].filter(Boolean).join(', ');
		return { value: `${place.position.lon},${place.position.lat}`, label: name, where };
	});
	const named = areas.filter(({ name }) => fold(name).includes(fold(text))).slice(0, 3);
	const found = [...places, ...named.map(({ point, name }) => ({ value: `${point.lon},${point.lat}`, label: name, where: '' }))];
	return found.filter(({ value }, index) => found.findIndex((other) => other.value === value) === index).slice(0, 6);
}

/** The form again, with what was typed, for « Choisir » and « Chercher ». */
export async function again(event: RequestEvent) {
	const { values, failure } = await postedWithPhotos(event, event.params['id'] ?? null);
	if (failure) return fail(failure.status, { values, failure });
	return { values, candidates: event.url.searchParams.has('/locate') ? locate(values) : null };
}

/** What the form showed, as it said itself; null for a new place. Whatever else comes is nothing. */
function shownValues(values: FormValues): FactValues | null {
	try {
		const value: unknown = JSON.parse(first(values, 'shown') || 'null');
		return value && typeof value === 'object' && !Array.isArray(value) ? (value as FactValues) : null;
	} catch {
		return null;
	}
}

/**
 * The id of what is sent: the same form with the same content is the same proposal however often it is posted, while another content
 * (someone went back and changed a word) is another proposal.
 */
export function clientIdFor(formId: string, content: unknown): string {
	const hex = createHash('sha256')
		.update(`${formId}\n${JSON.stringify(content)}`)
		.digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const formIdOf = (values: FormValues): string =>
	uuid.test(first(values, 'client_id')) ? first(values, 'client_id') : randomUUID();

function suggestionsFor(values: FormValues, errors: FieldError[]): Record<string, string> {
	const doubted = errors.filter(({ error }) => error === 'bad_hours');
	return Object.fromEntries(
		doubted.flatMap(({ field }): [string, string][] => {
			const { normalised } = checkOpeningHours(first(values, field).trim());
			return normalised && checkOpeningHours(normalised).ok ? [[field, normalised]] : [];
		})
	);
}

/** Parses and sends the form; `target` is the place to change, null for a new one. Everything typed comes back when it cannot be sent. */
export async function send(event: RequestEvent, target: string | null) {
	const { values, failure } = await postedWithPhotos(event, target);
	if (failure) return fail(failure.status, { values, failure });
	const { categoryBySlug } = published().current().reference;
	const before = target === null ? null : shownValues(values);
	const category = categoryBySlug.get(first(values, 'category') || String(before?.['category'] ?? ''));
	const { facts, errors: wrong } = parseForm(meaningOf(values, target), {
		category,
		checkHours: (hours) => checkOpeningHours(hours).ok
	});
	const errors = placedErrors(values, wrong);
	if (errors.length > 0) return fail(400, { values, errors, suggestions: suggestionsFor(values, errors) });
	const operations = [...operationsBetween(before, facts), ...photoOperations(values, target === null)];
	if (operations.length === 0) return fail(400, { values, nothingChanged: true });
	const review = reviewOf(values, { operations, facts, category, target });
	if (review) return { values, review };
	const version = Number.parseInt(first(values, 'base_version'), 10);
	return propose(event, values, {
		...(target === null ? { kind: 'create', place_id: formIdOf(values) } : { kind: 'update', place_id: target }),
		...(Number.isInteger(version) ? { base_version: version } : {}),
		...noteOf(values),
		operations
	});
}

/** The word for the moderators, when there is one. */
export function noteOf(values: FormValues): { note?: string } {
	const note = cut([wordsOf(values), first(values, 'note').trim()].filter(Boolean).join('\n'), 2000);
	return note ? { note } : {};
}

/** Sends a proposal, or gives back what was typed with the reason. `act` tells a small form beside the big one. */
export async function propose(
	event: RequestEvent,
	values: FormValues,
	proposal: Omit<Proposal, 'client_id'>,
	act?: 'end' | 'reopen'
) {
	const content = { ...proposal, ...gatheringOf(event.cookies, values) };
	let answer: Answer;
	try {
		const identified = { ...content, client_id: clientIdFor(formIdOf(values), content) };
		if (await isVisitor(event, values)) return await contributeAsVisitor(event, values, formIdOf(values), identified);
		await describeSentPhotos(values, registrarOf(event.locals.supabase));
		answer = await submit(event.locals.supabase, identified);
	} catch (thrown) {
		const { status, ...failure } = shown(thrown);
		return fail(status, { values, failure, act });
	}
	return { sent: { answer, category: first(values, 'category') || String(shownValues(values)?.['category'] ?? '') } };
}
