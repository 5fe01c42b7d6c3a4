/** Bytes that a request may bring: pictures where they are sent, one megabyte elsewhere. The server's own limit is that of the largest form. */
const usual = 1_000_000;
const large: Readonly<Record<string, number>> = {
	'/photos': 13_000_000,
	'/places/new': 26_000_000,
	'/places/[id]/edit': 26_000_000
};
/** Each is held in memory while it is read. */
const largeAtOnce = 4;
let underWay = 0;

interface Ways {
	/** The sentences for what is refused. */
	tooLarge: () => string;
	busy: () => string;
	go: () => Response | Promise<Response>;
}

/**
 * Lets a request through when its body may be that large on its route. A body whose length is not said first is refused: it could be any.
 * @param route SvelteKit's id of it
 */
export async function refuseLargeBody(request: Request, route: string | null, { tooLarge, busy, go }: Ways): Promise<Response> {
	if (request.body === null) return go();
	const length = request.headers.get('content-length');
	if (length === null) return sentence(411, tooLarge());
	const bytes = Number(length);
	if (bytes <= usual) return go();
	if (bytes > (large[route ?? ''] ?? usual)) return sentence(413, tooLarge());
	if (underWay >= largeAtOnce) return sentence(503, busy());
	underWay++;
	try {
		return await go();
	} finally {
		underWay--;
	}
}

/** Not read to its end: the connection cannot serve another request. */
const sentence = (status: number, text: string) =>
	new Response(text, {
		status,
		headers: {
			'content-type': 'text/plain; charset=utf-8',
			connection: 'close',
			...(status === 503 ? { 'retry-after': '10' } : {})
		}
	});
