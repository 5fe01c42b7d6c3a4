import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonKey, Territory } from '../../support/territory.ts';
import { openTerritory, refusal, took } from '../../support/territory.ts';
import { townDay } from '../../support/town-day.ts';

let territory: Territory;
beforeAll(async () => (territory = await openTerritory()));
afterAll(() => territory.stop());

const save = (key: PersonKey, campaign: object) =>
	territory.call(key, 'save_campaign', {
		campaign: { title: 'Atelier', starts_on: townDay(-1), ends_on: townDay(7), ...campaign }
	});
const rows = async (key: PersonKey, relation: string) => {
	const { data, error } = await (await territory.as(key)).from(relation).select('*');
	if (error) throw error;
	return data as Record<string, unknown>[];
};
const propose = (key: PersonKey, more: object) =>
	territory.submit(key, { kind: 'create', operations: territory.operations(), ...more });

describe('what somebody says to an agent', () => {
	it.each(['agent', 'moderator', 'coordinator', 'member'] as const)('is written down by the %s with its channel', async (key) => {
		const { proposal_id: id } = took(await propose(key, { channel: 'counter' }));
		const [row] = await territory.supabase.sql('select channel from private.proposals where id = $1', [id]);
		expect(row).toEqual({ channel: 'counter' });
	});

	it('is her own word when she says nothing of it, and shown to moderators when she does', async () => {
		const own = took(await propose('resident', {}));
		const told = took(await propose('member', { channel: 'phone' }));
		const queue = await rows('moderator', 'moderation_queue');
		expect(queue.find(({ id }) => id === own.proposal_id)).toMatchObject({ channel: 'web', campaign: null });
		expect(queue.find(({ id }) => id === told.proposal_id)).toMatchObject({ channel: 'phone' });
	});

	it('is not a resident’s to write down, nor through an unknown channel', async () => {
		expect(await propose('resident', { channel: 'paper' })).toMatchObject(refusal(403, 'channel_not_yours', 'channel'));
		expect(await propose('agent', { channel: 'pigeon' })).toMatchObject(refusal(400, 'invalid_channel', 'channel'));
	});
});

describe('a campaign', () => {
	it('gathers what residents send through its link, and its maker follows it without their names', async () => {
		took(await save('agent', { slug: 'fete-du-centre', title: ' Fête du centre ', area: 'ville-centre' }));
		const place = await territory.place();
		took(await propose('resident', { campaign: 'fete-du-centre' }));
		await territory.change('neighbour', place, { phone: [null, '02 40 00 00 00'] }, { campaign: 'fete-du-centre' });
		const accepted = took(await propose('agent', { campaign: 'fete-du-centre', channel: 'meeting' }));
		expect(await rows('agent', 'campaigns')).toMatchObject([
			{ slug: 'fete-du-centre', title: 'Fête du centre', mine: true, total: 3, waiting: 2, accepted: 1, refused: 0 }
		]);
		const items = await rows('agent', 'campaign_proposals');
		expect(items).toHaveLength(3);
		expect(items.find(({ id }) => id === accepted.proposal_id)).toMatchObject({
			channel: 'meeting',
			state: 'accepted',
			on_map: true
		});
		expect(Object.keys(items[0]!).filter((column) => /author|name_of|contributor|note/.test(column))).toEqual([]);
		expect(await rows('whole', 'campaigns')).toMatchObject([{ mine: false, total: 3 }]);
	});

	it('is nobody else’s to see or change', async () => {
		took(await save('member', { slug: 'celle-de-marthe' }));
		took(await propose('resident', { campaign: 'celle-de-marthe' }));
		for (const key of ['resident', 'stranger', 'moderator', 'coordinator'] as const) {
			expect(
				(await rows(key, 'campaigns')).map(({ slug }) => slug),
				key
			).not.toContain('celle-de-marthe');
			expect(
				(await rows(key, 'campaign_proposals')).map(({ campaign }) => campaign),
				key
			).not.toContain('celle-de-marthe');
		}
		expect(await save('stranger', { slug: 'celle-de-marthe' })).toMatchObject(refusal(409, 'campaign_taken', 'slug'));
		expect(await save('resident', { slug: 'celle-d-une-habitante' })).toMatchObject(refusal(403, 'campaign_not_yours'));
	});

	it('names no place that is hidden from its maker', async () => {
		took(await save('member', { slug: 'cachee' }));
		const place_id = await territory.place({ name: 'Refuge' });
		await territory.change('resident', place_id, { name: ['Refuge', 'Le refuge'] }, { campaign: 'cachee' });
		const named = async () =>
			(await rows('member', 'campaign_proposals'))
				.filter(({ campaign }) => campaign === 'cachee')
				.map((row) => row['place_name']);
		expect(await named()).toEqual(['Refuge']);
		took(await territory.call('whole', 'withhold', { withholding: { place_id, reason_code: 'personal_data' } }));
		expect(await named()).toEqual([null]);
	});

	it('tells everyone who has its link what is on the poster', async () => {
		took(await save('agent', { slug: 'affiche', title: 'Affiche', area: 'ville-nord' }));
		const { data } = await territory.call('service', 'find_campaign', { slug: 'affiche' });
		expect(data).toEqual({
			slug: 'affiche',
			title: 'Affiche',
			area: 'ville-nord',
			starts_on: townDay(-1),
			ends_on: townDay(7),
			running: true
		});
		expect((await territory.call('service', 'find_campaign', { slug: 'aucune' })).data).toBeNull();
		expect((await territory.call('anonymous', 'find_campaign', { slug: 'affiche' })).error).not.toBeNull();
	});

	it('that is over, or was mistyped, loses its tag and not the contribution', async () => {
		took(await save('agent', { slug: 'passee', starts_on: townDay(-20), ends_on: townDay(-10) }));
		for (const campaign of ['passee', 'jamais-vue', 12, null]) {
			const { proposal_id: id } = took(await propose('resident', { campaign }));
			expect(await territory.supabase.sql('select campaign_slug from private.proposals where id = $1', [id])).toEqual([
				{ campaign_slug: null }
			]);
		}
	});

	it('saved again by its maker changes, and saved twice at once is one', async () => {
		const answers = await Promise.all([save('agent', { slug: 'double' }), save('agent', { slug: 'double', title: 'Autre' })]);
		expect(answers.map(({ error }) => error)).toEqual([null, null]);
		took(await save('agent', { slug: 'double', title: 'La bonne' }));
		expect((await rows('agent', 'campaigns')).filter(({ slug }) => slug === 'double')).toMatchObject([{ title: 'La bonne' }]);
	});

	it.each([
		[{ slug: 'Majuscule' }, 'invalid_slug', 'slug'],
		[{ title: '  ' }, 'invalid_campaign', 'title'],
		[{ title: 'a'.repeat(121) }, 'invalid_campaign', 'title'],
		[{ ends_on: townDay(-2) }, 'invalid_campaign', 'ends_on'],
		[{ ends_on: townDay(900) }, 'invalid_campaign', 'ends_on'],
		[{ ends_on: null }, 'invalid_campaign', 'ends_on'],
		[{ starts_on: 'demain' }, 'invalid_date', 'starts_on'],
		[{ area: 'nulle-part' }, 'unknown_area', 'area']
	])('described as %o is refused with a word', async (wrong, code, fact) => {
		const slug = `faux-${randomUUID().slice(0, 8)}`;
		expect(await save('agent', { slug, ...wrong })).toMatchObject(refusal(400, code, fact));
	});
});
