import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Territory } from '../../support/territory.ts';
import { openTerritory, took } from '../../support/territory.ts';

let t: Territory;
beforeAll(async () => {
	t = await openTerritory();
});
afterAll(() => t.stop());

interface Figures {
	until: string | null;
	months: {
		month: string;
		median_days: number | null;
		decisions?: Record<string, number | null>;
		reasons?: Record<string, number | null>;
		withholdings?: Record<string, number | null>;
	}[];
}
async function figures(): Promise<Figures> {
	const { data, error } = await t.supabase.anon().from('settings').select('value').eq('key', 'moderation_figures').single();
	if (error) throw error;
	return (data as { value: Figures }).value;
}
async function decideOne(decision: object): Promise<void> {
	const { proposal_id } = await t.change('neighbour', await t.place(), { phone: [null, '02 40 00 00 00'] });
	took(await t.decide('moderator', proposal_id, decision));
}
/** Everything so far happened two months ago. */
const age = () =>
	t.supabase.script(`
		update private.proposals set created_at = created_at - interval '2 months 4 days';
		update private.decisions set decided_at = decided_at - interval '2 months';
		update private.withholdings set at = at - interval '2 months';
		update private.settings set value = '{"until": null, "months": []}' where key = 'moderation_figures';
	`);

it('the public ledger counts by month, merges what is rare, and names nobody', async () => {
	for (const reason_code of ['duplicate', 'duplicate', 'duplicate', 'illegal', 'offensive'])
		await decideOne({ outcome: 'refuse', reason_code });
	for (let i = 0; i < 4; i++) await decideOne({ outcome: 'accept' });
	const withholding = { place_id: await t.place(), reason_code: 'illegal' };
	took(await t.call('moderator', 'withhold', { withholding }));
	expect((await figures()).months).toEqual([]);
	await age();
	await decideOne({ outcome: 'accept' });
	const { months, until } = await figures();
	expect(until).toMatch(/^\d{4}-\d{2}-\d{2}$/);
	expect(months).toEqual([
		{
			month: expect.stringMatching(/^\d{4}-\d{2}$/) as string,
			median_days: 4,
			decisions: { refused: 5, accepted: 4 },
			reasons: { duplicate: 3, few: null },
			withholdings: { few: null }
		}
	]);
});

it('it is counted once a day, announced to those who follow, and saved by nobody', async () => {
	const before = await t.changesOf('moderation_figures');
	await decideOne({ outcome: 'accept' });
	expect(await t.changesOf('moderation_figures')).toEqual(before);
	expect(before.length).toBeGreaterThan(0);
	const setting = { key: 'moderation_figures', value: {} };
	expect(await t.call('whole', 'save_settings', { setting })).toMatchObject({ status: 400 });
	const days = { key: 'moderation', value: { target_days: 0 } };
	expect(await t.call('whole', 'save_settings', { setting: days })).toMatchObject({ status: 400 });
	// Several are saved whole or not at all.
	const both = (target_days: number, contributor_id: string | null) => [
		{ key: 'moderation', value: { target_days } },
		{ key: 'appeals', value: { contributor_id } }
	];
	expect(await t.call('whole', 'save_settings', { setting: both(7, 'nobody') })).toMatchObject({ status: 400 });
	const days7 = await t.supabase.sql(
		`select value from private.settings where key = 'moderation' and value ->> 'target_days' = '7'`
	);
	expect(days7).toEqual([]);
	expect(await t.call('whole', 'save_settings', { setting: [both(7, null)] })).toMatchObject({ status: 400 });
	took(await t.call('whole', 'save_settings', { setting: both(3, null) }));
});
