import { expect, it } from 'vitest';
import { followPresses, pressOver } from '../../src/lib/ui/press.ts';

it('what would move a button waits until it has been let go of', async () => {
	const page = new EventTarget();
	const stop = followPresses(page);
	const order: string[] = [];
	const say = (what: string) => () => void order.push(what);
	await pressOver();
	for (const end of ['pointerup', 'pointercancel', 'contextmenu']) {
		page.dispatchEvent(new Event('pointerdown'));
		const moved = pressOver().then(say('moved'));
		await new Promise((resolve) => setTimeout(resolve, 50));
		page.dispatchEvent(new Event(end));
		say('clicked')();
		await moved;
	}
	expect(order).toEqual(['clicked', 'moved', 'clicked', 'moved', 'clicked', 'moved']);
	stop();
	page.dispatchEvent(new Event('pointerdown'));
	await pressOver();
});
