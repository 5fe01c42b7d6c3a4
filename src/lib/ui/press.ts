let isDown = false;

/** Follows the presses of a page's mouse, finger or pen; the function it returns stops that. */
export function followPresses(page: EventTarget): () => void {
	const down = () => (isDown = true);
	const up = () => (isDown = false);
	// The menu of a right button swallows the end of its press.
	const ends = ['pointerup', 'pointercancel', 'contextmenu'] as const;
	const listeners = [['pointerdown', down] as const, ...ends.map((type) => [type, up] as const)];
	for (const [type, listener] of listeners) page.addEventListener(type, listener, { capture: true });
	return () => {
		for (const [type, listener] of listeners) page.removeEventListener(type, listener, { capture: true });
	};
}

/**
 * Resolves once nothing is pressed and the click of the last press has been heard. Leaving a field by pressing a button is where this matters: a sentence that
 * comes or goes at that moment moves the button away under the finger, and the click is lost.
 */
export async function pressOver(): Promise<void> {
	// A click comes in the same task as the end of its press; a finger leaves its field only after that end.
	do await new Promise((resolve) => setTimeout(resolve, isDown ? 30 : 0));
	while (isDown);
}
