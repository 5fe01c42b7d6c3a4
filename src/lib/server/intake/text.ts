/** Lower-case ASCII words joined by hyphens, at most 60 characters, as slugs of areas and sources are. */
export function slugOf(text: string): string {
	const ascii = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('œ', 'oe').replaceAll('æ', 'ae');
	return ascii
		.replace(/[^a-z0-9]+/g, '-')
		.slice(0, 60)
		.replace(/^-|-$/g, '');
}

/** One space between words, none around. */
export function tidy(text: string): string {
	return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}
