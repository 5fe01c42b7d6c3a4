import type { Dataset, Label } from '../../domain/taxonomy.ts';
import { provenance } from './geojson.ts';
import type { Told } from './geojson.ts';

/** Who verifies, what freshness means, how exact a position is: what a re-user has to know before he counts on the data. */
export const method: Label = {
	fr:
		'Les fiches sont proposées par les services, les agents de proximité, les associations et les habitants ; rien ne paraît sans qu’une personne ' +
		'qui en répond l’ait accepté. « verified_at » est le jour depuis lequel tout ce qui compte a été vérifié, « freshness » dit si c’est récent ' +
		'(fresh), un peu ancien (ageing) ou trop ancien (stale) au jour du fichier, et « assurances » dit qui (un rôle, une organisation, jamais une ' +
		'personne) a vérifié quoi, quand et comment. Une position « exact » est celle du lieu ; « street » et « area » ne disent que la rue ou le ' +
		'quartier, volontairement. Coordonnées en degrés, WGS 84. Une valeur vide veut dire « inconnu », jamais « non ». Ce qui n’est pas public ' +
		'n’est pas dans ce fichier ; il n’est pas exhaustif et ne remplace pas une visite.',
	en:
		'Records are proposed by services, field agents, associations and residents; nothing is published before somebody who answers for it has ' +
		'accepted it. “verified_at” is the day since when all that matters has been checked, “freshness” says whether that is recent (fresh), rather ' +
		'old (ageing) or too old (stale) on the day of the file, and “assurances” says who (a role, an organisation, never a person) checked what, ' +
		'when and how. A position that is “exact” is that of the place; “street” and “area” give the street or the neighbourhood only, on purpose. ' +
		'Coordinates in degrees, WGS 84. An empty value means “unknown”, never “no”. What is not public is not in this file; it is not exhaustive, ' +
		'and no substitute for a visit.'
};

/** What each file says of itself: what it is, under which licence, whose, as of when, and how far to trust it. */
export function colophonOf(told: Told, { title, description, licence }: Pick<Dataset, 'title' | 'description' | 'licence'>) {
	return {
		title,
		description,
		...provenance(told, licence),
		...(told.filters === undefined ? {} : { filters: told.filters }),
		method
	};
}

export type Colophon = ReturnType<typeof colophonOf>;

const words = {
	fr: { licence: 'Licence', source: 'Source', date: 'Dernière modification', seq: 'Numéro de séquence', filters: 'Filtres' },
	en: { licence: 'Licence', source: 'Source', date: 'Last change', seq: 'Sequence number', filters: 'Filters' }
};

/** The same for people, in both languages, as pairs of a name and a text; a heading has no text. */
export function colophonLines(colophon: Colophon): [name: string, text: string][] {
	const { licence, source, date, seq, filters } = colophon;
	return (['fr', 'en'] as const).flatMap((locale): [string, string][] => [
		[colophon.title[locale], colophon.description[locale]],
		[words[locale].licence, licence],
		[words[locale].source, `${source.name}, ${source.url}`],
		[words[locale].date, date ?? ''],
		[words[locale].seq, String(seq)],
		...(filters === undefined ? [] : [[words[locale].filters, filters] satisfies [string, string]]),
		[locale === 'fr' ? 'Méthode et limites' : 'Method and limits', method[locale]]
	]);
}
