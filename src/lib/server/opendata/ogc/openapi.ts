import type { Locale } from '../../../domain/taxonomy.ts';
import type { Asked, Operation, Parameter, Resource } from './operation.ts';
import { parametersNamed, schemas } from './schemas.ts';
import { columnsSchema } from './schemas.ts';
import { datasetsOf } from '../datasets.ts';
import { types } from './links.ts';

const reasons: Record<number, Record<Locale, string>> = {
	204: { fr: 'Rien à cet endroit.', en: 'Nothing is there.' },
	304: { fr: 'Rien n’a changé depuis.', en: 'Nothing has changed since.' },
	308: { fr: 'Ce lieu en est devenu un autre.', en: 'This place became another one.' },
	400: {
		fr: 'Un paramètre inconnu ou faux, nommé dans la réponse.',
		en: 'An unknown or wrong parameter, which the answer names.'
	},
	404: { fr: 'Cela n’existe pas.', en: 'There is no such thing.' },
	410: { fr: 'Ce lieu a quitté la carte ; la réponse dit pourquoi.', en: 'This place left the map; the answer says why.' },
	413: {
		fr: 'Trop long parmi tant de lieux : à resserrer avec bbox.',
		en: 'It takes too long among so many places: narrow it with bbox.'
	},
	503: { fr: 'La carte se charge ; revenir dans deux secondes.', en: 'The map is being read; come back in two seconds.' }
};

const tags: Record<string, Record<Locale, string>> = {
	data: { fr: 'Les lieux, collection par collection.', en: 'The places, collection by collection.' },
	tiles: { fr: 'Les mêmes lieux en tuiles vectorielles.', en: 'The same places as vector tiles.' },
	about: { fr: 'Ce que l’API sait faire.', en: 'What the API can do.' }
};

/** The document that describes it all (OpenAPI 3.0.3), written from the table of operations. */
export function openapiOf(asked: Asked, operations: readonly Operation[]): Resource {
	const { root, edition, locale } = asked;
	const { territory, licence, contact } = edition.view.settings;
	const collections = datasetsOf(edition.view).map(({ slug }) => slug);
	const document = {
		openapi: '3.0.3',
		info: {
			title: `${territory.name || 'Alentour'} – OGC API`,
			version: '1.0.0',
			description: operations[0]!.summary[locale],
			contact: { name: contact.name || territory.name || 'Alentour', url: `${edition.origin}/data` },
			license: { name: licence.id, url: `https://spdx.org/licenses/${licence.id}.html` }
		},
		servers: [{ url: root }],
		// Said, because no word about it would mean that somebody forgot: there is no key and no account.
		security: [],
		tags: Object.entries(tags).map(([name, description]) => ({ name, description: description[locale] })),
		paths: Object.fromEntries(
			operations.map((operation) => [operation.path, { get: described(operation, locale, collections) }])
		),
		components: {
			parameters: Object.fromEntries(parametersNamed(operations).map((one) => [one.name, parameterOf(one, 'query', locale)])),
			schemas: { ...schemas, properties: columnsSchema(locale) },
			responses: Object.fromEntries(
				Object.entries(reasons).map(([status, text]) => [`s${status}`, answerOf(Number(status), text[locale])])
			)
		}
	};
	return document as unknown as Resource;
}

function described(
	{ id, path, summary, pathParameters, parameters, statuses, ...operation }: Operation,
	locale: Locale,
	collections: string[]
) {
	const tag = path.includes('tile') ? 'tiles' : path.startsWith('/collections') ? 'data' : 'about';
	const inPath = pathParameters.map((one) =>
		parameterOf(one.name === 'collectionId' ? { ...one, schema: { ...one.schema, enum: collections } } : one, 'path', locale)
	);
	const inQuery = parameters.map((one) =>
		one.name === 'f' ? parameterOf(one, 'query', locale) : { $ref: `#/components/parameters/${one.name}` }
	);
	return {
		operationId: id,
		summary: summary[locale],
		description: summary[locale],
		tags: [tag],
		parameters: [...inPath, ...inQuery],
		responses: {
			200: { description: summary[locale], content: contentOf(operation) },
			...Object.fromEntries(
				[304, 400, ...statuses, 503].sort().map((status) => [status, { $ref: `#/components/responses/s${status}` }])
			)
		}
	};
}

function contentOf({ type, schema, page }: Pick<Operation, 'type' | 'schema' | 'page'>) {
	const body = schema === null ? { type: 'string', format: 'binary' } : { $ref: `#/components/schemas/${schema}` };
	return { [type]: { schema: body }, ...(page ? { [types.html]: { schema: { type: 'string' } } } : {}) };
}

function parameterOf({ name, description, schema }: Parameter, place: 'path' | 'query', locale: Locale) {
	const style = place === 'path' ? { required: true } : { required: false, style: 'form', explode: false };
	return { name, in: place, description: description[locale], schema, ...style };
}

function answerOf(status: number, description: string) {
	const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/problem' } } };
	return status < 400 ? { description } : { description, content };
}
