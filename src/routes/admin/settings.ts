import type { Area, Settings } from '$lib/domain/taxonomy';

/** The box, centre and zoom that show all areas; nothing to change while there are none. */
export function territoryBox(areas: readonly Pick<Area, 'bbox'>[]): Partial<Settings['territory']> {
	if (areas.length === 0) return {};
	const bbox: [number, number, number, number] = [
		Math.min(...areas.map(({ bbox: [west] }) => west)),
		Math.min(...areas.map(({ bbox: [, south] }) => south)),
		Math.max(...areas.map(({ bbox: [, , east] }) => east)),
		Math.max(...areas.map(({ bbox: [, , , north] }) => north))
	];
	return { bbox, center: { lon: (bbox[0] + bbox[2]) / 2, lat: (bbox[1] + bbox[3]) / 2 } };
}

/** The address of an organisation by its name, one that nobody has; empty for a name without a letter. */
export function slugFor(name: string, taken: (slug: string) => boolean): string {
	const plain = name
		.normalize('NFKD')
		.replaceAll(/\p{M}/gu, '')
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, '-')
		.slice(0, 50)
		.replaceAll(/^-+|-+$/g, '');
	if (!plain) return '';
	for (let number = 2, slug = plain; ; slug = `${plain}-${number++}`) if (!taken(slug)) return slug;
}

/** Waits for something that may as well not come. */
export async function settled(work: Promise<unknown>): Promise<void> {
	await work.catch(() => null);
}
