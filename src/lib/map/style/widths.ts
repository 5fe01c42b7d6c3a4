import type { ExpressionSpecification } from 'maplibre-gl';

/** A size in pixels that doubles with each zoom beyond 14, as on paper at a larger scale, and grows gently before. */
export function growing(at11: number, at14: number, at18: number): ExpressionSpecification {
	return ['interpolate', ['exponential', 1.5], ['zoom'], 11, at11, 14, at14, 18, at18];
}

/** Grows straight between two zooms. */
export function between(zoom: number, from: number, endZoom: number, to: number): ExpressionSpecification {
	return ['interpolate', ['linear'], ['zoom'], zoom, from, endZoom, to];
}
