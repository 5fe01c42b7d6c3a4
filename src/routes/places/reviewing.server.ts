import type { Review } from '$lib/components/review';
import type { FormTaxonomy } from '$lib/components/form-context';
import { cut, first } from '$lib/domain/form-values';
import type { FieldError, FormValues } from '$lib/domain/form-values';
import type { LonLat } from '$lib/domain/place';
import { findPersonalData } from '$lib/domain/personal-data';
import type { FactValues, Operation } from '$lib/domain/proposal';
import type { Category } from '$lib/domain/taxonomy';
import { m } from '$lib/paraglide/messages';
import { published } from '$lib/server/published/instance';
import { twinsOf } from './likely.server';

/** Quartiers and communes that somebody may name instead of a point. */
export function namedAreas(): FormTaxonomy['areas'] {
	const { areas, areaBySlug } = published().current().reference;
	return areas.map(({ slug, name, parent }) => {
		const within = areaBySlug.get(parent ?? '')?.name;
		return { slug, name: within ? `${name} (${within})` : name };
	});
}

const pointless = (values: FormValues): boolean => first(values, 'lat').trim() === '' && first(values, 'lon').trim() === '';

/**
 * What a new place's form means: its category says its kind unless its author does, and a place that is only described stands in the middle
 * of its quartier, for which alone it is then shown.
 */
export function meaningOf(values: FormValues, target: string | null): FormValues {
	if (target !== null) return values;
	const asked = (values['asked'] ?? []).flatMap((names) => names.split(','));
	const unsaid = first(values, 'kind') === '' ? ['kind'] : [];
	const known = { ...values, asked: asked.filter((fact) => !unsaid.includes(fact)) };
	const area = published().current().reference.areaBySlug.get(first(values, 'position_area'));
	if (!area || !first(values, 'position_words').trim() || !pointless(values)) return known;
	return { ...known, lat: [String(area.point.lat)], lon: [String(area.point.lon)], precision: ['area'] };
}

/** Words for a place that has no point need its quartier: the mistake is there, not in the coordinates. */
export function placedErrors(values: FormValues, errors: FieldError[]): FieldError[] {
	const inWords = first(values, 'position_words').trim() !== '' && pointless(values);
	return errors.map((error) => (inWords && error.fact === 'position' ? { ...error, field: 'position_area' } : error));
}

/** The words for where it is, as the moderators read them in the note. */
export function wordsOf(values: FormValues): string {
	const words = cut(first(values, 'position_words').trim(), 300);
	return words ? m.form_words_note({ words }) : '';
}

/** Facts that the public will read as they are proposed: the place's openness and each fact's own are heeded. */
function publicOnes(operations: Operation[], facts: FactValues, category: Category | undefined): Record<string, unknown> {
	const openness = facts['openness'];
	if (openness && openness !== 'open') return {};
	const own = (facts['fact_openness'] ?? {}) as Record<string, string>;
	return Object.fromEntries(
		operations.flatMap((operation): [string, unknown][] => {
			const closed = (own[operation.fact] ?? category?.factOpenness[operation.fact] ?? 'open') !== 'open';
			return closed || !('new' in operation) ? [] : [[operation.fact, operation.new]];
		})
	);
}

interface Filled {
	operations: Operation[];
	facts: FactValues;
	category: Category | undefined;
	target: string | null;
}

/** What to look at again before this is sent; null when there is nothing, or it was shown already. */
export function reviewOf(values: FormValues, { operations, facts, category, target }: Filled): Review | null {
	const typed = { name: String(facts['name'] ?? ''), position: (facts['position'] ?? null) as LonLat | null };
	const twins = target === null ? twinsOf(typed, first(values, 'client_id')) : [];
	const findings = findPersonalData(publicOnes(operations, facts, category));
	const keys = [...twins.map(({ id }) => id), ...findings.map(({ fact, kind, found }) => `${fact}:${kind}:${found}`)];
	const seen = new Set(first(values, 'reviewed').split('\n'));
	return keys.every((key) => seen.has(key))
		? null
		: { twins, findings, key: [...seen, ...keys].filter(Boolean).slice(-60).join('\n') };
}
