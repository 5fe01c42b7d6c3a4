import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

interface Drawings {
	[name: string]: { viewBox: string; path: string };
}

/** What components ask the application for: its pictograms are there; photos and answers are not, which they live with. */
export function standInServer(): Plugin {
	const drawings = JSON.parse(readFileSync('src/lib/map/pictograms.json', 'utf8')) as Drawings;
	const symbols = Object.entries(drawings).map(
		([name, { viewBox, path }]) => `<symbol id="${name.replace(':', '-')}" viewBox="${viewBox}"><path d="${path}"/></symbol>`
	);
	const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
	return {
		name: 'alentour:stand-in-server',
		configureServer({ middlewares }) {
			middlewares.use(
				'/pictograms.svg',
				(_request, response) => void response.setHeader('content-type', 'image/svg+xml').end(sprite)
			);
			for (const path of ['/photos/', '/api/']) middlewares.use(path, (_request, response) => void response.writeHead(404).end());
		}
	};
}
