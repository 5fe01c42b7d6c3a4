/** What XML 1.0 cannot hold, not even as a reference (§2.2); halves of a character too, which UTF-8 has no bytes for. */
const unwritable = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };

/** A text without what XML cannot hold. */
export const writable = (text: string): string => text.replaceAll(unwritable, '');

/** A text between tags or quotes. A carriage return is written by number: a parser would make a line feed of it. */
export function xmlText(text: string): string {
	return writable(text).replaceAll(/[&<>"\r]/g, (sign) => escapes[sign]!);
}
