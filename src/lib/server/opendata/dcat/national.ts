import type { Overview } from '../../../domain/overview.ts';
import type { Dataset } from '../../../domain/taxonomy.ts';
import { derivedIdentifier } from '../datasets.ts';
import type { Edition } from '../geojson.ts';
import { nationalFile, nationalFormats, report } from '../national/national.ts';
import type { NationalSchema } from '../national/schema.ts';
import { datasetNode, titleOfFile } from './dataset.ts';
import type { Size } from './dataset.ts';
import { standardNode } from './file-types.ts';
import type { Node } from './graph.ts';

interface Made {
	/** The dataset whose places these are: it lends its licence, contact and frequency. */
	base: Dataset;
	schema: NationalSchema;
	overview: Overview;
	size: Size | null;
}

/**
 * Places in the shape of a national schema: a dataset of its own, for not all of the base are in it. The address of the schema is that of
 * its version: udata knows those of schema.data.gouv.fr by it, on the file and on the dataset, and shows the others as they are.
 */
export function nationalNode(edition: Edition, { base, schema, overview, size }: Made): Node {
	const { slug, extension, title, version, conformsTo } = schema;
	const { origin, view } = edition;
	const town = view.settings.territory.name || 'Alentour';
	const named = { fr: `${title.fr} – ${town}`, en: `${title.en} – ${town}` };
	const why = `${origin}/data/${slug}.${report}`;
	const dataset: Dataset = {
		slug,
		title: named,
		description: {
			fr: `Les lieux de la carte dans la forme du schéma « ${title.fr} », version ${version}. Rien n’y est inventé : le lieu à qui manque ce que le schéma exige n’y est pas, et ${why} dit pourquoi.`,
			en: `The places of the map in the shape of the schema “${title.en}”, version ${version}. Nothing in it is made up: a place that lacks what the schema requires is left out, and ${why} says why.`
		},
		licence: base.licence,
		sort: base.sort,
		identifier: derivedIdentifier(base.identifier ?? base.slug, slug),
		frequency: base.frequency ?? 'UNKNOWN',
		keywords: base.keywords ?? [],
		contact: base.contact ?? null
	};
	const { format } = nationalFile(slug, extension)!;
	const { label, mediaType } = nationalFormats[format];
	const file = { url: `${origin}/data/${format}`, title: titleOfFile(named, label), extension, mediaType, size };
	return datasetNode(edition, dataset, {
		overview,
		files: [file],
		page: `${origin}/data/${base.slug}#national`,
		standard: standardNode(conformsTo, `${title.fr} ${version}`)
	});
}
