import type { Label } from '../../../domain/taxonomy.ts';

/** Why a place that a schema is about is not in its file: what the schema requires and the map does not know. */
export const reasons = {
	no_steward: {
		fr: 'Aucune organisation ne tient la fiche.',
		en: 'No organisation takes care of the place.'
	},
	steward_not_public: {
		fr: 'L’organisation qui tient la fiche n’est pas un service public.',
		en: 'The organisation that takes care of the place is not a public service.'
	},
	no_siret: {
		fr: 'L’organisation qui tient la fiche n’a pas donné son SIRET.',
		en: 'The organisation that takes care of the place has not given its SIRET.'
	},
	no_pivot: {
		fr: 'L’organisation qui tient la fiche n’a donné ni SIRET ni numéro RNA.',
		en: 'The organisation that takes care of the place has given neither a SIRET nor an RNA number.'
	},
	no_equip_uid: {
		fr: 'La collectivité n’a pas donné à cet équipement son numéro SCDL (information « equip_uid » de la catégorie).',
		en: 'The town has not given this equipment its SCDL number (the fact “equip_uid” of its category).'
	},
	equip_uid_form: {
		fr: 'Le numéro SCDL n’a pas la forme code INSEE, code de la nomenclature, numéro d’ordre : 44109-01010401-001.',
		en: 'The SCDL number is not of the form INSEE code, code of the nomenclature, serial number: 44109-01010401-001.'
	},
	equip_uid_taken: {
		fr: 'Un autre lieu de ce fichier porte le même numéro SCDL.',
		en: 'Another place of this file has the same SCDL number.'
	},
	no_address: { fr: 'L’adresse manque.', en: 'The address is missing.' },
	address_form: {
		fr: 'Le nom de la voie a des signes que le schéma refuse.',
		en: 'The name of the street has signs that the schema refuses.'
	},
	no_postcode: { fr: 'Le code postal manque.', en: 'The postcode is missing.' },
	postcode_form: { fr: 'Le code postal n’a pas cinq chiffres.', en: 'The postcode does not have five digits.' },
	no_city: { fr: 'La commune manque.', en: 'The town is missing.' },
	city_form: {
		fr: 'Le nom de la commune a des signes que le schéma refuse.',
		en: 'The name of the town has signs that the schema refuses.'
	},
	position_not_exact: {
		fr: 'La position n’est pas donnée exactement, et le schéma ne permet pas de le dire.',
		en: 'The position is not given exactly, and the schema has no way to say so.'
	},
	name_length: {
		fr: 'Le schéma demande un nom de 3 à 150 caractères.',
		en: 'The schema requires a name of 3 to 150 characters.'
	},
	no_description: {
		fr: 'Rien ne décrit ce service : il manque un résumé.',
		en: 'Nothing describes this service: a summary is missing.'
	},
	no_structure: {
		fr: 'Le lieu n’est pas dans le fichier des structures.',
		en: 'The place is not in the file of structures.'
	}
} satisfies Record<string, Label>;

export type Reason = keyof typeof reasons;
