import { photoPath } from '$lib/domain/photo';
import type { Place } from '$lib/domain/place';
import type { Category } from '$lib/domain/taxonomy';

/** The place as a script element of JSON-LD, https://schema.org/Place; only what is known. No `<` of the data can close the element. */
export function structuredData({ facts, position, kind }: Place, category: Category | undefined, url: string): string {
	const address = facts.address ?? facts.city;
	const data = {
		'@context': 'https://schema.org',
		'@type': (kind === 'service' && category?.schemaType) || 'Place',
		'@id': url,
		url,
		name: facts.name,
		description: facts.summary ?? facts.description ?? undefined,
		image: facts.photos.flatMap(({ id, licence }) => (licence ? [new URL(photoPath(id, 1600), url).href] : [])),
		address: address
			? {
					'@type': 'PostalAddress',
					streetAddress: facts.address ?? undefined,
					postalCode: facts.postcode ?? undefined,
					addressLocality: facts.city ?? undefined
				}
			: undefined,
		geo: { '@type': 'GeoCoordinates', latitude: position.lat, longitude: position.lon },
		telephone: facts.phone ?? undefined,
		email: facts.email ?? undefined,
		sameAs: facts.website ?? undefined,
		isAccessibleForFree: facts.cost === null ? undefined : facts.cost === 'free',
		publicAccess: true
	};
	return `<script type="application/ld+json">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;
}
