/** What a licence is called and where it is read; `url` is one that data.gouv.fr's harvester recognises. */
export interface Licence {
	name: string;
	url: string;
}

/**
 * By SPDX identifier, the licences that a place can have. The addresses are those of udata's registry (`api/1/datasets/licenses`), not
 * SPDX's own pages, which it takes for no licence at all.
 */
const licences: Readonly<Record<string, Licence>> = {
	'etalab-2.0': {
		name: 'Licence Ouverte / Open Licence version 2.0',
		url: 'https://www.etalab.gouv.fr/licence-ouverte-open-licence'
	},
	'ODbL-1.0': { name: 'Open Database License (ODbL) 1.0', url: 'http://opendatacommons.org/licenses/odbl/summary/' },
	'CC-BY-4.0': { name: 'Creative Commons Attribution 4.0', url: 'https://creativecommons.org/licenses/by/4.0/' },
	'CC-BY-SA-4.0': {
		name: 'Creative Commons Attribution Share-Alike 4.0',
		url: 'https://creativecommons.org/licenses/by-sa/4.0/'
	},
	'CC0-1.0': { name: 'Creative Commons Zero 1.0', url: 'https://creativecommons.org/publicdomain/zero/1.0/' }
};

export const licenceIds = Object.keys(licences);

/** Those that a French administration may publish its data under (CRPA, art. D323-2-1). */
export const administrationLicences: readonly string[] = ['etalab-2.0', 'ODbL-1.0'];

/** Null for one that nobody has described here. */
export function licenceOf(id: string): Licence | null {
	return licences[id] ?? null;
}
