import { boxIn } from '../../../geo/crs-box.ts';
import type { Box } from '../../../geo/crs-box.ts';
import { crs84, crsOf, systems } from '../../../geo/crs.ts';
import type { Crs } from '../../../geo/crs.ts';
import type { Asked } from './operation.ts';
import { bbox, bboxCrs } from './parameters.ts';
import { invalid } from './refusal.ts';
import type { Value } from './schema.ts';

/** @throws Refusal that says which there are */
export function systemOf(parameter: string, uri: Value): Crs {
	const system = crsOf(String(uri));
	if (system) return system;
	throw invalid(parameter, `must be one of ${systems.map((one) => one.uri).join(', ')}.`);
}

/** The box that is asked for; null without one. @throws Refusal */
export function boxOf(query: Asked['query']): Box | null {
	const system = systemOf(bboxCrs.name, query[bboxCrs.name] ?? crs84);
	const numbers = query[bbox.name];
	if (!Array.isArray(numbers)) return null;
	const box = boxIn(system, numbers);
	if (box) return box;
	throw invalid(
		bbox.name,
		`must be the lower corner, then the upper corner, in ${system.name}; west,south,east,north in degrees when there is no bbox-crs.`
	);
}
