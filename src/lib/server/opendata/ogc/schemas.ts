import type { Locale } from '../../../domain/taxonomy.ts';
import { columns } from '../columns.ts';
import type { ColumnType } from '../columns.ts';
import type { Operation, Parameter } from './operation.ts';

const text = { type: 'string' } as const;
const list = (items: object) => ({ type: 'array', items });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
/** OpenAPI 3.0 wants no empty list of what is required. */
const object = (required: string[], properties: Record<string, object>) => ({
	type: 'object',
	...(required.length > 0 ? { required } : {}),
	properties
});
const links = list(ref('link'));
const number = { type: 'number' } as const;
const whole = { type: 'integer', minimum: 0 } as const;
const tileset = {
	title: text,
	dataType: { type: 'string', enum: ['vector'] },
	crs: text,
	tileMatrixSetId: text,
	tileMatrixSetURI: text,
	tileMatrixSetLimits: list({ type: 'object' }),
	links
};

/** What answers look like; names are those of the standards. */
export const schemas: Record<string, object> = {
	link: object(['href', 'rel', 'type'], {
		...{ href: text, rel: text, type: text, title: text },
		templated: { type: 'boolean' }
	}),
	landingPage: object(['links'], { title: text, description: text, attribution: text, links }),
	confClasses: object(['conformsTo'], { conformsTo: list(text), links }),
	document: { type: 'object' },
	extent: object([], {
		spatial: object(['bbox'], { bbox: list({ ...list(number), minItems: 4, maxItems: 4 }), crs: text }),
		temporal: object(['interval'], {
			interval: list({ type: 'array', minItems: 2, maxItems: 2, items: { type: 'string', format: 'date-time', nullable: true } }),
			trs: text
		})
	}),
	collection: object(['id', 'links'], {
		...{ id: text, title: text, description: text, extent: ref('extent'), itemType: text },
		...{ crs: list(text), storageCrs: text, defaultSortOrder: list(text), links }
	}),
	collections: object(['links', 'collections'], { links, crs: list(text), collections: list(ref('collection')) }),
	// `$schema` and `$id` are left unsaid: validators take a property of that name for their own.
	queryables: object(['type', 'properties'], {
		...{ type: text, title: text, properties: { type: 'object' }, additionalProperties: { type: 'boolean' }, links }
	}),
	point: object(['type', 'coordinates'], {
		type: { type: 'string', enum: ['Point'] },
		coordinates: { ...list(number), minItems: 2, maxItems: 2 }
	}),
	feature: object(['type', 'id', 'geometry', 'properties'], {
		type: { type: 'string', enum: ['Feature'] },
		id: { type: 'string', format: 'uuid' },
		...{ geometry: ref('point'), properties: ref('properties'), links }
	}),
	featureCollection: object(['type', 'features'], {
		type: { type: 'string', enum: ['FeatureCollection'] },
		features: list(ref('feature')),
		...{ links, timeStamp: { type: 'string', format: 'date-time' }, numberMatched: whole, numberReturned: whole }
	}),
	tilesets: object(['tilesets'], { links, tilesets: list(ref('tileset')) }),
	tileset: object(['dataType', 'crs', 'links'], tileset),
	tileMatrixSets: object(['tileMatrixSets'], {
		links,
		tileMatrixSets: list(object(['id', 'links'], { id: text, title: text, uri: text, links }))
	}),
	tileMatrixSet: object(['id', 'crs', 'tileMatrices'], {
		...{ id: text, title: text, uri: text, crs: text, orderedAxes: list(text), wellKnownScaleSet: text },
		...{ tileMatrices: list({ type: 'object' }), links }
	}),
	problem: object(['status', 'code', 'detail', 'description'], {
		...{ type: text, title: text, status: { type: 'integer' }, detail: text },
		...{ code: text, description: text }
	})
};

const propertyTypes: Record<ColumnType, object> = {
	string: { type: 'string' },
	uri: { type: 'string', format: 'uri' },
	uuid: { type: 'string', format: 'uuid' },
	integer: { type: 'integer' },
	date: { type: 'string', format: 'date' },
	datetime: { type: 'string', format: 'date-time' },
	list: { type: 'array', items: { type: 'string' } },
	json: {}
};

/** The properties of a feature: all of them, always. */
export function columnsSchema(locale: Locale): object {
	const properties = columns.map(({ name, type, nullable, label, values }) => {
		const closed = values ? { enum: nullable ? [...values, null] : [...values] } : {};
		return [name, { title: label[locale], ...propertyTypes[type], ...closed, ...(nullable ? { nullable: true } : {}) }] as const;
	});
	return { type: 'object', required: columns.map(({ name }) => name), properties: Object.fromEntries(properties) };
}

/** Those of the query that mean the same in every operation, once each. */
export function parametersNamed(operations: readonly Operation[]): Parameter[] {
	const all = operations.flatMap(({ parameters }) => parameters).filter(({ name }) => name !== 'f');
	return [...new Map(all.map((one) => [one.name, one])).values()];
}
