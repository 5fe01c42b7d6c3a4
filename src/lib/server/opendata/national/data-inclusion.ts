import type { Offer, Place } from '../../../domain/place.ts';
import { placeUrl } from '../geojson.ts';
import type { Told } from '../geojson.ts';
import { dayOf, e164, exactPosition, outcomeOf, translated, waysIn } from './schema.ts';
import type { NationalSchema, Outcome, Reading, Value } from './schema.ts';

const version = '1.0.10';
const schemaOf = (what: string) => `https://gip-inclusion.github.io/data-inclusion-schema/v${version}/${what}/`;
const where = ['commune', 'code_postal', 'code_insee', 'adresse', 'complement_adresse', 'longitude', 'latitude'];

/** Descriptions of up to so many signs are valid; the others have no other field to go to. */
const longest = 10_000;
const names = { shortest: 3, longest: 150 };

const everyone = 'tous-publics';
const publics = {
	young_people: 'jeunes',
	children: 'familles',
	families: 'familles',
	seniors: 'seniors',
	job_seekers: 'demandeurs-emploi',
	disabled_people: 'personnes-en-situation-de-handicap',
	women: 'femmes'
};

/** The places where something is done for the inclusion of people. https://gip-inclusion.github.io/data-inclusion-schema/ */
export const dataInclusionStructures: NationalSchema = {
	slug: 'data-inclusion-structures',
	extension: 'json',
	title: { fr: 'Structures d’insertion (data·inclusion)', en: 'Structures of inclusion (data·inclusion)' },
	version,
	conformsTo: schemaOf('structure'),
	fields: [
		...['source', 'id', 'nom', 'date_maj', 'description', 'lien_source', 'siret', ...where],
		...['telephone', 'courriel', 'site_web', 'horaires_accueil', 'accessibilite_lieu', 'reseaux_porteurs']
	],
	reader: (reading) => (place) =>
		donesOf(place, reading).length === 0
			? []
			: [outcomeOf(place.id, [!isName(place.facts.name) && 'name_length'], () => structureOf(place, reading))]
};

/** What is done there: the offers of a place, or what its category stands for when it has none. */
export const dataInclusionServices: NationalSchema = {
	slug: 'data-inclusion-services',
	extension: 'json',
	title: { fr: 'Services d’insertion (data·inclusion)', en: 'Services of inclusion (data·inclusion)' },
	version,
	conformsTo: schemaOf('service'),
	fields: [
		...['source', 'structure_id', 'id', 'nom', 'description', 'lien_source', 'date_maj', 'type', 'thematiques'],
		...['frais', 'frais_precisions', 'publics', 'publics_precisions', 'conditions_acces', ...where],
		...['telephone', 'courriel', 'modes_accueil', 'zone_eligibilite', 'contact_nom_prenom', 'lien_mobilisation'],
		...['modes_mobilisation', 'mobilisable_par', 'mobilisation_precisions'],
		...['volume_horaire_hebdomadaire', 'nombre_semaines', 'horaires_accueil']
	],
	reader: (reading) => (place) => donesOf(place, reading).map((done) => serviceOutcome(place, done, reading))
};

interface Done extends Pick<Offer, 'id' | 'name' | 'audience' | 'cost' | 'booking' | 'opening_hours'> {
	text: string | null;
	type: string | null;
	topics: string[];
}

function donesOf({ id, category, facts, offers }: Place, { register }: Reading): Done[] {
	const wordsOf = (slug: string) => register.mappings.get(slug)?.inclusion;
	if (offers.length === 0) {
		const words = wordsOf(category);
		const { name, audience, cost, booking, opening_hours } = facts;
		const text = textOf(facts.description) ?? textOf(facts.summary);
		const own = { id, name, audience, cost, booking, opening_hours, text };
		return words ? [{ ...own, type: words.type ?? null, topics: words.thematiques }] : [];
	}
	return offers
		.toSorted((a, b) => (a.id < b.id ? -1 : 1))
		.flatMap((offer) => {
			const words = wordsOf(offer.category ?? category);
			return words ? [{ ...offer, text: textOf(offer.summary), type: words.type ?? null, topics: words.thematiques }] : [];
		});
}

const isName = (name: string) => [...name].length >= names.shortest && [...name].length <= names.longest;
const textOf = (text: string | null) => (text !== null && [...text].length >= 5 && [...text].length <= longest ? text : null);

/** Of the territory, not of the address of the site, which may change. */
function sourceOf({ view }: Told): string {
	const name = view.settings.territory.name.normalize('NFD').replaceAll(/[\u0300-\u036f]/g, '');
	return `alentour-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`.replace(/-+$/, '');
}

/** Where it is, and how to reach those who are there: the same in both files. */
function contactOf(place: Place, { register }: Reading): Record<string, Value> {
	const { facts } = place;
	const position = exactPosition(place);
	return {
		commune: facts.city,
		code_postal: facts.postcode !== null && /^\d{5}$/.test(facts.postcode) ? facts.postcode : null,
		code_insee: register.communes.get(place.area ?? '') ?? null,
		adresse: facts.address,
		longitude: position?.lon ?? null,
		latitude: position?.lat ?? null,
		telephone: e164(facts.phone) ?? facts.phone,
		courriel: facts.email
	};
}

function structureOf(place: Place, reading: Reading): Record<string, Value> {
	const { facts } = place;
	const { told, register } = reading;
	const source = sourceOf(told);
	return {
		...{ source, id: `${source}--${place.id}`, nom: facts.name },
		...contactOf(place, reading),
		date_maj: dayOf(place.updatedAt, told),
		description: textOf(facts.description) ?? textOf(facts.summary),
		lien_source: placeUrl(told.origin, place),
		siret: register.organisations.get(place.steward ?? '')?.siret ?? null,
		site_web: facts.website,
		horaires_accueil: facts.opening_hours
	};
}

function serviceOutcome(place: Place, done: Done, reading: Reading): Outcome {
	const { told } = reading;
	const reasons = [
		!isName(place.facts.name) && 'no_structure',
		!isName(done.name) && 'name_length',
		done.text === null && 'no_description'
	] as const;
	return outcomeOf(done.id, reasons, () => {
		const source = sourceOf(told);
		const { come, call, write } = waysIn(place, done.booking);
		return {
			...{ source, structure_id: `${source}--${place.id}`, id: `${source}--${done.id}`, nom: done.name },
			...contactOf(place, reading),
			description: done.text,
			lien_source: placeUrl(told.origin, place),
			date_maj: dayOf(place.updatedAt, told),
			type: done.type,
			thematiques: done.topics,
			frais: done.cost === 'free' ? 'gratuit' : done.cost === 'paid' ? 'payant' : null,
			publics: done.audience.includes('everyone') ? [everyone] : translated(done.audience, publics),
			modes_accueil: ['en-presentiel'],
			modes_mobilisation: orNull([
				...(come ? ['se-presenter'] : []),
				...(call ? ['telephoner'] : []),
				...(write ? ['envoyer-un-courriel'] : [])
			]),
			horaires_accueil: done.opening_hours
		};
	});
}

const orNull = (words: string[]) => (words.length === 0 ? null : words);
