/** A whole text that is a UUID, as the database reads it: what is none is no question for it. */
export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
