import { MediaQuery } from 'svelte/reactivity';

/** The custom properties that an element has now, read again when the scheme changes; empty on the server, which has no styles. */
export class Tokens {
	#dark = new MediaQuery('prefers-color-scheme: dark', false);
	#element = $state.raw<Element | null>(null);
	#styles = $derived(this.#element && (this.#dark.current, getComputedStyle(this.#element)));

	/** For `{@attach}`. */
	readonly from = (element: Element) => {
		this.#element = element;
	};

	/** The value of `--<name>`. */
	of(name: string): string {
		return (this.#dark.current, this.#styles?.getPropertyValue(`--${name}`).trim()) ?? '';
	}
}
