/** Text and what it is written on. */
export const texts = [
	['ink', 'ground'],
	['ink', 'surface'],
	['ink', 'sunken'],
	['ink', 'accent-soft'],
	['ink', 'added'],
	['ink', 'removed'],
	['ink-soft', 'ground'],
	['ink-soft', 'surface'],
	['ink-soft', 'sunken'],
	['accent', 'ground'],
	['accent', 'surface'],
	['accent', 'accent-soft'],
	['accent-strong', 'accent-soft'],
	['on-accent', 'accent'],
	['on-accent', 'accent-strong'],
	['good', 'good-soft'],
	['warn', 'warn-soft'],
	['warn', 'surface'],
	['warn', 'ground'],
	['bad', 'bad-soft'],
	['bad', 'surface'],
	['bad', 'ground']
] as const;

/** What is no text and must be seen, with the grounds it is drawn on. */
export const marks = ['line-strong', 'focus'].flatMap((mark) =>
	['ground', 'surface', 'accent-soft'].map((ground) => [mark, ground] as const)
);

/** Of `#rrggbb`, from 0 to 1: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
export function luminance(hex: string): number {
	const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
		const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
		return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** From 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(one: string, other: string): number {
	const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (light + 0.05) / (dark + 0.05);
}
