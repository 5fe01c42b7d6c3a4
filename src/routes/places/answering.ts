/**
 * What only a page that answers a post shows: what failed, what to look at again, what became of it. Most people who open a form never see
 * it, so it comes by itself; it comes before the page wakes up, which then finds what the server drew.
 */
export async function answering(posted: boolean) {
	if (!posted) return null;
	const [form, receipt, sent] = await Promise.all([
		import('$lib/components/FormAnswer.svelte'),
		import('$lib/components/Receipt.svelte'),
		import('$lib/components/Sent.svelte')
	]);
	return { FormAnswer: form.default, Receipt: receipt.default, Sent: sent.default };
}
