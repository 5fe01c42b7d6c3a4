import type { BBox } from '../../../geo/bbox.ts';
import type { Expression, Node, SpatialFunction } from './expression.ts';
import { isOperation, isProperty, spatialFunctions } from './expression.ts';
import type { ToLonLat } from './spatial.ts';
import { literalShape, lonLatBox } from './spatial.ts';

/** All but one hold only where the two geometries meet. */
const meeting: ReadonlySet<string> = new Set<SpatialFunction>(spatialFunctions.filter((name) => name !== 's_disjoint'));

/**
 * A box (west, south, east, north; west is greater beyond the antimeridian) outside which nothing can match, from the spatial predicates
 * that all have to hold; null when there is none. `crs` as in `compile`.
 */
export function boundsOf(expression: Expression, options: { crs?: ToLonLat } = {}): BBox | null {
	return boundsOfNode(expression, options.crs);
}

function boundsOfNode(node: Node, crs: ToLonLat | undefined): BBox | null {
	if (!isOperation(node)) return null;
	const { op, args } = node;
	if (op === 'and')
		return args
			.map((each) => boundsOfNode(each, crs))
			.reduce((bounds, each) => (bounds && each ? narrower(bounds, each) : (bounds ?? each)), null);
	if (!meeting.has(op) || !args.some(isProperty)) return null;
	const literal = args.find((each) => !isProperty(each));
	return literal === undefined ? null : boundsOfLiteral(literal as Parameters<typeof literalShape>[0], crs);
}

function boundsOfLiteral(literal: Parameters<typeof literalShape>[0], crs: ToLonLat | undefined): BBox {
	const upright = 'bbox' in literal && !('type' in literal) ? lonLatBox(literal, crs) : null;
	return upright ?? ([...literalShape(literal, crs).bounds] as BBox);
}

/** What two boxes share where that is a box, else one of them: it may be too large, never too small. */
function narrower(a: BBox, b: BBox): BBox {
	const [south, north] = [Math.max(a[1], b[1]), Math.min(a[3], b[3])];
	if (south > north) return a;
	const [aCrosses, bCrosses] = [a[0] > a[2], b[0] > b[2]];
	if (aCrosses !== bCrosses) return aCrosses ? [b[0], south, b[2], north] : [a[0], south, a[2], north];
	const [west, east] = [Math.max(a[0], b[0]), Math.min(a[2], b[2])];
	return west > east === aCrosses ? [west, south, east, north] : a;
}
