import { licenceOf } from '../../../domain/licences.ts';
import type { Contact, Dataset, Label } from '../../../domain/taxonomy.ts';
import type { BBox } from '../../../geo/bbox.ts';
import { formats } from '../datasets.ts';
import type { FormatName } from '../datasets.ts';
import type { Edition } from '../geojson.ts';
import type { Overview } from '../../../domain/overview.ts';
import { fileTypeNode, mediaTypeNode } from './file-types.ts';
import { iri, label, node, text, typed } from './graph.ts';
import type { Literal, Node } from './graph.ts';

const authority = 'http://publications.europa.eu/resource/authority';

/** Size and SHA-256 (hexadecimal) of a file that is made already; the checksum is worked out once it has lasted a minute. */
export interface Size {
	bytes: number;
	sha256: string | null;
}

/** Null when nobody knows yet. */
export type SizeOf = (dataset: Dataset, format: FormatName) => Size | null;

/** A whole file, as the catalogue tells of it. */
export interface File {
	url: string;
	title: Label;
	extension: string;
	mediaType: string;
	size: Size | null;
}

/** The files that every dataset has. */
export function filesOf({ origin }: Pick<Edition, 'origin'>, dataset: Dataset, sizeOf: SizeOf): File[] {
	const { slug, title } = dataset;
	return (Object.keys(formats) as FormatName[]).map((format) => ({
		url: `${origin}/data/${slug}.${format}`,
		title: titleOfFile(title, formats[format].label),
		extension: format,
		mediaType: formats[format].mediaType,
		size: sizeOf(dataset, format)
	}));
}

export const titleOfFile = ({ fr, en }: Label, format: string): Label => ({ fr: `${fr} (${format})`, en: `${en} (${format})` });

export const languages = ['FRA', 'ENG'].map((code) => node(`${authority}/language/${code}`, ['dct:LinguisticSystem']));

/** A demonstration must not be taken for a town's data, in any portal. */
export function titled(title: Label, { view }: Pick<Edition, 'view'>): Label {
	return view.settings.demo.on ? { fr: `[Démonstration] ${title.fr}`, en: `[Demonstration] ${title.en}` } : title;
}

export function licenceNode(id: string): Node | null {
	const licence = licenceOf(id);
	return licence && node(licence.url, ['dct:LicenseDocument'], { 'rdfs:label': text(licence.name) });
}

/** Who answers for it: the organisation whose data it is, else the territory. */
export function publisherNode({ view, origin }: Edition, organisation: string | null = null): Node {
	const known = organisation === null ? undefined : view.reference.organisationBySlug.get(organisation);
	if (known) {
		const home = node(`${origin}/organisations/${known.slug}`, ['foaf:Document']);
		return node(`${home.id!}#agent`, ['foaf:Agent'], { 'foaf:name': text(known.name), 'foaf:homepage': home });
	}
	const { contact, territory } = view.settings;
	const home = node(`${origin}/`, ['foaf:Document']);
	const name = contact.name || territory.name || 'Alentour';
	return node(`${origin}/#agent`, ['foaf:Agent'], { 'foaf:name': text(name), 'foaf:homepage': home });
}

/** Whom to write to, of a dataset: its own contact, else the territory's, else the page that says who publishes. */
export function contactOf({ view, origin }: Edition, own: Contact | null | undefined): Contact {
	const { contact, territory } = view.settings;
	const known = own ?? contact;
	const name = known.name || territory.name || 'Alentour';
	return known.email || known.url ? { ...known, name } : { name, url: `${origin}/legal` };
}

export function contactNode({ name, email, url }: Contact): Node {
	return node(null, ['vcard:Kind', 'vcard:Organization'], {
		'vcard:fn': text(name),
		'vcard:hasEmail': email ? iri(`mailto:${email}`) : null,
		'vcard:hasURL': url ? iri(url) : null
	});
}

/** A polygon, which is all that some harvesters read; without a reference system in front it is longitude, latitude. */
export function locationNode([west, south, east, north]: BBox, name: string): Node {
	const corners = [
		[west, south],
		[east, south],
		[east, north],
		[west, north],
		[west, south]
	];
	const ring = corners.map((corner) => corner.join(' ')).join(', ');
	const bbox = typed(`POLYGON((${ring}))`, 'geo:wktLiteral');
	return node(null, ['dct:Location'], { 'dcat:bbox': bbox, 'skos:prefLabel': name === '' ? null : text(name, 'fr') });
}

/** « Government and public sector »; the themes of the map are keywords. */
const governmentTheme = node(`${authority}/data-theme/GOVE`, ['skos:Concept'], {
	'skos:prefLabel': label({ fr: 'Gouvernement et secteur public', en: 'Government and public sector' })
});

/** What the catalogue says of a dataset besides what somebody described. */
export interface Around {
	overview: Overview;
	files: File[];
	/** Where people read about it; its own page when left out. */
	page?: string;
	/** The schema it follows. */
	standard?: Node;
}

/** A dataset of the catalogue with all its files; its address is that of its page, its identifier that of no site. */
export function datasetNode(edition: Edition, dataset: Dataset, { overview, files, standard, ...around }: Around): Node {
	const { view, origin } = edition;
	const { reference, settings } = view;
	const own = `${origin}/data/${dataset.slug}`;
	const area = dataset.area == null ? undefined : reference.areaBySlug.get(dataset.area);
	const theme = dataset.theme == null ? undefined : reference.themeBySlug.get(dataset.theme);
	const words = [...new Set([...(dataset.keywords ?? []), ...(theme ? [theme.label.fr] : []), ...(area ? [area.name] : [])])];
	const { name, bbox } = area ?? settings.territory;
	const licence = licenceNode(dataset.licence);
	const modified = overview.modified === null ? null : typed(overview.modified, 'xsd:dateTime');
	return node(`${own}#dataset`, ['dcat:Dataset'], {
		'dct:identifier': text(dataset.identifier ?? dataset.slug),
		'dct:title': label(titled(dataset.title, edition)),
		'dct:description': label(dataset.description),
		'dct:publisher': publisherNode(edition, dataset.organisation),
		'dcat:contactPoint': contactNode(contactOf(edition, dataset.contact)),
		'dct:license': licence,
		'dct:conformsTo': standard ?? null,
		'dct:accessRights': node(`${authority}/access-right/PUBLIC`, ['dct:RightsStatement']),
		'dct:accrualPeriodicity': node(`${authority}/frequency/${dataset.frequency ?? 'UNKNOWN'}`, ['dct:Frequency']),
		'dct:language': languages[0]!,
		'dct:modified': modified,
		'dct:spatial': locationNode(bbox, name),
		'dct:temporal': temporalNode(overview),
		'dcat:keyword': words.map((word) => text(word, 'fr')),
		'dcat:theme': governmentTheme,
		'dcat:landingPage': node(around.page ?? own, ['foaf:Document']),
		'foaf:page': dataset.publishedAt ? node(dataset.publishedAt, ['foaf:Document']) : null,
		'dcat:distribution': files.map((file) => distributionNode(file, { licence, modified, standard: standard ?? null }))
	});
}

/** Without an address of its own: a harvester would go and look there. */
function temporalNode({ first, modified }: Overview): Node | null {
	if (first === null || modified === null) return null;
	const end = modified.slice(0, 10);
	return node(null, ['dct:PeriodOfTime'], {
		'dcat:startDate': typed(first < end ? first : end, 'xsd:date'),
		'dcat:endDate': typed(end, 'xsd:date')
	});
}

function distributionNode(
	{ url, title, extension, mediaType, size }: File,
	{ licence, modified, standard }: Record<'licence' | 'standard', Node | null> & { modified: Literal | null }
): Node {
	return node(`${url}#distribution`, ['dcat:Distribution'], {
		'dct:title': label(title),
		'dcat:accessURL': iri(url),
		'dcat:downloadURL': iri(url),
		'dct:format': fileTypeNode(extension, mediaType),
		'dcat:mediaType': mediaTypeNode(mediaType),
		'dct:license': licence,
		'dct:conformsTo': standard,
		'dct:modified': modified,
		'dcat:byteSize': size && typed(String(size.bytes), 'xsd:nonNegativeInteger'),
		'spdx:checksum': size?.sha256 ? checksumNode(size.sha256) : null
	});
}

function checksumNode(sha256: string): Node {
	return node(null, ['spdx:Checksum'], {
		'spdx:algorithm': node('http://spdx.org/rdf/terms#checksumAlgorithm_sha256', ['spdx:ChecksumAlgorithm']),
		'spdx:checksumValue': typed(sha256, 'xsd:hexBinary')
	});
}
