import type { Term } from 'n3';
import { full } from './rdf.ts';
import type { Graph } from './rdf.ts';

/** Addresses by which the registry of data.gouv.fr knows a licence; its others have their own, which change. */
const knownLicences: Record<string, string> = {
	'https://www.etalab.gouv.fr/licence-ouverte-open-licence': 'lov2',
	'http://opendatacommons.org/licenses/odbl/summary/': 'odc-odbl',
	'https://opendefinition.org/licenses/odc-odbl': 'odc-odbl'
};
const frequencies = 'http://publications.europa.eu/resource/authority/frequency/';

export interface HarvestedResource {
	url: string;
	format: string;
	mime: string;
	size: number | null;
	sha256: string | null;
	/** The address of the schema it follows. */
	schema: string | null;
}
export interface Harvested {
	id: string;
	title: string;
	description: string;
	licence: string | null;
	frequency: string | null;
	tags: string[];
	spatial: string | null;
	temporal: [string, string] | null;
	contacts: string[];
	modified: string | null;
	landingPage: string;
	schema: string | null;
	resources: HarvestedResource[];
}
export interface Harvest {
	datasets: Harvested[];
	services: { id: string; title: string; url: string; serves: string[] }[];
	next: string | null;
	/** What would be skipped or fail, and why. */
	refused: string[];
}

/**
 * What the `dcat` harvester of udata takes from a page of a catalogue, by its rules (udata/harvest/backends/dcat.py, udata/core/dataset/rdf.py):
 * without identifier or title a dataset is skipped, an identifier met twice fails, a file without address is dropped, French is preferred.
 * `now`: an instant; what was changed later is refused.
 */
export function harvest(graph: Graph, now: string): Harvest {
	const refused: string[] = [];
	const datasets: Harvested[] = [];
	const seen = new Set<string>();
	for (const subject of graph.ofType('dcat:Dataset')) {
		const [id] = graph.texts(subject, 'dct:identifier');
		const title = preferred(graph, subject, 'dct:title');
		if (id === undefined || title === null)
			refused.push(`${subject.value}: skipped, no ${title === null ? 'title' : 'identifier'}`);
		else if (seen.has(id)) refused.push(`${id}: failed, the identifier is there twice`);
		else {
			seen.add(id);
			const dataset = read(graph, subject, id, title);
			if (dataset.modified !== null && dataset.modified > now) refused.push(`${id}: changed in the future`);
			datasets.push(dataset);
		}
	}
	const [view] = graph.ofType('hydra:PartialCollectionView');
	const services = graph.ofType('dcat:DataService').map((service) => ({
		id: graph.texts(service, 'dct:identifier')[0] ?? '',
		title: preferred(graph, service, 'dct:title') ?? '',
		url: graph.texts(service, 'dcat:endpointURL')[0] ?? '',
		serves: graph.values(service, 'dcat:servesDataset').flatMap((each) => graph.texts(each, 'dct:identifier'))
	}));
	return { datasets, services, next: view ? (graph.texts(view, 'hydra:next')[0] ?? null) : null, refused };
}

function read(graph: Graph, subject: Term, id: string, title: string): Harvested {
	const [page] = graph.texts(subject, 'dcat:landingPage');
	const [licence = ''] = graph.texts(subject, 'dct:license');
	const [frequency] = graph.texts(subject, 'dct:accrualPeriodicity');
	return {
		id,
		title,
		description: preferred(graph, subject, 'dct:description') ?? '',
		licence: knownLicences[licence] ?? null,
		frequency: frequency?.startsWith(frequencies) ? frequency.slice(frequencies.length) : null,
		tags: [
			...graph.values(subject, 'dcat:keyword').flatMap(({ termType, value }) => (termType === 'Literal' ? value : [])),
			...graph.values(subject, 'dcat:theme').flatMap((theme) => preferred(graph, theme, 'skos:prefLabel') ?? [])
		],
		spatial: polygon(graph, subject),
		temporal: period(graph, subject),
		contacts: graph.values(subject, 'dcat:contactPoint').map((contact) => {
			const [mail = ''] = graph.texts(contact, 'vcard:hasEmail');
			return `${graph.texts(contact, 'vcard:fn')[0] ?? ''} <${mail.replace(/^mailto:/, '')}>`;
		}),
		modified: graph.texts(subject, 'dct:modified')[0] ?? null,
		landingPage: page ?? subject.value,
		schema: graph.texts(subject, 'dct:conformsTo')[0] ?? null,
		resources: graph.values(subject, 'dcat:distribution').flatMap((each) => resource(graph, each) ?? [])
	};
}

/** French, else the first. */
function preferred(graph: Graph, subject: Term, property: string): string | null {
	const texts = graph.values(subject, property);
	const french = texts.find((each) => each.termType === 'Literal' && each.language === 'fr');
	return (french ?? texts[0])?.value ?? null;
}

/** Any literal of the place that is a polygon; in front of it no reference system. */
function polygon(graph: Graph, subject: Term): string | null {
	for (const place of graph.values(subject, 'dct:spatial'))
		for (const { object } of graph.store.match(place as never, null, null))
			if (
				object.termType === 'Literal' &&
				object.datatype.value === full('geo:wktLiteral') &&
				/^(MULTI)?POLYGON/.test(object.value)
			)
				return object.value;
	return null;
}

/** One with an address would be asked for over the network. */
function period(graph: Graph, subject: Term): [string, string] | null {
	const [time] = graph.values(subject, 'dct:temporal');
	if (time?.termType !== 'BlankNode') return null;
	const [[start], [end]] = [graph.texts(time, 'dcat:startDate'), graph.texts(time, 'dcat:endDate')];
	return start !== undefined && end !== undefined ? [start, end] : null;
}

function resource(graph: Graph, subject: Term): HarvestedResource | null {
	const [url] = [...graph.texts(subject, 'dcat:downloadURL'), ...graph.texts(subject, 'dcat:accessURL')];
	if (url === undefined) return null;
	const [format = ''] = graph.texts(subject, 'dct:format');
	const [mime = ''] = graph.texts(subject, 'dcat:mediaType');
	const [size] = graph.texts(subject, 'dcat:byteSize');
	const [checksum] = graph.values(subject, 'spdx:checksum');
	const isSha256 = checksum && graph.texts(checksum, 'spdx:algorithm')[0]?.endsWith('checksumAlgorithm_sha256');
	return {
		url,
		format: format.slice(format.lastIndexOf('/') + 1).toLowerCase(),
		mime: mime.replace('https://www.iana.org/assignments/media-types/', ''),
		size: size === undefined ? null : Number(size),
		schema: graph.texts(subject, 'dct:conformsTo')[0] ?? null,
		sha256: isSha256 ? (graph.texts(checksum, 'spdx:checksumValue')[0] ?? null) : null
	};
}
