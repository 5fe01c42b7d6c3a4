/** Keeps the last result: the same property of the same feature comes again and again. */
export function remember<A, B>(compute: (input: A) => B): (input: A) => B {
	let last: { input: A; result: B } | undefined;
	return (input) => {
		if (last?.input !== input) last = { input, result: compute(input) };
		return last.result;
	};
}

/** The value under a key, made once. */
export function kept<T>(map: Map<string, T>, key: string, make: () => T): T {
	const known = map.get(key);
	if (known !== undefined) return known;
	const made = make();
	map.set(key, made);
	return made;
}
