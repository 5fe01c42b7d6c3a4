import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonKey, Territory } from '../../support/territory.ts';
import { openTerritory, outcomes, refusal, took } from '../../support/territory.ts';
import cases from '../../support/identifier-cases.json' with { type: 'json' };

let t: Territory;
beforeAll(async () => {
	t = await openTerritory();
});
afterAll(() => t.stop());

interface Space {
	role: string | null;
	asked_at: string | null;
	colleagues: { contributor_id: string; name: string; role: string; me: boolean }[];
	invitations: { id: string; email: string | null; by: string }[];
	places: { id: string; name: string }[];
	proposals: { id: string; mine: boolean; ours: boolean }[];
	readings: { place_id: string; by_role: string; by_organisation: string | null; times: number; facts: string[] }[] | null;
}
interface Invited {
	invitation_id: string;
	token: string;
	mailed: boolean;
}

/** An organisation of its own for a story. */
async function organisation(people: Partial<Record<PersonKey, 'member' | 'manager'>>): Promise<string> {
	const slug = `o-${randomUUID().slice(0, 8)}`;
	await t.supabase.sql(`insert into private.organisations (slug, name, kind) values ($1, 'L’Atelier', 'association')`, [slug]);
	for (const [key, role] of Object.entries(people))
		await t.supabase.sql('insert into private.memberships (contributor_id, organisation_slug, role) values ($1, $2, $3)', [
			await t.contributor(key as PersonKey),
			slug,
			role
		]);
	return slug;
}
const space = async (key: PersonKey, slug: string) =>
	took(await t.call<Space>(key, 'organisation_space', { organisation: slug }));
const rolesIn = async (slug: string) =>
	Object.fromEntries(
		(
			await t.supabase.sql<{ name: string; role: string }>(
				`select c.display_name as name, m.role from private.memberships as m join private.contributors as c on c.id = m.contributor_id
				where m.organisation_slug = $1`,
				[slug]
			)
		).map(({ name, role }) => [name.split(' ')[0], role])
	);
const invite = (key: PersonKey, invitation: object) =>
	t.call<Invited>(key, 'create_invitation', { invitation: { client_id: randomUUID(), ...invitation } });
const accept = (key: PersonKey, token: string) => t.call(key, 'accept_invitation', { token });
const leave = async (key: PersonKey, slug: string, more: object = {}) =>
	t.call(key, 'save_membership', {
		membership: { contributor_id: await t.contributor(key), organisation: slug, remove: true, ...more }
	});
const addresses = () =>
	t.supabase.sql<{ email: string }>(`select email from private.visitor_contacts where email like '%@people.example'`);
const letter = async (id: string) =>
	took(
		await t.call<{ email: string; token: string; locale: string } | null>('service', 'invitation_letter', { invitation_id: id })
	);
const told = async (key: PersonKey, topic: string) =>
	t.supabase.sql<{ data: Record<string, unknown> }>('select data from private.outbox where recipient_id = $1 and topic = $2', [
		await t.contributor(key),
		topic
	]);

describe('a colleague', () => {
	it('is invited by mail, joins, takes over, and the first one leaves', async () => {
		const slug = await organisation({ manager: 'manager' });
		const id = await t.place({ steward: slug });
		const waiting = await t.change('manager', id, { licence: ['etalab-2.0', 'ODbL-1.0'] });
		expect(waiting.state).toBe('open');
		const invited = took(await invite('manager', { organisation: slug, email: ' Nadir@People.example ', locale: 'en' }));
		expect(invited.mailed).toBe(true);
		expect((await space('manager', slug)).invitations).toMatchObject([{ email: 'n…@people.example', by: 'Manon Gérante' }]);
		const mail = await letter(invited.invitation_id);
		expect(mail).toMatchObject({ email: 'nadir@people.example', locale: 'en', membership_role: 'member', organisation: slug });

		took(await accept('neighbour', mail!.token));
		expect(await addresses()).toEqual([]);
		expect(await letter(invited.invitation_id)).toBeNull();
		expect(outcomes(await t.change('neighbour', id, { phone: [null, '02 40 00 00 10'] }))).toEqual({ phone: 'accepted' });

		expect(await leave('manager', slug)).toMatchObject(refusal(409, 'last_manager'));
		took(await leave('manager', slug, { to: await t.contributor('neighbour') }));
		expect(await rolesIn(slug)).toEqual({ Nadir: 'manager' });
		expect(await told('neighbour', 'item_handed')).toMatchObject([{ data: { organisation: 'L’Atelier', proposals: 1 } }]);
		expect((await space('neighbour', slug)).proposals).toMatchObject([{ id: waiting.proposal_id, mine: true, ours: true }]);
		took(
			await t.call('neighbour', 'amend_proposal', { proposal_id: waiting.proposal_id, amendment: { note: 'Toujours souhaité.' } })
		);
		expect(await t.call('manager', 'organisation_space', { organisation: slug })).toMatchObject(refusal(403, 'members_only'));
		// Gone twice is gone.
		took(await leave('manager', slug, { to: await t.contributor('neighbour') }));
	});

	it('who takes over a proposal does not decide on it', async () => {
		const slug = await organisation({ member: 'member', wholeModerator: 'member' });
		const id = await t.place({ steward: slug });
		const { proposal_id } = await t.change('member', id, { licence: ['etalab-2.0', 'ODbL-1.0'] });
		took(await leave('member', slug, { to: await t.contributor('wholeModerator') }));
		expect(await t.decide('wholeModerator', proposal_id)).toMatchObject(refusal(403, 'own_proposal'));
	});

	it('who takes it over and who wrote it both hear what becomes of it, each once', async () => {
		const slug = await organisation({ member: 'member', manager: 'manager' });
		const { proposal_id } = await t.change('member', await t.place({ steward: slug }), { licence: ['etalab-2.0', 'ODbL-1.0'] });
		took(await leave('member', slug, { to: await t.contributor('manager') }));
		took(await t.decide('whole', proposal_id, { outcome: 'ask', message: 'Depuis quand ?' }));
		const { decision_id } = took(await t.decide('whole', proposal_id, { outcome: 'refuse', reason_code: 'other' }));
		await t.supabase.sql(`update private.outbox set state = 'kept' where subject_id = $1`, [proposal_id]);
		took(await t.call('whole', 'undo_decision', { decision_id }));
		const topics = await t.supabase.sql(
			'select topic, recipient_id from private.outbox where subject_id = $1 order by topic, recipient_id',
			[proposal_id]
		);
		const both = [await t.contributor('member'), await t.contributor('manager')].sort();
		expect(topics).toEqual(
			['decision_undone', 'proposal_asked', 'proposal_decided'].flatMap((topic) =>
				both.map((recipient_id) => ({ topic, recipient_id }))
			)
		);
	});

	it('has to be one: nobody hands over to a stranger', async () => {
		const slug = await organisation({ manager: 'manager', member: 'member' });
		const to = await t.contributor('stranger');
		expect(await leave('manager', slug, { to })).toMatchObject(refusal(404, 'unknown_colleague'));
	});

	it('may be removed by a manager, not by a member; anybody may leave', async () => {
		const slug = await organisation({ manager: 'manager', member: 'member', neighbour: 'member' });
		const remove = async (by: PersonKey, key: PersonKey) =>
			t.call(by, 'save_membership', {
				membership: { contributor_id: await t.contributor(key), organisation: slug, remove: true }
			});
		expect(await remove('member', 'neighbour')).toMatchObject(refusal(403, 'coordinators_only'));
		took(await remove('manager', 'neighbour'));
		took(await leave('member', slug));
		expect(await rolesIn(slug)).toEqual({ Manon: 'manager' });
	});

	it('steps down only when another one manages; a coordinator may leave it without', async () => {
		const slug = await organisation({ manager: 'manager', member: 'member' });
		const set = async (by: PersonKey, more: object) =>
			t.call(by, 'save_membership', {
				membership: { contributor_id: await t.contributor('manager'), organisation: slug, ...more }
			});
		expect(await set('manager', { role: 'member' })).toMatchObject(refusal(409, 'last_manager'));
		took(await set('whole', { remove: true }));
		await t.place({ steward: slug });
		const overview = took(await t.call<{ unkept: string[] }>('whole', 'people_overview', {}));
		expect(overview.unkept).toContain(slug);
	});

	it('and another manager who leave at the same moment do not both go', async () => {
		const slug = await organisation({ manager: 'manager', member: 'manager' });
		// Between looking and leaving there is time for the other one.
		await t.supabase.script(`
			create function private.linger() returns trigger language plpgsql as 'begin perform pg_sleep(0.3); return old; end';
			create trigger linger before delete on private.memberships for each row execute function private.linger();`);
		const answers = await Promise.all([leave('manager', slug), leave('member', slug)]);
		await t.supabase.script('drop trigger linger on private.memberships; drop function private.linger();');
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
		expect(Object.values(await rolesIn(slug))).toEqual(['manager']);
	});
});

it('whose account goes leaves no membership, right, invitation or name behind', async () => {
	const slug = await organisation({ holder: 'manager', member: 'member' });
	const id = await t.place({ steward: slug, contact_name: 'Jeanne' });
	const other = await t.place({ contact_name: 'Jeanne' });
	took(await t.call('holder', 'read_shared', { place_id: other }));
	const { token } = took(await invite('holder', { organisation: slug, email: 'six@people.example' }));
	const forget = async (key: PersonKey) => t.supabase.sql('select private.forget_person($1)', [await t.contributor(key)]);
	await forget('holder');
	expect(await rolesIn(slug)).toEqual({ Marthe: 'member' });
	expect(took(await t.call<{ unkept: string[] }>('whole', 'people_overview', {})).unkept).toContain(slug);
	expect(await accept('neighbour', token)).toMatchObject(refusal(410, 'invitation_gone'));
	expect(await addresses()).not.toContainEqual({ email: 'six@people.example' });
	expect(outcomes(await t.change('holder', id, { phone: [null, '02 40 00 00 11'] }))).toEqual({ phone: 'pending' });
	expect(await t.supabase.sql('select contributor_id, times from private.readings where place_id = $1', [other])).toEqual([
		{ contributor_id: null, times: 1 }
	]);
	await expect(forget('whole')).rejects.toThrow(/coordinates the whole territory/);
});

describe('an invitation', () => {
	it('works once, for one account; a second click of the same person changes nothing', async () => {
		const slug = await organisation({ manager: 'manager' });
		const { token } = took(await invite('manager', { organisation: slug }));
		expect(took(await t.call('neighbour', 'read_invitation', { token }))).toMatchObject({
			organisation_name: 'L’Atelier',
			accepted: false
		});
		took(await accept('neighbour', token));
		took(await accept('neighbour', token));
		expect(await accept('resident', token)).toMatchObject(refusal(410, 'invitation_gone'));
		expect(await t.call('resident', 'read_invitation', { token })).toMatchObject(refusal(410, 'invitation_gone'));
		expect(await rolesIn(slug)).toEqual({ Manon: 'manager', Nadir: 'member' });
	});

	it('that was taken back or is too old opens nothing, and its address is gone', async () => {
		const slug = await organisation({ manager: 'manager' });
		const one = took(await invite('manager', { organisation: slug, email: 'une@people.example' }));
		const two = took(await invite('manager', { organisation: slug, email: 'deux@people.example' }));
		took(await t.call('manager', 'revoke_invitation', { invitation_id: one.invitation_id }));
		took(await t.call('manager', 'revoke_invitation', { invitation_id: one.invitation_id }));
		expect(await addresses()).toEqual([{ email: 'deux@people.example' }]);
		await t.supabase.sql(`update private.invitations set expires_at = now() - interval '1 second' where id = $1`, [
			two.invitation_id
		]);
		for (const { token } of [one, two]) expect(await accept('neighbour', token)).toMatchObject(refusal(410, 'invitation_gone'));
		expect(await letter(two.invitation_id)).toBeNull();
		took(await t.call('service', 'purge_people', {}));
		expect(await addresses()).toEqual([]);
		expect(await t.supabase.sql(`select from private.outbox where topic = 'invitation'`)).toEqual([]);
	});

	it('sent twice by the same form is one; another to the same address is refused', async () => {
		const slug = await organisation({ manager: 'manager' });
		const body = { organisation: slug, email: 'trois@people.example', client_id: randomUUID() };
		const [one, two] = [took(await invite('manager', body)), took(await invite('manager', body))];
		expect(two.invitation_id).toBe(one.invitation_id);
		expect(await invite('manager', { ...body, client_id: randomUUID() })).toMatchObject(refusal(409, 'already_invited'));
		expect((await space('manager', slug)).invitations).toHaveLength(1);
		// Both links open it: neither can be shown again.
		took(await accept('neighbour', one.token));
		took(await accept('neighbour', two.token));
	});

	it('is mailed again once an hour at most, with a link that is never kept', async () => {
		const slug = await organisation({ manager: 'manager' });
		const { invitation_id } = took(await invite('manager', { organisation: slug, email: 'quatre@people.example' }));
		const renew = async () => took(await t.call<Invited>('manager', 'renew_invitation', { invitation_id }));
		expect((await renew()).mailed).toBe(false);
		await t.supabase.sql(`update private.invitations set mailed_at = mailed_at - interval '2 hours' where id = $1`, [
			invitation_id
		]);
		const again = await renew();
		expect(again.mailed).toBe(true);
		const [{ n } = { n: -1 }] = await t.supabase.sql<{ n: number }>(
			`select count(*)::int as n from private.outbox where subject_id = $1 and data::text not like '%' || $2 || '%' and data::text not like '%@%'`,
			[invitation_id, again.token]
		);
		expect(n).toBe(2);
	});

	it('whose mail is tried for two days leaves the link that was copied alive', async () => {
		const slug = await organisation({ manager: 'manager' });
		const { invitation_id, token } = took(await invite('manager', { organisation: slug, email: 'sept@people.example' }));
		await t.supabase.sql('select private.new_link($1) from generate_series(1, 200)', [invitation_id]);
		took(await accept('neighbour', token));
	});

	it('to an organisation is made by its own people: members invite members, managers managers', async () => {
		const slug = await organisation({ manager: 'manager', member: 'member' });
		took(await invite('member', { organisation: slug }));
		took(await invite('manager', { organisation: slug, membership_role: 'manager' }));
		expect(await invite('member', { organisation: slug, membership_role: 'manager' })).toMatchObject(
			refusal(403, 'coordinators_only')
		);
		expect(await invite('manager', { organisation: slug, role: 'agent' })).toMatchObject(refusal(403, 'coordinators_only'));
		for (const key of ['stranger', 'resident', 'publisher'] as const)
			expect(await invite(key, { organisation: slug })).toMatchObject(refusal(403, 'coordinators_only'));
	});

	it('gives nothing once who made it has lost the right to', async () => {
		const slug = await organisation({ manager: 'manager', member: 'member' });
		const { token } = took(await invite('member', { organisation: slug, email: 'cinq@people.example' }));
		took(await leave('member', slug));
		expect(await accept('neighbour', token)).toMatchObject(refusal(410, 'invitation_gone'));
		expect(await addresses()).not.toContainEqual({ email: 'cinq@people.example' });
	});

	it.each(['x', 'a@b', 'a b@c.fr', '<a@c.fr>', `${'a'.repeat(250)}@c.fr`, 'a@c.fr,b@c.fr'])(
		'to « %s » is refused',
		async (email) => {
			expect(await invite('manager', { organisation: 'les-amis', email })).toMatchObject(refusal(400, 'invalid_email', 'email'));
		}
	);

	it('of another organisation is nobody else’s to see, send again or take back', async () => {
		const slug = await organisation({ manager: 'manager' });
		const { invitation_id } = took(await invite('manager', { organisation: slug }));
		for (const name of ['revoke_invitation', 'renew_invitation'])
			for (const key of ['stranger', 'resident', 'moderator'] as const)
				expect(await t.call(key, name, { invitation_id })).toMatchObject(refusal(404, 'unknown_invitation'));
		expect(await t.call('stranger', 'organisation_space', { organisation: slug })).toMatchObject(refusal(403, 'members_only'));
	});

	it('cannot be made by the hundred', async () => {
		const slug = await organisation({ holder: 'manager' });
		await t.supabase.sql(
			`insert into private.invitations (organisation_slug, membership_role, invited_by) select $1, 'member', $2 from generate_series(1, 50)`,
			[slug, await t.contributor('holder')]
		);
		expect(await invite('holder', { organisation: slug })).toMatchObject(refusal(429, 'too_many_invitations'));
	});
});

describe('« toujours vous ? »', () => {
	it('is asked after a year, once; an answer ends it, silence is shown to the coordinators after sixty days', async () => {
		const slug = await organisation({ manager: 'manager', member: 'member' });
		const ask = async () => took(await t.call<{ asked: number }>('service', 'ask_stewards', {})).asked;
		const age = (column: string, days: number) =>
			t.supabase.sql(
				`update private.memberships set ${column} = now() - make_interval(days => ${days}) where organisation_slug = $1`,
				[slug]
			);
		const unanswered = async () =>
			took(await t.call<{ unanswered: { organisation: string }[] }>('whole', 'people_overview', {})).unanswered.map(
				(one) => one.organisation
			);
		expect(await ask()).toBe(0);
		await age('confirmed_at', 366);
		expect(await ask()).toBe(1);
		expect(await ask()).toBe(0);
		expect(await told('manager', 'steward_check')).toEqual([{ data: { organisation: 'L’Atelier', slug } }]);
		expect(await unanswered()).not.toContain(slug);
		await age('asked_at', 61);
		expect(await unanswered()).toContain(slug);
		expect(await t.call('member', 'confirm_stewardship', { organisation: slug })).toMatchObject(refusal(403, 'managers_only'));
		took(await t.call('manager', 'confirm_stewardship', { organisation: slug }));
		expect((await space('manager', slug)).asked_at).toBeNull();
		expect(await unanswered()).not.toContain(slug);
	});
});

describe('what is shared with partners', () => {
	interface Shared {
		place: { contact_name: string | null; phone: string | null };
		beyond: string[];
		logged: boolean;
	}
	const readShared = (key: PersonKey, id: string) => t.call<Shared>(key, 'read_shared', { place_id: id });
	const place = async (facts: object = {}) => {
		const slug = await organisation({ manager: 'manager', member: 'member' });
		const id = await t.place({
			steward: slug,
			contact_name: 'Jeanne',
			phone: '02 40 00 00 20',
			fact_openness: { phone: 'private' },
			...facts
		});
		return { slug, id };
	};
	const readings = (id: string) =>
		t.supabase.sql<{ by_role: string; by_organisation: string | null; times: number; facts: string[] }>(
			'select by_role, by_organisation, times, facts from private.readings where place_id = $1 order by by_role, by_organisation',
			[id]
		);

	it('is read by a partner through one door, which leaves a trace without a name', async () => {
		const { slug, id } = await place();
		const seen = took(await readShared('stranger', id));
		expect(seen).toMatchObject({ place: { contact_name: 'Jeanne', phone: null }, beyond: ['contact_name'], logged: true });
		took(await readShared('stranger', id));
		took(await readShared('agent', id));
		expect(await readings(id)).toEqual([
			{ by_role: 'agent', by_organisation: null, times: 1, facts: ['contact_name'] },
			{ by_role: 'partner', by_organisation: 'le-collectif', times: 2, facts: ['contact_name'] }
		]);
		const told = (await space('manager', slug)).readings;
		expect(told).toHaveLength(2);
		expect(told).toEqual(
			expect.arrayContaining([expect.objectContaining({ by_organisation: 'Le Collectif', times: 2, facts: ['contact_name'] })])
		);
		expect(JSON.stringify(told)).not.toContain('Simon');
		expect((await space('member', slug)).readings).toBeNull();
	});

	it('is not in the view for them: `places` gives a partner what it gives everyone', async () => {
		const { id } = await place();
		for (const key of ['anonymous', 'resident', 'stranger', 'agent', 'moderator'] as const)
			expect([key, (await t.read(key, id))?.['contact_name']]).toEqual([key, null]);
		const shared = (await place({ openness: 'shared' })).id;
		for (const key of ['anonymous', 'stranger', 'agent'] as const) expect(await t.read(key, shared)).toBeNull();
	});

	it('leaves a trace by the other doors too: the form, and what a proposal answers', async () => {
		const { id } = await place();
		took(await t.call('stranger', 'place_for_edit', { place_id: id }));
		expect(await readings(id)).toMatchObject([{ by_role: 'partner', times: 1, facts: ['contact_name'] }]);
		const other = (await place()).id;
		const answer = await t.change('stranger', other, { contact_name: ['Paulette', 'Quelqu’un'] });
		expect(answer.operations[0]).toMatchObject({ outcome: 'refused', current: 'Jeanne' });
		expect(await readings(other)).toMatchObject([{ by_role: 'partner', times: 1, facts: ['contact_name'] }]);
		took(
			await t.call('stranger', 'confirm_facts', {
				confirmation: { client_id: randomUUID(), place_id: other, facts: [{ fact: 'contact_name', value: 'Paulette' }] }
			})
		);
		expect(await readings(other)).toMatchObject([{ times: 2 }]);
	});

	it('leaves a trace when a coordinator looks at the space of an organisation that is not hers', async () => {
		const { slug, id } = await place({ openness: 'shared' });
		const open = (await place({ steward: slug })).id;
		await space('member', slug);
		expect(await readings(id)).toEqual([]);
		expect((await space('whole', slug)).places.map((one) => one.id).sort()).toEqual([id, open].sort());
		expect(await readings(id)).toMatchObject([{ by_role: 'coordinator', times: 1, facts: ['place'] }]);
		expect(await readings(open)).toEqual([]);
	});

	it('leaves none when nothing closed was read, or by those whose place it is', async () => {
		const { id } = await place();
		took(await readShared('member', id));
		took(await t.call('resident', 'place_for_edit', { place_id: id }));
		expect(await readShared('resident', id)).toMatchObject(refusal(403, 'partners_only'));
		const plain = await t.place({ phone: '02 40 00 00 21' });
		expect(took(await readShared('stranger', plain)).beyond).toEqual([]);
		expect([...(await readings(id)), ...(await readings(plain))]).toEqual([]);
	});

	it('of a place that is shared as a whole is listed for partners, each listing a reading', async () => {
		const { id } = await place({ openness: 'shared' });
		const listed = took(await t.call<{ id: string }[]>('stranger', 'list_shared', {}));
		expect(listed.map((one) => one.id)).toContain(id);
		expect(await readings(id)).toMatchObject([{ facts: ['place'] }]);
		expect(await t.call('resident', 'list_shared', {})).toMatchObject(refusal(403, 'partners_only'));
		const secret = (await place({ openness: 'private' })).id;
		expect(await readShared('stranger', secret)).toMatchObject(refusal(404, 'unknown_place'));
	});

	it('is remembered for twelve months, and counted for the coordinators', async () => {
		const { id } = await place();
		took(await readShared('stranger', id));
		const { readings: months } = took(await t.call<{ readings: { readings: number }[] }>('whole', 'people_overview', {}));
		expect(months[0]?.readings).toBeGreaterThan(0);
		await t.supabase.sql(`update private.readings set day = day - interval '13 months' where place_id = $1`, [id]);
		took(await t.call('service', 'purge_people', {}));
		expect(await readings(id)).toEqual([]);
	});
});

describe('a right', () => {
	it('is moved to another scope by who could have given both, and given twice is one', async () => {
		const holder = { contributor_id: await t.contributor('holder'), role: 'agent' };
		const save = (key: PersonKey, grant_: object) => t.call<{ grant_id: string }>(key, 'save_grant', { grant_ });
		const { grant_id } = took(await save('whole', { ...holder, areas: ['ville-centre'] }));
		expect(took(await save('whole', { ...holder, areas: ['ville-centre'] })).grant_id).toBe(grant_id);
		expect(await save('coordinator', { grant_id, areas: ['ville-nord'] })).toMatchObject(refusal(403, 'coordinators_only'));
		took(await save('whole', { grant_id, areas: ['ville-nord'], themes: ['sport'] }));
		const me = took(await t.call<{ roles: object[] }>('holder', 'whoami', {}));
		expect(me.roles).toEqual([{ role: 'agent', areas: ['ville-nord'], themes: ['sport'] }]);
		expect(await save('coordinator', { grant_id, revoke: true })).toMatchObject(refusal(403, 'coordinators_only'));
		took(await save('whole', { grant_id, revoke: true }));
	});

	it('of the last coordinator of everything stays', async () => {
		const { grants } = took(
			await t.call<{ grants: { id: string; role: string; mine: boolean; areas: null }[] }>('whole', 'people_overview', {})
		);
		const own = grants.find(({ role, mine }) => role === 'coordinator' && mine)!;
		for (const change of [{ revoke: true }, { areas: ['ville'] }])
			expect(await t.call('whole', 'save_grant', { grant_: { grant_id: own.id, ...change } })).toMatchObject(
				refusal(409, 'last_coordinator')
			);
		expect(await t.call('moderator', 'people_overview', {})).toMatchObject(refusal(403, 'coordinators_only'));
		const scoped = took(await t.call<{ grants: { areas: string[] | null }[] }>('coordinator', 'people_overview', {}));
		expect(scoped.grants.every(({ areas }) => areas?.join() === 'ville-centre')).toBe(true);
	});
});

describe('an organisation’s number', () => {
	const save = (numbers: object) =>
		t.call('whole', 'save_organisation', { organisation: { slug: 'numeros', name: 'Numéros', kind: 'association', ...numbers } });
	const kept = async () => {
		const { data } = await t.supabase.anon().from('organisations').select('siret, rna, amalia').eq('slug', 'numeros').single();
		return data as Record<string, string | null>;
	};

	it.each(['siret', 'rna', 'amalia'] as const)('%s is judged as in the application', async (name) => {
		const { accepted, refused } = cases[name];
		const judged = await t.supabase.sql<{ typed: string; kept: string | null }>(
			`select typed, case when private.is_${name}(private.clean_number(typed)) then private.clean_number(typed) end as kept from unnest($1::text[]) as typed`,
			[[...Object.keys(accepted), ...refused]]
		);
		const expected = { ...accepted, ...Object.fromEntries(refused.map((typed) => [typed, null])) };
		expect(Object.fromEntries(judged.map(({ typed, kept: value }) => [typed, value]))).toEqual(expected);
		expect(await save({ [name]: refused[0] })).toMatchObject(refusal(400, `invalid_${name}`, name));
	});

	it('stays when nothing is said of it, and goes when it is emptied', async () => {
		took(await save({ siret: '73282932000074' }));
		took(await save({ summary: 'Nous' }));
		expect((await kept())['siret']).toBe('73282932000074');
		took(await save({ siret: '' }));
		expect((await kept())['siret']).toBeNull();
	});
});
