import type { Label } from '../../../domain/taxonomy.ts';
import { conformance } from './conformance.ts';
import { both, ownLinks, rels, types } from './links.ts';
import type { Asked, Found } from './operation.ts';

const description: Label = {
	fr: 'Les services publics et les initiatives citoyennes de la carte, à lire par lieu, par page, par rectangle, par filtre ou par tuile, sans clé ni inscription.',
	en: 'The public services and citizen initiatives of the map, by place, by page, by box, by filter or by tile, without key or registration.'
};

/** Where a client begins (/req/core/root-success). */
export function answerLanding(asked: Asked): Found {
	const { root, edition, locale } = asked;
	const name = edition.view.settings.territory.name || 'Alentour';
	return {
		resource: () => ({
			title: name,
			description: description[locale],
			attribution: `${name} (${edition.view.settings.licence.id})`,
			links: [
				...ownLinks(asked),
				{ rel: 'service-desc', href: `${root}/api`, type: types.openapi, title: 'OpenAPI 3.0' },
				{ rel: 'service-doc', href: `${root}/api?f=html`, type: types.html, title: 'API' },
				...both('conformance', `${root}/conformance`, types.json, 'Conformance'),
				...both('data', `${root}/collections`, types.json, 'Collections'),
				...both(rels.tilesets, `${root}/tiles`, types.json, 'Vector tiles'),
				...both(rels.tilingSchemes, `${root}/tileMatrixSets`, types.json, 'Tiling schemes')
			]
		})
	};
}

/** What is kept to of the standards (/req/core/conformance-success). */
export function answerConformance(asked: Asked): Found {
	return { resource: () => ({ links: ownLinks(asked), conformsTo: conformance }) };
}
