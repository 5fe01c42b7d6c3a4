import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = `
import json, sys
from lxml import etree
grammar = etree.RelaxNG(etree.parse(sys.argv[1]))
def faults(text):
    if grammar.validate(etree.fromstring(text.encode())): return []
    return [f'{each.line}: {each.message}' for each in grammar.error_log]
print(json.dumps([faults(text) for text in json.load(sys.stdin)]))
`;

/** What libxml2 has against XML documents by a grammar of `test/schemas`, for each of them; nothing where it follows it. */
export function relaxNgFaults(grammar: string, documents: string[]): string[][] {
	const path = fileURLToPath(new URL(`../schemas/${grammar}`, import.meta.url));
	const said = execFileSync('/usr/bin/python3', ['-c', program, path], { input: JSON.stringify(documents) });
	return JSON.parse(said.toString()) as string[][];
}
