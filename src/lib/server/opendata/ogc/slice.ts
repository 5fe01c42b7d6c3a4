/** Milliseconds of one slice of a long reading: between two others are served. */
export const slice = 8;
