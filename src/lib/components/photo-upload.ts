import { isEmptyMask } from '$lib/domain/photo';
import type { Mask } from '$lib/domain/photo';

/** The picture as it is seen, turned upright; null when this browser cannot show it (the server will judge it). */
export async function openPicture(file: Blob): Promise<ImageBitmap | null> {
	try {
		return await createImageBitmap(file, { imageOrientation: 'from-image' });
	} catch {
		return null;
	}
}

/** Draws what a mask covers, over whatever is there. */
export function drawMask(context: CanvasRenderingContext2D, { rectangles, strokes }: Mask): void {
	const { width, height } = context.canvas;
	context.fillStyle = context.strokeStyle = 'rgb(48 48 48)';
	context.lineCap = context.lineJoin = 'round';
	for (const one of rectangles) context.fillRect(one.x * width, one.y * height, one.width * width, one.height * height);
	for (const { radius, points } of strokes) {
		context.lineWidth = 2 * radius * Math.max(width, height);
		context.beginPath();
		for (const [x, y] of [points[0]!, ...points]) context.lineTo(x * width, y * height);
		context.stroke();
	}
}

/** Pixels of the longer side of what is sent once it was masked: more than is kept. */
const maskedSide = 2400;

/** The file itself, or the picture with its masks painted in, so that what is covered never leaves this device. */
async function withMask(file: Blob, mask: Mask): Promise<Blob> {
	if (isEmptyMask(mask)) return file;
	const picture = await openPicture(file);
	if (!picture) return file;
	const scale = Math.min(1, maskedSide / Math.max(picture.width, picture.height));
	const canvas = document.createElement('canvas');
	canvas.width = Math.round(picture.width * scale);
	canvas.height = Math.round(picture.height * scale);
	const context = canvas.getContext('2d')!;
	context.drawImage(picture, 0, 0, canvas.width, canvas.height);
	picture.close();
	drawMask(context, mask);
	return new Promise((made, failed) =>
		canvas.toBlob((blob) => (blob ? made(blob) : failed(new Error('The masked picture could not be made.'))), 'image/jpeg', 0.92)
	);
}

/** The form that a picture goes with. */
export interface PictureForm {
	id: string;
	/** The id of the place. */
	place: string;
	/** Of somebody without an account. */
	ticket: string;
}

/** Why a photo was not taken: a sentence of the server, or null when it was not reached. */
export class NotSent extends Error {
	override name = 'NotSent';
	readonly sentence: string | null;

	constructor(sentence: string | null) {
		super(sentence ?? 'not reached');
		this.sentence = sentence;
	}
}

/**
 * Sends one picture. (`fetch` does not tell how far a body has got.)
 * @param form the place that it is for, and for a visitor the ticket of her form @param progress called with percents
 * @returns the id of the photo
 * @throws NotSent
 */
export async function sendPicture(
	file: Blob,
	mask: Mask,
	form: PictureForm,
	progress: (percent: number) => void
): Promise<string> {
	const body = await withMask(file, mask);
	return new Promise((taken, refused) => {
		const request = new XMLHttpRequest();
		request.open('POST', `/photos?place=${encodeURIComponent(form.place)}`);
		request.responseType = 'json';
		request.setRequestHeader('content-type', 'application/octet-stream');
		if (form.ticket) {
			request.setRequestHeader('x-ticket', form.ticket);
			request.setRequestHeader('x-form', form.id);
		}
		request.upload.onprogress = ({ loaded, total }) => progress(Math.round((100 * loaded) / Math.max(1, total)));
		request.onload = () => {
			const answer = request.response as { id?: string; detail?: string } | null;
			if (request.status === 201 && answer?.id) taken(answer.id);
			else refused(new NotSent(answer?.detail ?? null));
		};
		request.onerror = request.ontimeout = () => refused(new NotSent(null));
		request.send(body);
	});
}
