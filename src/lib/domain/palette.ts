import type { ThemeColour } from './taxonomy.ts';

/**
 * One hue per theme and scheme. On `light` white text keeps 4.5:1; on `dark` near-black text does; both keep 3:1 with the map's ground.
 * `app.css` holds the same values as custom properties (a unit test compares them); the map needs them as numbers.
 */
export const palette: Record<ThemeColour, { light: string; dark: string }> = {
	coral: { light: '#b8432f', dark: '#f2907c' },
	amber: { light: '#8f5f00', dark: '#e8b04b' },
	olive: { light: '#62690f', dark: '#c3c95a' },
	green: { light: '#2b7337', dark: '#7ccb85' },
	teal: { light: '#0b7065', dark: '#5bcabb' },
	cyan: { light: '#0b6c87', dark: '#63c6e2' },
	blue: { light: '#2361b3', dark: '#8cb8f5' },
	indigo: { light: '#4a4fb5', dark: '#a9adf7' },
	violet: { light: '#7645ad', dark: '#c7a2f2' },
	plum: { light: '#93378d', dark: '#e398dc' },
	pink: { light: '#b0305f', dark: '#f593b5' },
	brown: { light: '#7d5233', dark: '#d6a987' }
};
