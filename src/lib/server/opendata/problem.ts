import { STATUS_CODES } from 'node:http';

/** An error for a machine (RFC 9457): `code` is stable, `detail` a sentence that says what to do; `more` stands beside them. */
export function problem(
	status: number,
	code: string,
	detail: string,
	headers: Record<string, string> = {},
	more: Record<string, unknown> = {}
): Response {
	const body = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code, ...more };
	return new Response(JSON.stringify(body), {
		status,
		headers: {
			'content-type': 'application/problem+json',
			'cache-control': 'no-store',
			'access-control-allow-origin': '*',
			...headers
		}
	});
}
