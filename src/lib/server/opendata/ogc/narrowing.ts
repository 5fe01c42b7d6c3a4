import { inBox, narrower } from '../../../geo/crs-box.ts';
import { crs84 } from '../../../geo/crs.ts';
import type { BBox } from '../../../geo/bbox.ts';
import type { Place } from '../../../domain/place.ts';
import type { Dataset } from '../../../domain/taxonomy.ts';
import type { Selection } from '../../published/select.ts';
import { selectionOf } from '../datasets.ts';
import { boxOf, systemOf } from './asked-crs.ts';
import { during, parseDatetime } from './datetime.ts';
import { readFilter } from './filter.ts';
import type { Asked } from './operation.ts';
import { isMoment, propertyParameters } from './queryables.ts';
import { readerOf } from './values.ts';
import type { Read } from './values.ts';
import type { Reading } from './reading.ts';
import { datetime } from './parameters.ts';

type Test = (read: Read, place: Place) => boolean;

/** Which places of a dataset are asked for; null when it can be none. @throws Refusal */
export function readingOf(asked: Asked, dataset: Dataset): Reading | null {
	const { query, edition } = asked;
	const tests: Test[] = [];
	const selection: Selection | null = narrowByProperties(asked, selectionOf(dataset), tests);
	const box = boxOf(query);
	if (box?.contains) tests.push((_, { position: { lon, lat } }) => inBox(box, lon, lat));
	const filter = readFilter(query);
	if (filter) tests.push((read) => filter.test(read) === true);
	const text = query[datetime.name];
	if (typeof text === 'string') {
		const span = parseDatetime(text);
		tests.push((_, place) => during(span, place.updatedAt));
	}
	const area = box && filter?.bounds ? narrower(box.cover, filter.bounds) : (box?.cover ?? filter?.bounds ?? undefined);
	if (!selection || area === null) return null;
	const accepts = (place: Place) => {
		const read = readerOf(place, edition);
		return tests.every((test) => test(read, place));
	};
	return {
		view: edition.view,
		selection: area ? { ...selection, bbox: area satisfies BBox } : selection,
		accepts: tests.length > 0 ? accepts : null
	};
}

/** What the columns of the snapshot know narrows the reading itself; the rest is tested place by place. */
function narrowByProperties({ query, edition }: Asked, start: Selection, tests: Test[]): Selection | null {
	let selection: Selection | null = start;
	for (const { name } of propertyParameters) {
		const wanted = query[name];
		if (wanted === undefined) continue;
		if (isMoment(name)) tests.push((read) => Date.parse(String(read(name))) === Date.parse(String(wanted)));
		else if (!isColumn(name) || wanted === '') tests.push((read) => read(name) === wanted);
		else selection = selection && merged(edition.view.reference.ancestors, selection, name, String(wanted), tests);
	}
	return selection;
}

const isColumn = (name: string): name is 'kind' | 'theme' | 'category' | 'steward' | 'area' =>
	['kind', 'theme', 'category', 'steward', 'area'].includes(name);

/** Null when the dataset and the parameter contradict each other. An area of the snapshot has its parts in it, a property has not. */
function merged(
	ancestors: (area: string) => string[],
	selection: Selection,
	name: 'kind' | 'theme' | 'category' | 'steward' | 'area',
	wanted: string,
	tests: Test[]
): Selection | null {
	const known = selection[name];
	if (name === 'area') {
		tests.push((read) => read(name) === wanted);
		return known === undefined || ancestors(wanted).includes(known) ? { ...selection, area: wanted } : null;
	}
	return known === undefined || known === wanted ? { ...selection, [name]: wanted } : null;
}

/** The system that the answer is written in. @throws Refusal */
export const outputOf = ({ query }: Asked) => systemOf('crs', query['crs'] ?? crs84);
