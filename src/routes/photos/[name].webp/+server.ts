import { servePhoto } from '$lib/server/photos/serve';
import { hasSession } from '$lib/server/supabase';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ params, request, locals, cookies }) =>
	servePhoto(params.name, request, hasSession(cookies) ? () => locals.supabase : null);
