import { parseFact } from '$lib/domain/fact-form';
import type { ProposalItem } from '$lib/domain/decision';
import type { FieldError, FormValues } from '$lib/domain/form-values';
import { checkOpeningHours } from '$lib/domain/opening-hours-check';
import { proposedValue, sameValue } from '$lib/domain/proposal';
import type { FactValues } from '$lib/domain/proposal';
import { published } from '$lib/server/published/instance';

/**
 * What the moderator changed of the facts that she accepts; what she left as it was proposed is no edit. Only facts that the form asked about
 * (`editable`) are read.
 */
export function editsIn(values: FormValues, item: ProposalItem | null): { edits: FactValues; errors: FieldError[] } {
	const edits: FactValues = {};
	const errors: FieldError[] = [];
	const { categoryBySlug } = published().current().reference;
	const category = categoryBySlug.get(categoryOf(item, values) ?? '');
	const accepted = new Set(values['facts'] ?? []);
	for (const operation of item?.operations ?? []) {
		const { fact } = operation;
		if (!accepted.has(fact) || !values['editable']?.includes(fact)) continue;
		const read = parseFact(values, fact, { category, checkHours: (hours) => checkOpeningHours(hours).ok });
		if ('errors' in read) errors.push(...read.errors);
		else if (!sameValue(read.value, proposedValue(operation))) edits[fact] = read.value;
	}
	return { edits, errors };
}

/** The category whose extra facts are read: the one proposed with them, else the place's. */
function categoryOf(item: ProposalItem | null, values: FormValues): string | null {
	if (values['editable']?.includes('category') && values['category']?.[0]) return values['category'][0];
	const proposed = item?.operations.find(({ fact }) => fact === 'category')?.new;
	return typeof proposed === 'string' ? proposed : (item?.category ?? null);
}
