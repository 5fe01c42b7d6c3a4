/** How hours are understood, under their text: only on pages as the server draws them. In a browser the editor shows it, and comes with what reads them. */
export const ServerPreview = import.meta.env.SSR ? (await import('./HoursPreview.svelte')).default : null;
