import { pictogramDrawing } from '$lib/map/pictograms';

const marker = 'maki:marker';

/** The name itself when this build can draw it, else a plain marker's. For servers: it knows all the drawings. */
export function knownPictogram(name: string | undefined): string {
	return name !== undefined && pictogramDrawing(name) !== pictogramDrawing(marker) ? name : marker;
}
