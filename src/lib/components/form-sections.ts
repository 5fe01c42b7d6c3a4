import { definitionOf, extraDefinition, factGroups } from '$lib/domain/facts';
import type { FactDefinition, FactGroup } from '$lib/domain/facts';
import type { FormValues } from '$lib/domain/form-values';
import type { Category, ExtraFact } from '$lib/domain/taxonomy';

type Definition = FactDefinition & { extra?: ExtraFact };

/** What a form asks first; the rest of it is a section to open. */
const essential: ReadonlySet<string> = new Set([
	'name',
	'category',
	'address',
	'postcode',
	'city',
	'position',
	'precision',
	'opening_hours',
	'phone'
]);

/** These always say something, which is no news. */
const usual: Readonly<Record<string, string>> = { openness: 'open', precision: 'exact', kind: '', licence: '', steward: '' };

export interface FormPart {
	group: FactGroup;
	/** Always in sight. */
	first: Definition[];
	/** Folded away while they hold nothing. */
	more: Definition[];
}

/** The parts of a form that asks these facts, in order; the category's own facts lead their part, those it needs in sight. */
export function formParts(asked: readonly string[], category: Category | undefined): FormPart[] {
	const extras = Object.entries(category?.extraFacts ?? {}).map(([key, extra]) => extraDefinition(key, extra));
	const core = asked.flatMap((fact): Definition[] => (fact.startsWith('extra.') ? [] : [definitionOf(fact) ?? []].flat()));
	return factGroups.flatMap((group) => {
		const definitions = core.filter((definition) => definition.group === group);
		const first = definitions.filter(({ fact }) => essential.has(fact));
		const more = definitions.filter(({ fact }) => !essential.has(fact));
		const own = extras.filter((extra) => extra.group === group);
		first.push(...own.filter(({ required }) => required));
		const optional = own.filter(({ required }) => !required);
		if (group === 'what') more.unshift(...optional);
		else more.push(...optional);
		return first.length + more.length > 0 || group === 'offers' ? [{ group, first, more }] : [];
	});
}

/** Whether a section has something to show: a value that is not the usual one, or a mistake. */
export function holds(definitions: readonly Definition[], values: FormValues, errors: Record<string, string>): boolean {
	return definitions.some(({ fact, type }) => {
		const prefix = type === 'openness_by_fact' ? 'openness_of.' : `${fact}.`;
		const fields = [...new Set([...Object.keys(values), ...Object.keys(errors)])].filter(
			(field) => field === fact || field.startsWith(prefix)
		);
		return fields.some((field) => {
			const said =
				(values[field] ?? []).some(Boolean) && !(fact in usual && (usual[fact] === '' || values[field]?.[0] === usual[fact]));
			return said || field in errors;
		});
	});
}
