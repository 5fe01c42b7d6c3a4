/** A path of our own to go on to, or `otherwise`: never an address elsewhere, which `//host` and `/\host` are too. */
export function safePath(path: unknown, otherwise = '/'): string {
	if (typeof path !== 'string' || path.length > 500) return otherwise;
	return /^\/(?![/\\])[^\\\s\p{Cc}]*$/u.test(path) ? path : otherwise;
}
