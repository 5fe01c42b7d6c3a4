/** The service worker shows it in place of other pages, whose addresses its scripts would take for their own. */
export const csr = false;
