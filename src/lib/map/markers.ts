import type { Map as MapLibre } from 'maplibre-gl';
import { palette } from '$lib/domain/palette';
import type { ThemeColour } from '$lib/domain/taxonomy';
import { pictogramDrawing } from './pictograms';

/** CSS pixels of a marker's side, its rim included. */
const side = 34;
const rim = 2;

/** Draws the images that the layers of `view.ts` ask for: `<scheme>|<kind>|<colour>|<pictogram>` and `ring|<scheme>|<parts>`. */
export function drawMissingMarkers(map: MapLibre): void {
	map.setMissingStyleImageResolver(async (id) => {
		const parts = id.split('|').length;
		if (parts !== 4 && !id.startsWith('ring|')) return;
		const image = parts === 4 ? drawMarker(id, devicePixelRatio) : drawRing(id, devicePixelRatio);
		if (!map.hasImage(id)) map.addImage(id, image, { pixelRatio: devicePixelRatio });
	});
}

/** CSS pixels of the largest ring's side, and of its thickness. */
const ringSide = 62;
const thickness = 8;

/** What a cluster is made of: an arc per theme, in the order of the legend. */
function drawRing(id: string, ratio: number): ImageData {
	const [, scheme, list = ''] = id.split('|');
	const light = scheme !== 'dark';
	const { canvas, context } = newCanvas(ringSide, ratio);
	const arcs = list.split(',').flatMap((part) => {
		const [colour, share] = part.split(':');
		return share === undefined
			? []
			: [{ hue: palette[colour as ThemeColour]?.[light ? 'light' : 'dark'] ?? '#666666', share: Number(share) }];
	});
	const whole = arcs.reduce((sum, { share }) => sum + share, 0);
	const middle = ringSide / 2;
	context.beginPath();
	context.arc(middle, middle, middle, 0, 2 * Math.PI);
	context.fillStyle = light ? '#ffffff' : '#14181a';
	context.fill();
	context.lineWidth = thickness;
	// Small gaps tell neighbours apart whose colours somebody can't.
	const gap = arcs.length > 1 ? 0.09 : 0;
	let from = -Math.PI / 2;
	for (const { hue, share } of arcs) {
		const to = from + (share / whole) * 2 * Math.PI;
		context.beginPath();
		context.arc(middle, middle, middle - thickness / 2 - 2, from + gap / 2, to - gap / 2);
		context.strokeStyle = hue;
		context.stroke();
		from = to;
	}
	return context.getImageData(0, 0, canvas.width, canvas.height);
}

function newCanvas(size: number, ratio: number) {
	const canvas = document.createElement('canvas');
	canvas.width = canvas.height = Math.ceil(size * ratio);
	const context = canvas.getContext('2d');
	if (!context) throw new Error('no canvas');
	context.scale(ratio, ratio);
	return { canvas, context };
}

/** A service is square, an initiative round: told apart without the colour. */
function drawMarker(id: string, ratio: number): ImageData {
	const [scheme, kind, colour, name = ''] = id.split('|');
	const light = scheme !== 'dark';
	const { canvas, context } = newCanvas(side, ratio);
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
