import { cut, first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import { identifierNames, readIdentifier } from '$lib/domain/identifiers';
import type { Identifiers } from '$lib/domain/identifiers';
import { cleanText } from '$lib/domain/proposal';
import type { Organisation } from '$lib/domain/taxonomy';
import { message } from '$lib/i18n/words';
import * as errorInvalidWords from '$lib/paraglide/families/error_invalid';
import { m } from '$lib/paraglide/messages';
import type { SavedOrganisation } from '$lib/server/db/administration';
import { z } from 'zod';

const link = z.url({ protocol: /^https?$/ });
const kinds = z.enum(['public_service', 'association', 'collective', 'company']);

/** The form filled with what is known. */
export function organisationValues(organisation: Organisation): FormValues {
	const { name, kind, website, summary } = organisation;
	const numbers = Object.fromEntries(identifierNames.map((number) => [number, [organisation[number] ?? '']]));
	return { organisation_name: [name], kind: [kind], website: [website ?? ''], summary: [summary ?? ''], ...numbers };
}

/** What the form about an organisation says, or what is wrong with which field, in words. */
export function readOrganisation(
	values: FormValues
): { organisation: Omit<SavedOrganisation, 'slug'> } | { errors: Record<string, string> } {
	const text = (field: string, most: number) => cut(cleanText(first(values, field)), most);
	const errors: Record<string, string> = {};
	const name = text('organisation_name', 160);
	const website = text('website', 500);
	if (!name) errors['organisation_name'] = m.admin_error_organisation_name();
	if (website && !link.safeParse(website).success) errors['website'] = m.admin_error_organisation_website();
	const numbers: Partial<Identifiers> = {};
	for (const number of identifierNames) {
		const value = readIdentifier(number, first(values, number));
		if (value === undefined) errors[number] = message(errorInvalidWords, `error_invalid_${number}`);
		else numbers[number] = value;
	}
	if (Object.keys(errors).length > 0) return { errors };
	const kind = kinds.catch('association').parse(first(values, 'kind'));
	return { organisation: { name, kind, summary: text('summary', 500) || null, website: website || null, ...numbers } };
}
