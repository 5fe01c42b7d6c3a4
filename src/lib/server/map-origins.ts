/** IGN's style, tiles, glyphs and pictures come from one host; so do those of every style that we know of. */
export function mapOrigins(styleUrl: string | null): string[] {
	return styleUrl === null ? [] : [new URL(styleUrl).origin];
}
