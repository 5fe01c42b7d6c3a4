import { datasetOf } from '../datasets.ts';
import { placedFeature } from '../feature-text.ts';
import { titleOf } from './collections.ts';
import { operations } from './operations.ts';
import type { Asked, Found, Resource } from './operation.ts';
import { Refusal } from './refusal.ts';

export interface Step {
	href: string;
	title: string;
}

export interface PageOfResource {
	/** The operation, which says what the resource is. */
	kind: string;
	title: string;
	/** From the landing page down to this one, which is not among them. */
	steps: Step[];
	root: string;
	resource: Resource;
	/** Words of categories that places on the page have. */
	categories: Record<string, string>;
	headers: Record<string, string>;
}

/** All that the page of a resource shows. @throws Refusal */
export async function wholeResource(asked: Asked): Promise<PageOfResource> {
	const { operation, root, locale } = asked;
	const found = operation.answer(asked);
	const resource = (await found.resource?.()) ?? (await withFeatures(asked, found));
	return {
		kind: operation.id,
		title: titleOf(asked, operation.summary),
		steps: stepsTo(asked),
		root,
		resource,
		categories: Object.fromEntries(
			asked.edition.view.reference.categories.map(({ slug, label }) => [slug, label[locale] || label.fr])
		),
		headers: found.headers ?? {}
	};
}

async function withFeatures({ edition }: Asked, { features }: Found): Promise<Resource> {
	if (!features) throw new Refusal(404, 'unknown_resource', 'There is no page of this.');
	const { head, places, output } = await features();
	return { ...head, features: places.map((ref) => placedFeature(ref, edition, output)) };
}

/** The resources whose paths are beginnings of this one's, by the names that they have there. */
function stepsTo(asked: Asked): Step[] {
	const { operation, path, root, edition } = asked;
	const parts = operation.path.split('/').slice(1, -1);
	const steps = operation.path === '/' ? [] : [{ href: root, title: 'OGC API' }];
	parts.forEach((_, i) => {
		const beginning = `/${parts.slice(0, i + 1).join('/')}`;
		const found = operations.find((one) => one.path === beginning);
		if (!found) return;
		const dataset = beginning.endsWith('{collectionId}') ? datasetOf(edition.view, path['collectionId']!) : null;
		const href = root + beginning.replace(/\{(\w+)\}/g, (_all, name: string) => path[name]!);
		steps.push({ href, title: titleOf(asked, dataset?.title ?? found.summary) });
	});
	return steps;
}
