/** What the schema has for a street in which houses have no numbers. */
const noNumber = '99999';

/**
 * `2 bis rue de l’Hôtel-de-Ville` → `2 bis` and `rue de l'Hôtel-de-Ville`: number with its suffix, then the name with the apostrophe
 * and the ligatures of typewriters, for the pattern of SCDL knows no others. Null where nothing is known.
 */
export function splitAddress(address: string | null): { number: string; name: string } | null {
	const text = plain(address);
	if (text === null) return null;
	const [, number, name] = /^(\d+(?:\s?[/-]\s?\d+)?(?:\s?(?:bis|ter|quater|[a-z]\d?))?)(?:\s*,\s*|\s+)(.+)$/i.exec(text) ?? [];
	if (number === undefined || name === undefined) return { number: noNumber, name: text };
	const tidy = number
		.toLowerCase()
		.replace(/\s?[/-]\s?/, '/')
		.replace(/^(\d+)(?=[a-z])/, '$1 ');
	return { number: tidy, name };
}

/** The name of a town as the post writes it, a blank for the apostrophe (NF Z 10-011): the pattern of SCDL knows none. */
export function postalTown(city: string | null): string | null {
	return plain(city)?.replaceAll("'", ' ') ?? null;
}

function plain(text: string | null): string | null {
	const tidy = (text ?? '')
		.normalize('NFC')
		.replaceAll(/[’ʼ]/g, "'")
		.replaceAll('œ', 'oe')
		.replaceAll('Œ', 'Oe')
		.replaceAll(/\s+/g, ' ')
		.trim();
	return tidy === '' ? null : tidy;
}
