export interface Race {
	network: Promise<Response>;
	/** What is given instead, looked for only when it is needed. */
	kept: () => Promise<Response | undefined>;
	/** How long a silent network is listened to, milliseconds; without anything kept it is listened to for as long as it takes. */
	limitMs: number;
	/** The network said nothing within the limit. */
	onsilence?: () => void;
}

/** The network's answer, whatever it is; what was kept only where there is no answer. @throws what the network failed with */
export async function networkFirst({ network, kept, limitMs, onsilence }: Race): Promise<Response> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const silence = new Promise<null>((silent) => (timer = setTimeout(silent, limitMs, null)));
	try {
		const answer = await Promise.race([network, silence]);
		if (answer) return answer;
		onsilence?.();
		return (await kept()) ?? (await network);
	} catch (failure) {
		const instead = await kept();
		if (instead) return instead;
		throw failure;
	} finally {
		clearTimeout(timer);
	}
}
