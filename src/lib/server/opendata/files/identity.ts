import type { Dataset } from '../../../domain/taxonomy.ts';
import type { Selection } from '../../published/select.ts';
import { etagOf, stateOf } from '../answer.ts';
import type { FormatName, Variant } from '../datasets.ts';
import type { Edition } from '../geojson.ts';
import type { NationalFormat } from '../national/national.ts';

/** What a file is found by: its name, and the validator of its edition, without quotes. */
export interface Identity {
	name: string;
	etag: string;
}

export interface Named {
	edition: Edition;
	dataset: Dataset;
	format: FormatName;
	variant?: Variant | null;
	/** Of a part of the dataset. */
	filters?: Selection | null;
}

/** `build`: of the application. */
export function identityOf(build: string, { edition, dataset, format, variant = null, filters = null }: Named): Identity {
	const { view, origin, today } = edition;
	const name = [dataset.slug, ...(variant ? [variant] : []), format].join('.');
	const query = JSON.stringify([origin, name, dataset, filters]);
	return { name, etag: etagOf({ build, ...stateOf(view), query, day: today }) };
}

/** Of a file in the shape of a national schema. No day: nothing in it tells of freshness. */
export function nationalIdentity(build: string, { view, origin }: Edition, format: NationalFormat): Identity {
	const query = JSON.stringify([origin, format, view.settings.licence.id]);
	return { name: format, etag: etagOf({ build, ...stateOf(view), query }) };
}
