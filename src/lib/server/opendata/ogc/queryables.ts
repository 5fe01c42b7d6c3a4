import type { Label, Locale } from '../../../domain/taxonomy.ts';
import { sortables } from '../../published/order.ts';
import { columns } from '../columns.ts';
import type { Column, ColumnType } from '../columns.ts';
import type { Queryables } from '../cql2/cql2.ts';
import { ownLinks } from './links.ts';
import type { Asked, Found, Parameter } from './operation.ts';
import type { Schema } from './schema.ts';

/** The name under which filters know where a place is. */
export const geometryName = 'geometry';

const kinds: Record<Exclude<ColumnType, 'json'>, { schema: Schema; type: Queryables[string]['type'] }> = {
	string: { schema: { type: 'string' }, type: 'string' },
	uuid: { schema: { type: 'string', format: 'uuid' }, type: 'string' },
	uri: { schema: { type: 'string', format: 'uri' }, type: 'string' },
	integer: { schema: { type: 'integer' }, type: 'integer' },
	date: { schema: { type: 'string', format: 'date' }, type: 'date' },
	datetime: { schema: { type: 'string', format: 'date-time' }, type: 'datetime' },
	list: { schema: { type: 'array', items: { type: 'string' } }, type: 'list' }
};

type Simple = Column & { type: keyof typeof kinds };
const simple = columns.filter((column): column is Simple => column.type !== 'json');

const schemaOf = ({ type, values }: Simple): Schema => ({ ...kinds[type].schema, ...(values && { enum: values }) });

/** What a filter may name. */
export const queryables: Queryables = {
	...Object.fromEntries(simple.map(({ name, type }) => [name, { type: kinds[type].type }])),
	[geometryName]: { type: 'geometry' }
};

/** Each of them that is one value is a parameter of its own too (/req/queryables-query-parameters/parameters). */
export const propertyParameters: readonly Parameter[] = simple
	.filter(({ type }) => type !== 'list')
	.map((column) => ({ name: column.name, description: column.label, schema: schemaOf(column) }));

/** Those whose values are compared as moments, not as texts. */
export const isMoment = (name: string) => queryables[name]?.type === 'datetime';

const where: Label = { fr: 'Position', en: 'Position' };

/** What filters may name, as JSON Schema (/req/queryables/get-queryables-response). */
export const answerQueryables = (asked: Asked, title: Label): Found => answerNames(asked, title, propertiesOf);

/** What the answer may be ordered by, in the same form (/req/sorting/get-sortables-success, a draft). */
export const answerSortables = (asked: Asked, title: Label): Found => answerNames(asked, title, sortablesOf);

function answerNames(asked: Asked, title: Label, names: (locale: Locale) => Record<string, unknown>): Found {
	const { url, locale } = asked;
	return {
		resource: () => ({
			$schema: 'https://json-schema.org/draft/2020-12/schema',
			$id: `${url.origin}${url.pathname}`,
			type: 'object',
			title: title[locale] || title.fr,
			properties: names(locale),
			additionalProperties: false,
			links: ownLinks(asked)
		})
	};
}

const named = (column: Simple, locale: Locale) => [column.name, { title: column.label[locale], ...schemaOf(column) }] as const;

function propertiesOf(locale: Locale): Record<string, unknown> {
	const place = { title: where[locale], format: 'geometry-point', 'x-ogc-role': 'primary-geometry' };
	return { [geometryName]: place, ...Object.fromEntries(simple.map((column) => named(column, locale))) };
}

function sortablesOf(locale: Locale): Record<string, unknown> {
	const columns = simple.filter(({ name }) => (sortables as readonly string[]).includes(name));
	return Object.fromEntries(columns.map((column) => named(column, locale)));
}
