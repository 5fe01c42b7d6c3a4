/** What lists, tiles and maps are narrowed by, each on its own, in the order of an address; words and boxes stand beside. */
export const narrowing = [
	'theme',
	'category',
	'area',
	'kind',
	'open',
	'wheelchair',
	'cost',
	'audience',
	'language',
	'checked'
] as const;
