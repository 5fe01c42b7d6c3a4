/** The id of a pictogram inside `/pictograms.svg`. */
export const symbolId = (name: string) => name.replace(':', '-');

/** Where a page finds a pictogram: one file for all of them, asked once, instead of 20 kB of drawings in each page's script. */
export const pictogramSprite = (name: string) => `/pictograms.svg#${symbolId(name)}`;
