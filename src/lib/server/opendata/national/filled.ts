import { OfLines } from '../../published/lines.ts';
import { placeOf } from '../../published/record.ts';
import type { Reference } from '../../published/reference.ts';
import type { View } from '../../published/view.ts';
import type { Edition } from '../geojson.ts';
import { nextTurn } from '../next-turn.ts';
import { nationalSchemas } from './national.ts';
import { registerOf } from './register.ts';
import type { NationalSlug } from './schema.ts';

/** A view never changes. */
const found = new WeakMap<View, Promise<ReadonlySet<NationalSlug>>>();

/** Which schemas a place has a row in, kept with its line as long as neither it nor organisations, areas and categories change. */
const rowsOfLines = new WeakMap<Reference, OfLines<NationalSlug[]>>();

/** Longer than that nobody else waits; milliseconds. */
const patience = 10;

/**
 * The schemas in whose files there is at least one place. It stops as soon as each has one; where one has none, all places under the
 * territory's licence are read, once: after a change only what changed.
 */
export function filledSchemas(edition: Edition): Promise<ReadonlySet<NationalSlug>> {
	const { view } = edition;
	const known = found.get(view);
	if (known) return known;
	const slugs = look(edition);
	found.set(view, slugs);
	slugs.catch(() => found.delete(view));
	return slugs;
}

async function look(edition: Edition): Promise<ReadonlySet<NationalSlug>> {
	const { reference, settings } = edition.view;
	const register = registerOf(reference);
	const byLine = rowsOfLines.get(reference) ?? new OfLines<NationalSlug[]>();
	rowsOfLines.set(reference, byLine);
	const filled = new Set<NationalSlug>();
	let since = performance.now();
	let read = 0;
	for (const line of edition.view.lines({ licence: settings.licence.id })) {
		if (++read % 100 === 0 && performance.now() - since > patience) {
			await nextTurn();
			since = performance.now();
		}
		let slugs = byLine.get(line);
		if (!slugs) {
			const place = placeOf(line);
			// A reader of its own for each: what a number taken by another place makes of this one is not kept.
			const has = ({ reader }: (typeof nationalSchemas)[number]) =>
				reader({ told: edition, register })(place).some((outcome) => 'row' in outcome);
			byLine.set(line, (slugs = nationalSchemas.filter(has).map(({ slug }) => slug)));
		}
		for (const slug of slugs) filled.add(slug);
		if (filled.size === nationalSchemas.length) break;
	}
	return filled;
}
