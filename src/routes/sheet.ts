/** Of the list over the map of a phone, lowest first. */
export const heights = ['peek', 'half', 'full'] as const;
export type SheetHeight = (typeof heights)[number];
