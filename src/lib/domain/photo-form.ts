import type { FormValues } from './form-values.ts';
import { first } from './form-values.ts';
import type { Operation } from './proposal.ts';
import { uuid } from './uuid.ts';

const idsIn = (values: FormValues, field: string): string[] => [...new Set((values[field] ?? []).filter((id) => uuid.test(id)))];

/** Photos that were sent with this form already: it names them when it comes again. */
export const sentPhotos = (values: FormValues): string[] => idsIn(values, 'photo');

/** What is said of each photo sent: what one sees on it, and whether its author gives it. */
export function photoWords(values: FormValues, id: string): { alt: string; ownWork: boolean } {
	return { alt: first(values, `photo_alt:${id}`).trim(), ownWork: first(values, `photo_own:${id}`) !== '' };
}

/** The operation on `photos` that a form asks for; none when it adds and removes nothing. `creating` gives the list whole. */
export function photoOperations(values: FormValues, creating: boolean): Operation[] {
	const dropped = new Set(idsIn(values, 'photo_remove'));
	const add = sentPhotos(values).filter((id) => !dropped.has(id));
	const remove = [...dropped].filter((id) => !sentPhotos(values).includes(id));
	if (add.length + remove.length === 0) return [];
	return creating ? [{ fact: 'photos', old: null, new: add }] : [{ fact: 'photos', add, remove }];
}

/** The ids that a value of the fact `photos` lists, whether it is the stored list or what everyone reads of it. */
export function photoIds(value: unknown): string[] {
	if (!Array.isArray(value)) return [];
	return value.flatMap((item: unknown) => {
		if (typeof item === 'string') return [item];
		const id = typeof item === 'object' && item !== null && 'id' in item ? item.id : null;
		return typeof id === 'string' ? [id] : [];
	});
}
