import type { Label } from '../../domain/taxonomy.ts';
import type { PlaceProperties } from './geojson.ts';

/**
 * What a value is: `list` of words, `json` for anything nested, `date` a day, `datetime` an instant in UTC. In files without such types
 * lists are words between `|` and nested values are JSON.
 */
export type ColumnType = 'string' | 'integer' | 'uri' | 'uuid' | 'date' | 'datetime' | 'list' | 'json';

export interface Column {
	name: keyof PlaceProperties;
	type: ColumnType;
	/** False where the value is never null. */
	nullable: boolean;
	label: Label;
	/** Every value there is, where they are few and fixed. */
	values?: readonly string[];
}

const column = (name: Column['name'], type: ColumnType, fr: string, en: string, more: Partial<Column> = {}): Column => ({
	name,
	type,
	nullable: true,
	label: { fr, en },
	...more
});
const always = { nullable: false };

/** The columns of every file and API, in their order: the order of the contract, which the properties of the GeoJSON follow. */
export const columns: readonly Column[] = [
	column('id', 'uuid', 'Identifiant permanent', 'Permanent identifier', always),
	column('slug', 'string', 'Nom dans l’adresse de la page', 'Name in the address of the page', always),
	column('url', 'uri', 'Page du lieu', 'Page of the place', always),
	column('kind', 'string', 'Service public ou initiative citoyenne', 'Public service or citizen initiative', {
		...always,
		values: ['service', 'initiative']
	}),
	column('theme', 'string', 'Thème', 'Theme', always),
	column('category', 'string', 'Catégorie', 'Category', always),
	column('area', 'string', 'Quartier ou commune', 'Neighbourhood or town'),
	column('steward', 'string', 'Organisation qui tient la fiche', 'Organisation that takes care of the place'),
	column('source', 'string', 'Source des données', 'Source of the data'),
	column('name', 'string', 'Nom', 'Name', always),
	column('summary', 'string', 'En une phrase', 'In one sentence'),
	column('description', 'string', 'Description', 'Description'),
	column('address', 'string', 'Numéro et voie', 'Number and street'),
	column('postcode', 'string', 'Code postal', 'Postcode'),
	column('city', 'string', 'Commune', 'Town'),
	column('precision', 'string', 'Précision de la position', 'How exact the position is', {
		...always,
		values: ['exact', 'street', 'area']
	}),
	column('opening_hours', 'string', 'Horaires (syntaxe OpenStreetMap)', 'Opening hours (OpenStreetMap syntax)'),
	column('closures', 'json', 'Fermetures : du, au, motif', 'Closures: from, to, reason', always),
	column('booking', 'string', 'Sur rendez-vous', 'By appointment', { values: ['none', 'recommended', 'required'] }),
	column('phone', 'string', 'Téléphone', 'Telephone'),
	column('email', 'string', 'Adresse électronique', 'E-mail address'),
	column('website', 'uri', 'Site web', 'Website'),
	column('wheelchair', 'string', 'Accessible en fauteuil roulant', 'Accessible by wheelchair', {
		values: ['yes', 'limited', 'no']
	}),
	column('audience', 'list', 'Publics', 'For whom', always),
	column('cost', 'string', 'Coût', 'Cost', { values: ['free', 'paid', 'conditional'] }),
	column('languages', 'list', 'Langues parlées', 'Languages spoken', always),
	column('starts_on', 'date', 'Premier jour', 'First day'),
	column('ends_on', 'date', 'Dernier jour', 'Last day'),
	column('photos', 'json', 'Photos : adresse, description, licence', 'Photos: address, description, licence', always),
	column('offers', 'json', 'Ce qu’on y trouve', 'What is offered there', always),
	column('licence', 'string', 'Licence propre, sinon celle du jeu', 'Licence of its own, else that of the dataset'),
	column('version', 'integer', 'Version de la fiche', 'Version of the record', always),
	column('updated_at', 'datetime', 'Dernière modification', 'Last change', always),
	column('verified_at', 'date', 'Tout est vérifié depuis', 'All was checked since'),
	column('freshness', 'string', 'Fraîcheur', 'Freshness', { ...always, values: ['fresh', 'ageing', 'stale'] }),
	column('assurances', 'json', 'Qui a vérifié quoi et quand', 'Who checked what and when', always),
	column('extra', 'json', 'Informations propres à la catégorie', 'Facts of the category', always)
];
