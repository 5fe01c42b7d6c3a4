/**
 * Numbers by which public registers know an organisation: checked when given, never required. The database obeys the same rules
 * (`private.check_number`); both are tested on `test/support/identifier-cases.json`.
 */
export const identifierNames = ['siret', 'rna', 'amalia'] as const;
export type IdentifierName = (typeof identifierNames)[number];
export type Identifiers = Record<IdentifierName, string | null>;

/** As registers write them: capitals, and nothing between the signs; empty when nothing is left. */
export function cleanNumber(value: string): string {
	return value
		.normalize('NFKC')
		.replaceAll(/[\s.-]/g, '')
		.toUpperCase();
}

const laPoste = '356000000';

/**
 * Fourteen digits whose Luhn sum is a multiple of ten. The offices of La Poste were numbered otherwise: the sum of their digits is a
 * multiple of five, except for the head office. https://fr.wikipedia.org/wiki/Système_d%27identification_du_répertoire_des_établissements
 */
export function isSiret(value: string): boolean {
	if (!/^\d{14}$/.test(value) || /^0+$/.test(value)) return false;
	const digits = [...value].map(Number);
	const luhn = digits.reduce((sum, digit, index) => sum + (index % 2 === 1 ? digit : digit < 5 ? 2 * digit : 2 * digit - 9), 0);
	if (luhn % 10 === 0) return true;
	return value.startsWith(laPoste) && digits.reduce((sum, digit) => sum + digit, 0) % 5 === 0;
}

/** The national register of associations: W, three letters or digits, six digits. */
export function isRna(value: string): boolean {
	return /^W[0-9A-Z]{3}\d{6}$/.test(value);
}

/** The register of Alsace and Moselle has known several spellings: what looks like a number of it is taken. */
export function isAmalia(value: string): boolean {
	return /^[0-9A-Z/]{3,40}$/.test(value);
}

const checks: Record<IdentifierName, (value: string) => boolean> = { siret: isSiret, rna: isRna, amalia: isAmalia };

/** A number as it is kept: null when nothing was typed, undefined when what was typed is no such number. */
export function readIdentifier(name: IdentifierName, typed: string): string | null | undefined {
	const value = cleanNumber(typed);
	if (value === '') return null;
	return checks[name](value) ? value : undefined;
}

/** `73282932000074` → `732 829 320 00074`, as people read it out. */
export function spacedSiret(siret: string): string {
	return siret.replace(/^(\d{3})(\d{3})(\d{3})(\d{5})$/, '$1 $2 $3 $4');
}
