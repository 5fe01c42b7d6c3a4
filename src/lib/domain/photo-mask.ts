/** Apart from the other things of a photo, which browsers need: judging what was sent is the server's, and its library weighs 23 kB. */
import { z } from 'zod';

/** A part of the picture's width or height: 0 is left or top. */
const part = z.number().min(0).max(1);

/** What is to be made unrecognisable: rectangles, and the path of a round brush. Everything in parts of the picture; a radius of its longer side. */
export const maskSchema = z.strictObject({
	rectangles: z.array(z.strictObject({ x: part, y: part, width: part, height: part })).max(50),
	strokes: z
		.array(
			z.strictObject({
				radius: z.number().positive().max(0.5),
				points: z
					.array(z.tuple([part, part]))
					.min(1)
					.max(500)
			})
		)
		.max(50)
});
