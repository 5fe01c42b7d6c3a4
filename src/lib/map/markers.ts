import type { Map as MapLibre } from 'maplibre-gl';
import { palette } from '$lib/domain/palette';
import type { ThemeColour } from '$lib/domain/taxonomy';
import { pictogramDrawing } from './pictograms';

/** CSS pixels of a marker's side, its rim included. */
const side = 34;
const rim = 2;

/** Draws the images that the layers of `view.ts` ask for: `<scheme>|<kind>|<colour>|<pictogram>`. */
export function drawMissingMarkers(map: MapLibre): void {
	map.setMissingStyleImageResolver(async (id) => {
		if (id.split('|').length !== 4) return;
		const image = drawMarker(id, devicePixelRatio);
		if (!map.hasImage(id)) map.addImage(id, image, { pixelRatio: devicePixelRatio });
	});
}

/** A service is square, an initiative round: told apart without the colour. */
function drawMarker(id: string, ratio: number): ImageData {
	const [scheme, kind, colour, name = ''] = id.split('|');
	const light = scheme !== 'dark';
	const canvas = document.createElement('canvas');
	canvas.width = canvas.height = Math.ceil(side * ratio);
	const context = canvas.getContext('2d');
	if (!context) throw new Error('no canvas');
	context.scale(ratio, ratio);
	const radius = kind === 'initiative' ? side / 2 : side * 0.28;
	const shape = (inset: number, fill: string) => {
		context.beginPath();
		context.roundRect(inset, inset, side - 2 * inset, side - 2 * inset, Math.max(0, radius - inset));
		context.fillStyle = fill;
		context.fill();
	};
	shape(0, light ? '#ffffff' : '#14181a');
	shape(rim, palette[colour as ThemeColour]?.[light ? 'light' : 'dark'] ?? '#666666');
	drawPictogram(context, name, light ? '#ffffff' : '#14181a');
	return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** In the middle of the marker, a little more than half as wide. */
function drawPictogram(context: CanvasRenderingContext2D, name: string, fill: string): void {
	const { viewBox, path } = pictogramDrawing(name);
	const [left = 0, top = 0, width = 15, height = 15] = viewBox.split(' ').map(Number);
	const scale = (side * 0.52) / Math.max(width, height);
	context.translate(side / 2, side / 2);
	context.scale(scale, scale);
	context.translate(-left - width / 2, -top - height / 2);
	context.fillStyle = fill;
	context.fill(new Path2D(path));
}
