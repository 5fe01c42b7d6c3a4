import { photoPath } from '$lib/domain/photo';
import type { Place } from '$lib/domain/place';
import { hrefOf } from './cards';

/** A place that the one being typed may be. */
export interface Twin {
	id: string;
	name: string;
	/** An address or an area; empty when neither is known. */
	where: string;
	/** Null while nobody has said where the typed one is. */
	metres: number | null;
	href: string;
	photo: { url: string; alt: string } | null;
}

/** What a list of likely duplicates shows of a place. */
export function twinOf(place: Place, metres: number | null, area: string | undefined): Twin {
	const { name, address, city, photos } = place.facts;
	const [photo] = photos;
	return {
		id: place.id,
		name,
		where: [address, address ? city : (area ?? city)].filter(Boolean).join(', '),
		metres,
		href: hrefOf(place),
		photo: photo ? { url: photoPath(photo.id, 480), alt: photo.alt } : null
	};
}
