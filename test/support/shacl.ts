import { readFileSync } from 'node:fs';
import { Parser, Store } from 'n3';
import SHACLValidator from 'rdf-validate-shacl';

const parse = (turtle: string) => new Store(new Parser({ format: 'text/turtle' }).parse(turtle));
const shapes = parse(readFileSync(new URL('../schemas/dcat-ap.ttl', import.meta.url), 'utf8'));

/** Each violation of the shapes of DCAT-AP 3.0.1 in a Turtle document, in words; none for a catalogue that a validator lets pass. */
export async function violations(turtle: string): Promise<string[]> {
	const { results } = await new SHACLValidator(shapes).validate(parse(turtle));
	return results.map(({ focusNode, path, value, sourceConstraintComponent }) =>
		[focusNode, path, sourceConstraintComponent, value].map((term) => short(term)).join(' ')
	);
}

/** The last part of an address, or a value as it is. */
function short(term: unknown): string {
	if (term === null || typeof term !== 'object' || !('value' in term)) return '';
	const { value } = term as { value: string };
	return /^https?:/.test(value) ? value.replace(/^.*[/#](?=.)/, '') : value;
}
