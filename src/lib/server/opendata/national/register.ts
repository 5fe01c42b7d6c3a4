import type { Organisation } from '../../../domain/taxonomy.ts';
import type { Reference } from '../../published/reference.ts';
import json from './mapping.json' with { type: 'json' };

/** What national schemas call the places of a category; a part is missing where the category is none of its concern. */
export interface Mapping {
	osm_tag: string | null;
	/** Closed theme and usual word of the nomenclature. */
	scdl?: { theme: string; type: string };
	/** `extras`: services that an extra fact vouches for, where it is neither empty, false nor zero. */
	mediation?: { typologie?: string; services?: string[]; extras?: Record<string, string[]> };
	inclusion?: { type?: string; thematiques: string[] };
}

/**
 * Beside the categories that every town starts with, and in a file: no table has a place for it, and it changes with the schemas, not
 * with the towns. A category of a town's own is known by its OpenStreetMap tag, where that means one thing.
 */
export const mapping: Readonly<Record<string, Mapping>> = json;

/** What the files need besides the places: plain data, for the thread that writes them. */
export interface Register {
	organisations: ReadonlyMap<string, Pick<Organisation, 'name' | 'kind'> & { siret: string | null; rna: string | null }>;
	/** INSEE code of the commune of an area, by the slug of the area. */
	communes: ReadonlyMap<string, string>;
	/** By the slug of the category; only those that some schema is about. */
	mappings: ReadonlyMap<string, Mapping>;
}

export function registerOf(reference: Reference): Register {
	const communes = reference.areas.flatMap(({ slug }): [string, string][] => {
		const chain = reference.ancestors(slug).map((ancestor) => reference.areaBySlug.get(ancestor)!);
		const code = chain.find(({ level }) => level === 'commune')?.code;
		return code != null && isInsee(code) ? [[slug, code]] : [];
	});
	return {
		organisations: new Map(
			reference.organisations.map(({ slug, name, kind, siret, rna }) => [
				slug,
				{ name, kind, siret: siret ?? null, rna: rna ?? null }
			])
		),
		communes: new Map(communes),
		mappings: new Map(
			reference.categories.flatMap(({ slug, osmTag }): [string, Mapping][] => {
				const known = Object.hasOwn(mapping, slug) ? mapping[slug] : byTag.get(osmTag ?? '');
				return known ? [[slug, known]] : [];
			})
		)
	};
}

/** https://www.insee.fr/fr/information/2560452: two digits or 2A, 2B, then three. */
const isInsee = (code: string) => /^([013-9]\d|2[AB1-9])\d{3}$/.test(code);

const byTag = tagsOfOneMeaning();

function tagsOfOneMeaning(): Map<string, Mapping> {
	const found = new Map<string, Mapping>();
	const several = new Set<string>();
	for (const entry of Object.values(mapping)) {
		if (entry.osm_tag === null) continue;
		if (found.has(entry.osm_tag)) several.add(entry.osm_tag);
		found.set(entry.osm_tag, entry);
	}
	for (const tag of several) found.delete(tag);
	return found;
}
