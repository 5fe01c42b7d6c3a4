import { createHash } from 'node:crypto';
import { licences } from '../../domain/facts.ts';
import type { Place } from '../../domain/place.ts';
import type { Dataset, Label } from '../../domain/taxonomy.ts';
import type { Selection } from '../published/select.ts';
import type { View } from '../published/view.ts';
import { placesIn } from './as-of.ts';
import { belongs } from './belongs.ts';
import { csvParts } from './files/csv.ts';
import type { CsvVariant } from './files/csv.ts';
import { textOf } from './files/pieces.ts';
import type { Parts } from './files/pieces.ts';
import { geojsonLinesParts, geojsonParts } from './geojson.ts';
import type { Edition, Told } from './geojson.ts';
import { kmlParts } from './files/kml.ts';

/** A form of a dataset that the same address is asked for with a parameter. */
export type Variant = CsvVariant;

export interface Format {
	mediaType: string;
	/** As people say it. */
	label: string;
	/** False for what is compressed inside. */
	compressible: boolean;
	/** How a text is written, piece by piece; the others are files that a thread of their own writes (`files/file-writers.ts`). */
	text?: (places: Iterable<Place>, told: Told, dataset: Dataset, variant?: Variant) => Generator<string>;
	/** A text whose rows know nothing of each other: the next edition takes over those that are still the same. */
	parts?: (told: Told, dataset: Dataset, variant?: Variant) => Parts;
}

/** A text of rows. */
function ofRows(parts: NonNullable<Format['parts']>): Pick<Format, 'parts' | 'text'> {
	return { parts, text: (places, told, dataset, variant) => textOf(parts(told, dataset, variant), places) };
}

export const formats = {
	geojson: { mediaType: 'application/geo+json', label: 'GeoJSON', compressible: true, ...ofRows(geojsonParts) },
	geojsonl: { mediaType: 'application/x-ndjson', label: 'GeoJSON Lines', compressible: true, ...ofRows(geojsonLinesParts) },
	csv: {
		mediaType: 'text/csv; charset=utf-8; header=present',
		label: 'CSV',
		compressible: true,
		...ofRows((told, _dataset, variant) => csvParts(told, variant))
	},
	gpkg: { mediaType: 'application/geopackage+sqlite3', label: 'GeoPackage', compressible: true },
	fgb: { mediaType: 'application/flatgeobuf', label: 'FlatGeobuf', compressible: true },
	kml: { mediaType: 'application/vnd.google-earth.kml+xml', label: 'KML', compressible: true, ...ofRows(kmlParts) },
	xlsx: {
		mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
		label: 'Excel (XLSX)',
		compressible: false
	}
} satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;

export function isFormat(name: string): name is FormatName {
	return Object.hasOwn(formats, name);
}

/** The dataset of everything open under the territory's licence; always there. */
export const allPlaces = 'places';

const titles: { places: Label; under: (licence: string) => Label } = {
	places: { fr: 'Lieux et initiatives', en: 'Places and initiatives' },
	under: (licence) => ({ fr: `Lieux sous licence ${licence}`, en: `Places under ${licence}` })
};

const descriptions: typeof titles = {
	places: {
		fr: 'Tous les lieux publics de la carte : services de proximité et initiatives citoyennes, avec qui a vérifié quoi et quand.',
		en: 'Every public place of the map: local services and citizen initiatives, with who checked what and when.'
	},
	under: (licence) => ({
		fr: `Les lieux publics de la carte que leurs auteurs publient sous la licence ${licence}. Ils ont leurs propres fichiers, parce que des licences différentes ne se mélangent pas dans un même fichier.`,
		en: `The public places of the map that their authors publish under the licence ${licence}. They have files of their own, because different licences do not mix in one file.`
	})
};

/** `ODbL-1.0` → `places-odbl`: a version of a licence is not another dataset. */
export function slugOfLicence(licence: string): string {
	const short = licence
		.toLowerCase()
		.replace(/-\d[\d.]*$/, '')
		.replace(/[^a-z0-9]+/g, '-');
	return `${allPlaces}-${short}`;
}

function licenceNamedBy(slug: string, ofTerritory: string): string | null {
	if (slug === allPlaces) return ofTerritory;
	return licences.find((licence) => slugOfLicence(licence) === slug) ?? null;
}

/**
 * Everything there is to say something of: what somebody has described, be it planned or not to be had, and one dataset for each licence
 * that places are under, because licences don't mix in a file (law 8).
 */
export function describedDatasets(view: View): Dataset[] {
	const known = described.get(view);
	if (known) return known;
	const found = describe(view);
	described.set(view, found);
	return found;
}

/** A view never changes, and which licences there are is asked of all places. */
const described = new WeakMap<View, Dataset[]>();

function describe(view: View): Dataset[] {
	const { datasets, datasetBySlug } = view.reference;
	const licence = view.settings.licence.id;
	const own = (slug: string, title: Label, description: Label, under: string): Dataset[] =>
		datasetBySlug.has(slug)
			? []
			: [{ ...{ slug, title, description, licence: under, sort: 0, listed: true }, ...made(datasetBySlug.get(allPlaces), slug) }];
	const others = view.licences().filter((each) => each !== licence);
	return [
		...own(allPlaces, titles.places, descriptions.places, licence),
		// An address that names a licence holds what is under that one, whatever was written about it; `places` is under the territory's.
		...datasets.map((dataset) => ({ ...dataset, licence: licenceNamedBy(dataset.slug, licence) ?? dataset.licence })),
		...others.flatMap((each) => own(slugOfLicence(each), titles.under(each), descriptions.under(each), each))
	];
}

/** What nobody has described takes after the dataset of everything; its identifier is another one, and the same on every node. */
function made(places: Dataset | undefined, slug: string): Partial<Dataset> {
	const { frequency = 'UPDATE_CONT', keywords = [], contact = null, identifier } = places ?? {};
	return {
		frequency,
		keywords,
		contact,
		...(identifier === undefined ? {} : { identifier: derivedIdentifier(identifier, slug) })
	};
}

/** Another identifier for what goes with a dataset: a name-based UUID (RFC 9562, version 8: the hash is SHA-256). */
export function derivedIdentifier(identifier: string, name: string): string {
	const hash = createHash('sha256').update(`${identifier} ${name}`).digest('hex');
	const variant = ((parseInt(hash.charAt(16), 16) & 3) | 8).toString(16);
	return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

export const isOpen = ({ state }: Dataset): boolean => (state ?? 'open') === 'open';

/** Those that can be had, in their order. Each is reachable under its slug whether or not a portal lists it. */
export function datasetsOf(view: View): Dataset[] {
	return describedDatasets(view).filter(isOpen);
}

/** The dataset of that name; null when there is none to be had. */
export function datasetOf(view: View, slug: string): Dataset | null {
	return datasetsOf(view).find((dataset) => dataset.slug === slug) ?? null;
}

/** Which places it holds. */
export function selectionOf({ licence, theme, area, organisation }: Dataset): Selection {
	return {
		licence,
		...(theme == null ? {} : { theme }),
		...(area == null ? {} : { area }),
		...(organisation == null ? {} : { steward: organisation })
	};
}

/** Whether a place is in it. */
export function holds(view: View, dataset: Dataset, place: Place): boolean {
	return belongs(view, selectionOf(dataset), place);
}

/** The places of a dataset, ascending by id. */
export function placesOf(edition: Edition, dataset: Dataset): Generator<Place> {
	return placesIn(edition, selectionOf(dataset));
}
