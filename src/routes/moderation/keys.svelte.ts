import { createContext } from 'svelte';

const stored = 'alentour.moderation.keys';

/** Whether one key acts here. On unless somebody switched it off in this browser (WCAG 2.1.4); never before the page runs. */
export class Keys {
	on = $state(false);

	/** Reads what was chosen last time. */
	start(): void {
		this.on = this.#remembered() !== 'off';
	}

	set(on: boolean): void {
		this.on = on;
		try {
			localStorage.setItem(stored, on ? 'on' : 'off');
		} catch {
			// A browser that keeps nothing forgets this as well.
		}
	}

	#remembered(): string | null {
		try {
			return localStorage.getItem(stored);
		} catch {
			return null;
		}
	}
}

export const [keysHere, provideKeys] = createContext<Keys>();
