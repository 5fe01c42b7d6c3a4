import drawings from '$lib/map/pictograms.json';
import { symbolId } from '$lib/map/sprite';

export const prerender = true;

/** All pictograms, for `<use href="/pictograms.svg#maki-library">`. */
export const GET = () => {
	const symbols = Object.entries(drawings).map(([name, { viewBox, path }]) => {
		return `<symbol id="${symbolId(name)}" viewBox="${viewBox}"><path d="${path}"/></symbol>`;
	});
	const svg = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
	return new Response(svg, { headers: { 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=86400' } });
};
