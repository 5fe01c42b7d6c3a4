import { addProtocol } from 'maplibre-gl';
import type { StyleSpecification } from 'maplibre-gl';
import { PMTiles, Protocol, TileType } from 'pmtiles';
import { archiveLayersStyle } from './style/archive';
import type { Archive } from './style/archive';
import type { MapAreas } from './style/name-points';
import type { Scheme } from './view';

interface ArchiveStyle {
	scheme: Scheme;
	/** Absolute address of the PMTiles file, on our own server. */
	url: string;
	areas: MapAreas;
}

let protocol: Protocol | undefined;
const read = new Map<string, Promise<Archive>>();

/** The ground drawn from a PMTiles archive. @throws when it does not answer or is no archive; null when its layers are unknown to us. */
export async function archiveStyle({ scheme, url, areas }: ArchiveStyle): Promise<StyleSpecification | null> {
	if (!protocol) {
		protocol = new Protocol();
		addProtocol('pmtiles', protocol.tile);
	}
	const asked = read.get(url) ?? readArchive(protocol, url);
	read.set(url, asked);
	asked.catch(() => read.delete(url));
	return archiveLayersStyle(await asked, { scheme, areas });
}

async function readArchive(known: Protocol, url: string): Promise<Archive> {
	const file = new PMTiles(url);
	known.add(file);
	const [header, metadata] = await Promise.all([file.getHeader(), file.getMetadata() as Promise<Record<string, unknown>>]);
	const layers = Array.isArray(metadata['vector_layers']) ? (metadata['vector_layers'] as { id?: unknown }[]) : [];
	return {
		tiles: `pmtiles://${url}/{z}/{x}/{y}`,
		raster: header.tileType !== TileType.Mvt,
		minzoom: header.minZoom,
		maxzoom: header.maxZoom,
		bounds: [header.minLon, header.minLat, header.maxLon, header.maxLat],
		attribution: typeof metadata['attribution'] === 'string' ? metadata['attribution'] : null,
		layers: layers.flatMap(({ id }) => (typeof id === 'string' ? [id] : []))
	};
}
