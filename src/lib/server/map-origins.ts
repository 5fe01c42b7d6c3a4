/** IGN's style, tiles, glyphs and pictures come from one host; so do those of every style that we know of. */
export function mapOrigins(styleUrl: string): string[] {
	return styleUrl === 'builtin' ? [] : [new URL(styleUrl).origin];
}
