/** Sends a form as a browser without JavaScript does, and does not follow its redirect. */
export function post(origin: string, path: string, fields: Record<string, string>, cookie = ''): Promise<Response> {
	return fetch(origin + path, {
		method: 'POST',
		redirect: 'manual',
		body: new URLSearchParams(fields),
		headers: { origin, cookie, accept: 'text/html', 'accept-language': 'fr' },
		signal: AbortSignal.timeout(20_000)
	});
}

/** The cookies that an answer sets, as the next request sends them. */
export function cookiesOf(response: Response): string {
	return response.headers
		.getSetCookie()
		.map((cookie) => cookie.split(';')[0] ?? '')
		.filter((cookie) => !cookie.endsWith('='))
		.join('; ');
}
