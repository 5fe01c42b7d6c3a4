import { parseFact, readForm } from '$lib/domain/fact-form';
import { definitionOf } from '$lib/domain/facts';
import type { FieldError } from '$lib/domain/form-values';
import { first } from '$lib/domain/form-values';
import { weekTable } from '$lib/domain/opening-hours';
import type { Category } from '$lib/domain/taxonomy';

/** The fact that a field belongs to: a position has two fields, closures three a row. */
function factOf(field: string): string {
	if (field === 'lat' || field === 'lon') return 'position';
	return field.replace(/\.\d+\.(from|to|reason)$/, '');
}

/**
 * What is wrong with one field as it was left, in the server's own words; null: nothing. Undefined: that is not known here, so whatever the server
 * has said of it stands; so it is with an empty one, which may be filled in later. A module of its own, loaded when somebody types, because of the
 * telephone numbers it knows.
 */
export function checkField(form: FormData, field: string, category: Category | undefined): FieldError | null | undefined {
	const values = readForm(form);
	if (field === 'visitor_email') {
		// A place's address may be less long than a visitor's: its other rule is not hers.
		const parsed = parseFact({ email: values[field] ?? [] }, 'email', { category, checkHours: () => true });
		const wrong = 'errors' in parsed && parsed.errors.find(({ error }) => error === 'bad_email');
		return wrong ? { ...wrong, field } : null;
	}
	const fact = factOf(field);
	if (!definitionOf(fact) && !fact.startsWith('extra.')) return undefined;
	if (fact === 'position' && (!first(values, 'lat').trim() || !first(values, 'lon').trim())) return undefined;
	// opening_hours.js weighs a megabyte: what our own tables can show is near enough until the server has looked.
	const parsed = parseFact(values, fact, { category, checkHours: (hours) => weekTable(hours) !== null });
	const error = 'errors' in parsed ? parsed.errors[0] : undefined;
	return error?.error === 'required' ? undefined : (error ?? null);
}
