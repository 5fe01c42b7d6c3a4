/** The two functions that give many places at once, held against the view. */
import type { Try } from './personas.ts';
import { no } from './personas.ts';

/** The page of the loader says byte for byte what the view says to the same reader, whoever she is. */
export const pageOfPlaces: Try = async (territory, persona) => {
	const client = await territory.client(persona.key);
	const page = await client.rpc('places_page', {});
	if (page.error) return no(page.error, page.status);
	const data = page.data as Record<string, unknown>[];
	const view = await client.from('places').select('*').order('id').limit(data.length);
	for (const [i, place] of data.entries()) {
		const row = view.data![i] as Record<string, unknown>;
		const same = Object.entries(place).every(([column, value]) => JSON.stringify(value) === JSON.stringify(row[column]));
		if (!same) throw new Error(`a place on the page is not as ${persona.title} sees it in the view`);
	}
	return data.length > 0 ? 'as the view' : 'nothing';
};

/** What the snapshot loads is, for every reader, what the view says to anonymous: no place and no fact more. */
export const publishedPlaces: Try = async (territory, persona) => {
	const client = await territory.client(persona.key);
	const page = await client.rpc('published_places', { n: 1000 });
	if (page.error) return no(page.error, page.status);
	const data = JSON.parse(page.data as string) as (Record<string, unknown> & { facts: Record<string, unknown> })[];
	const anonymous = await territory.client('anonymous');
	const view = await anonymous.from('places').select('*').order('id').limit(1000);
	const open = view.data as Record<string, unknown>[];
	const empty = (value: unknown) => value == null || (Array.isArray(value) && value.length === 0);
	for (const [i, { facts, ...place }] of data.entries())
		for (const [column, value] of Object.entries({ ...facts, ...place })) {
			const said = open[i]?.[column];
			if (JSON.stringify(value) !== JSON.stringify(said) && !(empty(value) && empty(said)))
				throw new Error(`${column} of a published place is not as anonymous sees it in the view`);
		}
	return data.length === open.length && data.length > 0 ? 'as anonymous' : `${data.length} places of ${open.length}`;
};
