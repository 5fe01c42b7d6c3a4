import { config } from '$lib/server/environment';
import { serveFile } from '$lib/server/opendata/base-file';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ request }) => serveFile(request, config().basemapPmtiles, 'application/vnd.pmtiles');
