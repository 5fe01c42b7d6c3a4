import { randomUUID } from 'node:crypto';
import type { SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlaceRow, Territory } from '../support/territory.ts';
import { openTerritory, outcomes, took } from '../support/territory.ts';
import { seeded } from '../support/random.ts';

interface Change {
	seq: number;
	subject: string;
	id: string;
	version: number | null;
	kind: string;
	facts: string[];
}

let territory: Territory;
beforeAll(async () => {
	territory = await openTerritory();
	await territory.as('whole');
});
afterAll(() => territory.stop());

/** Follows as the snapshot does, and is killed now and then: what it had read and not yet kept is lost, and it begins at what it had kept. */
async function follow(client: SupabaseClient, from: number, ended: () => boolean, random: () => number): Promise<Change[]> {
	const kept: Change[] = [];
	for (;;) {
		const last = ended();
		const since = kept.at(-1)?.seq ?? from;
		const { data, error } = await client.from('changes').select('*').gt('seq', since).order('seq').limit(50);
		if (error) throw error;
		const killed = !last && random() < 0.3;
		if (!killed) kept.push(...(data as Change[]));
		if (last && data.length === 0) return kept;
	}
}

const latest = async (): Promise<number> => {
	const [row] = await territory.supabase.sql<{ seq: number }>('select seq::int as seq from private.change_counter');
	return row!.seq;
};
const update = (placeId: string, summary: string) => ({
	client_id: randomUUID(),
	kind: 'update',
	place_id: placeId,
	operations: [{ fact: 'summary', old: null, new: summary }]
});

describe('the feed of changes', () => {
	it('has no gap, nothing twice and nothing missing, with 20 writers, rollbacks and a follower killed at random', async () => {
		const places = await Promise.all(Array.from({ length: 10 }, () => territory.place()));
		const begin = await latest();
		const accepted: { place: string; version: number }[] = [];
		let writing = true;
		const following = follow(territory.supabase.anon(), begin, () => !writing, seeded(7));
		const client = await territory.as('whole');
		await Promise.all(
			Array.from({ length: 20 }, async (_, writer) => {
				const random = seeded(writer + 1);
				for (let turn = 0; turn < 5; turn++) {
					const place = places[Math.floor(random() * places.length)]!;
					const wish = random();
					if (wish < 0.25) {
						await expect(
							territory.supabase.script(
								`begin; select private.announce('place', '${place}', 1, 'updated'); set constraints all immediate; select 1 / 0; commit;`
							)
						).rejects.toThrow();
						continue;
					}
					const { data: row } = await client.from('places').select('summary').eq('id', place).single();
					const good = {
						...update(place, `${writer}/${turn}`),
						operations: [{ fact: 'summary', old: row?.summary, new: `${writer}/${turn}` }]
					};
					const bad = { ...update(place, 'x'), operations: [{ fact: 'website', old: null, new: 'javascript:alert(1)' }] };
					const created = { client_id: randomUUID(), kind: 'create', operations: territory.operations() };
					const answers = took(
						await territory.call<{ state?: string; version: number; place_id: string; operations?: { outcome: string }[] }[]>(
							'whole',
							'submit_batch',
							{ entries: wish < 0.6 ? [good, bad, created] : [bad, good] }
						)
					);
					for (const { state, place_id, version } of answers)
						if (state === 'accepted') accepted.push({ place: place_id, version });
				}
			})
		);
		writing = false;
		const seen = await following;
		const end = await latest();
		expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: end - begin }, (_, i) => begin + i + 1));
		const announced = seen.filter(({ subject }) => subject === 'place').map(({ id, version }) => `${id} ${version}`);
		expect(announced.toSorted()).toEqual(accepted.map(({ place, version }) => `${place} ${version}`).toSorted());
		for (const id of places) {
			const versions = seen.filter((change) => change.id === id).map(({ version }) => version);
			expect(versions, 'the order of commits is the order of versions').toEqual(versions.toSorted((a, b) => a! - b!));
		}
		expect(took(await territory.call('service', 'verify_chain', { n: 2000 }))).toMatchObject({ breaks: [], next: null });
		expect(await territory.supabase.sql('select from private.change_queue')).toEqual([]);
	});

	it('takes two batches over the same places in opposite orders, again and again', async () => {
		const [a, b] = [await territory.place(), await territory.place()];
		for (let turn = 0; turn < 5; turn++) {
			const news = [randomUUID(), randomUUID()].map((id) => ({
				client_id: id,
				kind: 'create',
				operations: territory.operations()
			}));
			const batch = (order: string[], creations: object[]) =>
				territory.call<{ error?: object }[]>('whole', 'submit_batch', {
					entries: [
						...order.map((id) => ({
							...update(id, `tour ${turn}`),
							operations: [{ fact: 'description', old: null, new: `tour ${turn}` }]
						})),
						...creations
					]
				});
			const answers = await Promise.all([batch([a, b], news), batch([b, a], news.toReversed())]);
			for (const answer of answers) for (const entry of took(answer)) expect(entry.error).toBeUndefined();
		}
	});

	it('names open facts only, and what leaves the open is withdrawn', async () => {
		const id = await territory.place({ steward: 'les-amis' });
		await territory.change('whole', id, { contact_name: [null, 'Jeanne'] });
		await territory.change('whole', id, { phone: [null, '02 40 00 00 00'], contact_phone: [null, '02 40 00 00 01'] });
		await territory.change('whole', id, { openness: ['open', 'private'] });
		await territory.change('whole', id, { summary: [null, 'Entre nous'] });
		await territory.change('whole', id, { openness: ['private', 'open'] });
		const feed = await territory.changesOf(id);
		expect(feed.map(({ kind, facts }) => ({ kind, facts }))).toEqual([
			{ kind: 'created', facts: [] },
			{ kind: 'updated', facts: [] },
			{ kind: 'updated', facts: ['phone'] },
			{ kind: 'withdrawn', facts: [] },
			{ kind: 'created', facts: [] }
		]);
	});

	it('says verified for a confirmation, which raises no version', async () => {
		const id = await territory.place({ phone: '02 40 00 00 00' });
		const before = (await territory.read('anonymous', id)) as PlaceRow;
		const answer = took(
			await territory.call<{ operations: { fact: string; outcome: string; current: unknown }[] }>('resident', 'confirm_facts', {
				confirmation: {
					client_id: randomUUID(),
					place_id: id,
					method: 'resident',
					facts: [
						{ fact: 'phone', value: '02 40 00 00 00' },
						{ fact: 'city', value: 'Ailleurs' }
					]
				}
			})
		);
		expect(outcomes(answer as never)).toEqual({ phone: 'confirmed', city: 'conflict' });
		expect((await territory.read('anonymous', id))?.version).toBe(before.version);
		expect((await territory.changesOf(id)).at(-1)).toMatchObject({ kind: 'verified', facts: ['phone'] });
	});
});
