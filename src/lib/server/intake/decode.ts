/**
 * The text of a file: by its byte-order mark, else UTF-8, else what is not valid UTF-8 is windows-1252, which French offices write.
 * The mark itself is dropped; text is in NFC (macOS writes é as two characters).
 */
export function decodeText(bytes: Uint8Array): string {
	return new TextDecoder(encodingOf(bytes)).decode(bytes).normalize('NFC');
}

function encodingOf(bytes: Uint8Array): string {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(bytes);
		return 'utf-8';
	} catch {
		return 'windows-1252';
	}
}
