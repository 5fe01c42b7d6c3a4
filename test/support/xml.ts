import { execFileSync } from 'node:child_process';

export interface XmlElement {
	/** `{namespace}local`. */
	name: string;
	attributes: Record<string, string>;
	/** The text directly in it. */
	text: string;
	children: XmlElement[];
}

const program = `
import json, sys, xml.etree.ElementTree as tree
def read(e): return {'name': e.tag, 'attributes': e.attrib, 'text': e.text or '', 'children': [read(c) for c in e]}
print(json.dumps(read(tree.fromstring(sys.stdin.buffer.read()))))
`;

/** Reads XML with expat, as feed readers do; throws where it is not well formed. */
export function parseXml(text: string): XmlElement {
	const json = execFileSync('/usr/bin/python3', ['-c', program], { input: text, stdio: ['pipe', 'pipe', 'pipe'] });
	return JSON.parse(json.toString()) as XmlElement;
}
