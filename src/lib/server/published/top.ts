/**
 * The first `count` of what is pushed, in order, without sorting the rest: a word that all of 100,000 places have must not cost a sort
 * of 100,000. A binary heap with the worst kept on top.
 */
export class Top<T> {
	#items: T[] = [];
	#count: number;
	#compare: (a: T, b: T) => number;

	constructor(count: number, compare: (a: T, b: T) => number) {
		this.#count = count;
		this.#compare = compare;
	}

	push(item: T): void {
		const items = this.#items;
		if (items.length < this.#count) {
			items.push(item);
			this.#rise(items.length - 1);
		} else if (this.#count > 0 && this.#compare(item, items[0]!) < 0) {
			items[0] = item;
			this.#sink();
		}
	}

	/** The worst of those kept, when there is no room for another; to skip hopeless ones before making an item of them. */
	get threshold(): T | undefined {
		return this.#items.length < this.#count ? undefined : this.#items[0];
	}

	sorted(): T[] {
		return this.#items.toSorted(this.#compare);
	}

	#rise(from: number): void {
		const items = this.#items;
		for (let at = from; at > 0;) {
			const parent = (at - 1) >> 1;
			if (this.#compare(items[at]!, items[parent]!) <= 0) return;
			[items[at], items[parent]] = [items[parent]!, items[at]!];
			at = parent;
		}
	}

	#sink(): void {
		const items = this.#items;
		for (let at = 0; ;) {
			let worst = at;
			for (const child of [2 * at + 1, 2 * at + 2])
				if (child < items.length && this.#compare(items[child]!, items[worst]!) > 0) worst = child;
			if (worst === at) return;
			[items[at], items[worst]] = [items[worst]!, items[at]!];
			at = worst;
		}
	}
}
