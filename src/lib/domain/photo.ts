import type { z } from 'zod';
import type { maskSchema } from './photo-mask.ts';

/** The longer side of each copy that is kept, in pixels: for a page, and for a list or a thumb. */
export const photoSizes = [1600, 480] as const;
export type PhotoSize = (typeof photoSizes)[number];

/** What one picture may weigh and measure, and all those of one form without scripts. */
export const photoLimits = {
	bytes: 12_000_000,
	pixels: 50_000_000,
	perForm: 10,
	formBytes: 25_000_000,
	perPlace: 20,
	alt: 300
} as const;

/** Where a copy answers. */
export const photoPath = (id: string, size: PhotoSize): string => `/photos/${id}-${size}.webp`;

const name = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(1600|480)$/;

/** The copy that a path's last part (without `.webp`) names; null when it names none. */
export function parsePhotoName(text: string): { id: string; size: PhotoSize } | null {
	const [, id, size] = name.exec(text) ?? [];
	return id && size ? { id, size: Number(size) as PhotoSize } : null;
}

/** Width and height of a copy: never larger than the picture itself. `photo` is as the largest copy measures. */
export function copyMeasures({ width, height }: { width: number; height: number }, size: PhotoSize) {
	const scale = Math.min(1, size / Math.max(width, height));
	return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** What is to be made unrecognisable, in parts of the picture. */
export type Mask = z.infer<typeof maskSchema>;
export type Rectangle = Mask['rectangles'][number];

export const isEmptyMask = ({ rectangles, strokes }: Mask): boolean => rectangles.length + strokes.length === 0;

/** A photo that is not everyone's to see, for its author or a moderator. */
export interface SeenPhoto {
	id: string;
	state: 'pending' | 'published' | 'withheld' | 'removed';
	alt: string;
	licence: string | null;
	width: number;
	height: number;
	/** The reader may mask and withhold it. */
	decides: boolean;
}
