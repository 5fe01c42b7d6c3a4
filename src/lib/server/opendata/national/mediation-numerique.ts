import type { Place } from '../../../domain/place.ts';
import { dayOf, e164, exactPosition, outcomeOf, translated, waysIn } from './schema.ts';
import type { NationalSchema, Outcome, Reading, Value } from './schema.ts';

const telephone = /^(\+33|\+590|\+594|\+262|\+596|\+269|\+687|\+689|\+508|\+681)\d{6,9}$/;
/** Signs of the summary; the rest of the text has a field of its own. */
const summaryLength = 280;

const publics = {
	young_people: 'Jeunes',
	children: 'Familles et/ou enfants',
	families: 'Familles et/ou enfants',
	seniors: 'Seniors',
	women: 'Femmes'
};
const costs = { free: 'Gratuit', conditional: 'Gratuit sous condition', paid: 'Payant' };

/** https://schema.data.gouv.fr/LaMednum/standard-mediation-num/ */
export const mediationNumerique: NationalSchema = {
	slug: 'mediation-numerique',
	extension: 'csv',
	title: { fr: 'Lieux de médiation numérique', en: 'Places of digital mediation' },
	version: '1.0.1',
	conformsTo: 'https://schema.data.gouv.fr/schemas/LaMednum/standard-mediation-num/1.0.1/schema.json',
	fields: [
		...['id', 'pivot', 'nom', 'commune', 'code_postal', 'code_insee', 'adresse', 'complement_adresse', 'latitude', 'longitude'],
		...['typologie', 'telephone', 'courriels', 'site_web', 'horaires', 'presentation_resume', 'presentation_detail', 'source'],
		...['itinerance', 'structure_parente', 'date_maj', 'services', 'publics_specifiquement_adresses'],
		...['prise_en_charge_specifique', 'frais_a_charge', 'dispositif_programmes_nationaux', 'formations_labels'],
		...['autres_formations_labels', 'modalites_acces', 'modalites_accompagnement', 'fiche_acces_libre', 'prise_rdv']
	],
	reader: (reading) => (place) => outcomes(place, reading)
};

function outcomes(place: Place, reading: Reading): Outcome[] {
	const services = servicesOf(place, reading);
	if (services.length === 0) return [];
	const { facts } = place;
	const steward = reading.register.organisations.get(place.steward ?? '') ?? null;
	const pivot = steward?.siret ?? steward?.rna ?? null;
	const reasons = [
		steward === null && 'no_steward',
		steward !== null && pivot === null && 'no_pivot',
		facts.address === null && 'no_address',
		facts.postcode === null && 'no_postcode',
		facts.postcode !== null && !/^\d{5}$/.test(facts.postcode) && 'postcode_form',
		facts.city === null && 'no_city'
	] as const;
	return [outcomeOf(place.id, reasons, () => rowOf(place, reading, services, pivot!))];
}

/** What the category of the place and those of its offers stand for. */
function servicesOf(place: Place, { register }: Reading): string[] {
	const categories = [place.category, ...place.offers.flatMap(({ category }) => category ?? [])];
	const found = categories.flatMap((category) => {
		const { services = [], extras = {} } = register.mappings.get(category)?.mediation ?? {};
		if (category !== place.category) return services;
		return [...services, ...Object.entries(extras).flatMap(([fact, vouched]) => (place.extra[fact] ? vouched : []))];
	});
	return [...new Set(found)];
}

function rowOf(place: Place, { told, register }: Reading, services: string[], pivot: string): Record<string, Value> {
	const { facts } = place;
	const steward = register.organisations.get(place.steward!)!;
	const position = exactPosition(place);
	const phone = e164(facts.phone);
	const type = register.mappings.get(place.category)?.mediation?.typologie;
	const summary = facts.summary !== null && [...facts.summary].length < summaryLength ? facts.summary : null;
	const detail = [summary === null ? facts.summary : null, facts.description].filter((text) => text !== null).join('\n\n');
	return {
		...{ id: place.id, pivot, nom: facts.name, commune: facts.city, code_postal: facts.postcode, adresse: facts.address },
		code_insee: register.communes.get(place.area ?? '') ?? null,
		latitude: position?.lat ?? null,
		longitude: position?.lon ?? null,
		typologie: [...(type === undefined ? [] : [type]), ...(steward.kind === 'association' ? ['ASSO'] : [])],
		telephone: phone !== null && telephone.test(phone) ? phone : null,
		courriels: facts.email,
		site_web: facts.website,
		horaires: facts.opening_hours,
		presentation_resume: summary,
		presentation_detail: detail,
		source: told.view.settings.territory.name,
		structure_parente: steward.name,
		date_maj: dayOf(place.updatedAt, told),
		services,
		publics_specifiquement_adresses: translated(facts.audience, publics),
		prise_en_charge_specifique: languagesOf(facts.languages),
		frais_a_charge: facts.cost === null ? null : costs[facts.cost],
		modalites_acces: accessOf(place)
	};
}

/** Languages besides French; `fsl` is the French sign language. */
function languagesOf(languages: string[]): string[] {
	const spoken = languages.map((tag) => tag.split('-')[0]!.toLowerCase());
	return [
		...(spoken.includes('fsl') ? ['Surdité'] : []),
		...(spoken.includes('en') ? ['Langues étrangères (anglais)'] : []),
		...(spoken.some((tag) => !['fr', 'fsl', 'en'].includes(tag)) ? ['Langues étrangères (autres)'] : [])
	];
}

function accessOf(place: Place): string[] {
	const { come, call, write } = waysIn(place);
	return [...(come ? ['Se présenter'] : []), ...(call ? ['Téléphoner'] : []), ...(write ? ['Contacter par mail'] : [])];
}
