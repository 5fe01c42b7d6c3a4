/**
 * Does the silent work of a form (src/lib/server/visitors/proof.ts), in slices that the browser computes beside the page.
 * @returns what the form posts; empty where the browser can't (no secure context) or gives up after a minute
 */
export async function prove(challenge: string): Promise<string> {
	if (!challenge || !globalThis.crypto?.subtle) return '';
	const [{ solveChallenge }, { deriveKey }] = await Promise.all([
		import('altcha-lib'),
		import('altcha-lib/algorithms/web/pbkdf2')
	]);
	const riddle = JSON.parse(challenge) as Parameters<typeof solveChallenge>[0]['challenge'];
	const solution = await solveChallenge({ challenge: riddle, deriveKey, timeout: 60_000 });
	return solution ? JSON.stringify({ challenge: riddle, solution }) : '';
}
