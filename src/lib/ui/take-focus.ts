let isTakenOver = false;

/** To be called once the page's code has taken over what came from the server. */
export function pageTakenOver(): void {
	isTakenOver = true;
}

/**
 * Sends the focus to what has just appeared. To what came with the page the browser has sent it already (`autofocus`), perhaps seconds before the code
 * arrives: whoever has gone on since then would lose her place, and the click that she is making.
 */
export function takeFocus(element: HTMLElement | undefined): void {
	if (isTakenOver) element?.focus();
}
