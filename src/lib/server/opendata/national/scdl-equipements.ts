import type { Place } from '../../../domain/place.ts';
import type { Reason } from './reasons.ts';
import { postalTown, splitAddress } from './address.ts';
import { e164, outcomeOf } from './schema.ts';
import type { NationalSchema, Outcome, Reading } from './schema.ts';

const uid = /^[0-9A-B]{5}-\d{8}-\d{3}$/;
const streetName = /^[a-zA-Z0-9\-'\s\u00C0-\u00FF]{3,}$/;
const townName = /^[A-Za-z\s\-\u00C0-\u00FF]+$/;

/**
 * The number of an equipment is the town's to give: INSEE code, code of the nomenclature and a serial number that must never mean
 * another equipment. Nothing here could count so: places come and go, so it is only taken from the category's fact of this name.
 */
const uidFact = 'equip_uid';

/** https://schema.data.gouv.fr/scdl/equipements/ */
export const scdlEquipements: NationalSchema = {
	slug: 'scdl-equipements',
	extension: 'csv',
	title: { fr: 'Équipements collectifs publics (SCDL)', en: 'Public facilities (SCDL)' },
	version: '0.1.5',
	conformsTo: 'https://schema.data.gouv.fr/schemas/scdl/equipements/0.1.5/schema.json',
	fields: [
		...['COLL_NOM', 'COLL_SIRET', 'EQUIP_UID', 'EQUIP_THEME', 'EQUIP_CODE', 'EQUIP_TYPE', 'EQUIP_NOM'],
		...['ADR_NUMERO', 'ADR_NOMVOIE', 'ADR_CODEPOSTAL', 'ADR_COMMUNE', 'ADR_CLE_INTEROP'],
		...['ERP_ID', 'ERP_TYPE', 'ERP_CATEGORIE', 'EQUIP_LAT', 'EQUIP_LONG'],
		...['EQUIP_OUVERTURE', 'EQUIP_TEL', 'EQUIP_EMAIL', 'EQUIP_WEB']
	],
	reader: (reading) => {
		const taken = new Set<string>();
		return (place) => outcomes(place, reading, taken);
	}
};

function outcomes(place: Place, { register }: Reading, taken: Set<string>): Outcome[] {
	const { facts } = place;
	const words = register.mappings.get(place.category)?.scdl;
	if (!words || place.kind !== 'service') return [];
	const steward = register.organisations.get(place.steward ?? '') ?? null;
	const number = place.extra[uidFact] ?? null;
	const street = splitAddress(facts.address);
	const town = postalTown(facts.city);
	const reasons: (Reason | false)[] = [
		steward === null && 'no_steward',
		steward !== null && steward.kind !== 'public_service' && 'steward_not_public',
		steward?.kind === 'public_service' && steward.siret === null && 'no_siret',
		number === null && 'no_equip_uid',
		number !== null && !uid.test(String(number)) && 'equip_uid_form',
		taken.has(String(number)) && 'equip_uid_taken',
		street === null && 'no_address',
		street !== null && !streetName.test(street.name) && 'address_form',
		facts.postcode === null && 'no_postcode',
		facts.postcode !== null && !/^\d{5}$/.test(facts.postcode) && 'postcode_form',
		town === null && 'no_city',
		town !== null && !townName.test(town) && 'city_form',
		facts.precision !== 'exact' && 'position_not_exact'
	];
	const outcome = outcomeOf(place.id, reasons, () => ({
		COLL_NOM: steward!.name,
		COLL_SIRET: steward!.siret,
		EQUIP_UID: String(number),
		EQUIP_THEME: words.theme,
		EQUIP_CODE: String(number).slice(6),
		EQUIP_TYPE: words.type,
		EQUIP_NOM: facts.name,
		ADR_NUMERO: street!.number,
		ADR_NOMVOIE: street!.name,
		ADR_CODEPOSTAL: facts.postcode,
		ADR_COMMUNE: town,
		EQUIP_LAT: place.position.lat,
		EQUIP_LONG: place.position.lon,
		EQUIP_OUVERTURE: facts.opening_hours,
		EQUIP_TEL: telephone(facts.phone),
		EQUIP_EMAIL: facts.email,
		EQUIP_WEB: facts.website
	}));
	if ('row' in outcome) taken.add(String(number));
	return [outcome];
}

/** `+33 140633900`: thirteen signs, which numbers of other countries may not fit. */
function telephone(phone: string | null): string | null {
	const number = e164(phone)?.replace(/^\+33/, '+33 ') ?? null;
	return number !== null && number.length <= 13 ? number : null;
}
