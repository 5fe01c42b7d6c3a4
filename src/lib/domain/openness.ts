/** From the most open to the least; a fact's openness is the tighter of its place's and its own. */
export const opennessLevels = ['open', 'shared', 'private'] as const;
export type Openness = (typeof opennessLevels)[number];

/** The tighter of two. */
export function tighter(a: Openness, b: Openness): Openness {
	return opennessLevels.indexOf(a) > opennessLevels.indexOf(b) ? a : b;
}
