/** What each persona gets from each function of the API. */
import { randomUUID } from 'node:crypto';
import type { Answer, Territory } from '../../support/territory.ts';
import { AREAS, took } from '../../support/territory.ts';
import { entry, makeVisitor } from '../../support/visitors.ts';
import type { Persona, Try } from './personas.ts';
import { no } from './personas.ts';

const place = (territory: Territory, persona: Persona, facts: object = {}) =>
	territory.place({ steward: 'les-amis', ...facts }, persona.area);

/** Calls a function; `said` puts what came back into a word. */
const call =
	<T>(
		name: string,
		args: (territory: Territory, persona: Persona) => object | Promise<object>,
		said: (data: T) => string = () => 'yes'
	): Try =>
	async (territory, persona) => {
		const { data, error, status } = await territory.call<T>(persona.key, name, await args(territory, persona));
		return error ? no(error, status) : said(data as T);
	};

const outcome = (answer: Answer) =>
	({ open: 'waits', accepted: 'at once', refused: 'no: refused' })[answer.state] ?? answer.state;
const proposal = (kind: string, more: object) => ({ proposal: { client_id: randomUUID(), kind, ...more } });
const changing = (fact: string, old: unknown, next: unknown) =>
	call<Answer>(
		'submit_proposal',
		async (t, p) => proposal('update', { place_id: await place(t, p), operations: [{ fact, old, new: next }] }),
		outcome
	);

/** A neighbour's proposal on a place there, and what is asked for it. */
async function waiting(territory: Territory, persona: Persona): Promise<string> {
	const answer = await territory.change('neighbour', await place(territory, persona), { summary: [null, 'Ouvert à tous'] });
	return answer.proposal_id;
}
async function decided(territory: Territory, persona: Persona): Promise<string> {
	const id = await waiting(territory, persona);
	return took(await territory.decide('wholeModerator', id)).decision_id;
}

const reporting = async (territory: Territory, persona: Persona, more: object = {}) => ({
	report: entry(makeVisitor(), { client_id: randomUUID(), place_id: await place(territory, persona), kind: 'gone', ...more })
});
async function reported(territory: Territory, persona: Persona, more: object = {}): Promise<string> {
	const args = await reporting(territory, persona, more);
	return took(await territory.call<{ report_id: string }>('service', 'submit_report', args)).report_id;
}

const readable: Try = async (territory, persona) => {
	const seen: string[] = [];
	for (const openness of ['open', 'shared', 'private']) {
		const id = await place(territory, persona, { openness });
		const { error, status } = await territory.call(persona.key, 'place_for_edit', { place_id: id });
		if (!error) seen.push(openness);
		else if (no(error, status) !== 'no: unknown_place') return no(error, status);
	}
	return seen.join(' + ');
};

const slug = () => `essai-${randomUUID().slice(0, 8)}`;
const both = { fr: 'Essai', en: 'Trial' };
const stadium = { kind: 'update' };
const grantTo = async (territory: Territory, grant: object) => ({
	grant_: { contributor_id: await territory.contributor('holder'), role: 'agent', ...grant }
});

/** She gives the right back, so that the rows after this one see her as she was. */
const accepting: Try = async (territory, persona) => {
	const invitation = { role: 'agent', areas: ['ville-port'], themes: [] };
	const { token } = took(await territory.call<{ token: string }>('service', 'create_invitation', { invitation }));
	const { error, status } = await territory.call(persona.key, 'accept_invitation', { token });
	await territory.supabase.sql(`delete from private.grants where areas = '{ville-port}' and themes = '{}'`);
	return error ? no(error, status) : 'yes';
};

/** Function → what is tried of it. A function of the API without an entry fails the test. */
export const calls: Record<string, [what: string, attempt: Try][]> = {
	submit_proposal: [
		[
			'a new place',
			call<Answer>('submit_proposal', (t, p) => proposal('create', { operations: t.operations({}, p.area) }), outcome)
		],
		[
			'a new place of an organisation',
			call<Answer>(
				'submit_proposal',
				(t, p) => proposal('create', { operations: t.operations({ steward: 'les-amis' }, p.area) }),
				(a) => (a.operations.some(({ outcome: o }) => o === 'refused') ? `${outcome(a)}, without its steward` : outcome(a))
			)
		],
		['a fact', changing('phone', null, '02 40 00 00 02')],
		['the contact person', changing('contact_name', null, 'Quelqu’un')],
		['the openness', changing('openness', 'open', 'private')],
		['the licence', changing('licence', 'etalab-2.0', 'ODbL-1.0')],
		['the steward', changing('steward', 'les-amis', 'le-collectif')],
		[
			'a move to another quartier',
			call<Answer>(
				'submit_proposal',
				async (t, p) => {
					const id = await place(t, p);
					const { position } = (await t.read('anonymous', id))!;
					return proposal('update', {
						place_id: id,
						operations: [{ fact: 'position', old: position, new: t.point('ville-port') }]
					});
				},
				outcome
			)
		],
		[
			'the end of a place',
			call<Answer>('submit_proposal', async (t, p) => proposal('end', { place_id: await place(t, p), reason: 'closed' }), outcome)
		],
		[
			'a private place',
			call<Answer>(
				'submit_proposal',
				async (t, p) =>
					proposal('update', {
						...stadium,
						place_id: await place(t, p, { openness: 'private' }),
						operations: [{ fact: 'phone', old: null, new: '02 40 00 00 03' }]
					}),
				outcome
			)
		]
	],
	submit_batch: [
		[
			'many at once',
			call<(Answer & { error?: object })[]>(
				'submit_batch',
				async (t, p) => ({
					entries: [
						proposal('update', { place_id: await place(t, p), operations: [{ fact: 'phone', old: null, new: '02 40 00 00 04' }] })
							.proposal
					]
				}),
				([answer]) => outcome(answer!)
			)
		]
	],
	confirm_facts: ['resident', 'on_site', 'steward'].map((method) => [
		`vouch: ${method}`,
		call<Answer>(
			'confirm_facts',
			async (t, p) => ({
				confirmation: {
					client_id: randomUUID(),
					place_id: await place(t, p, { phone: '02 40 00 00 05' }),
					method,
					facts: [{ fact: 'phone', value: '02 40 00 00 05' }]
				}
			}),
			(answer) => (answer.operations[0]?.outcome === 'confirmed' ? 'yes' : 'no')
		)
	]),
	decide_proposal: [
		[
			'decide on another’s',
			call('decide_proposal', async (t, p) => ({ proposal_id: await waiting(t, p), decision: { outcome: 'accept' } }))
		],
		[
			'decide on her own',
			async (territory, persona) => {
				const { data, error, status } = await call<Answer>(
					'submit_proposal',
					async (t, p) =>
						proposal('update', {
							place_id: await place(t, p),
							operations: [{ fact: 'phone', old: 'never', new: '02 40 00 00 06' }]
						}),
					(a) => a.proposal_id
				)(territory, persona).then((id) =>
					id.startsWith('no')
						? { data: null, error: { code: '42501' } as never, status: 403 }
						: territory.decide(persona.key as 'resident', id)
				);
				return error ? no(error, status) : data ? 'yes' : 'no';
			}
		]
	],
	undo_decision: [['undo a decision', call('undo_decision', async (t, p) => ({ decision_id: await decided(t, p) }))]],
	claim_item: [
		['claim', call('claim_item', async (t, p) => ({ item_id: await waiting(t, p) }))],
		['claim a report', call('claim_item', async (t, p) => ({ item_id: await reported(t, p) }))]
	],
	submit_visitor_contribution: [
		[
			'propose as a visitor',
			call<Answer>(
				'submit_visitor_contribution',
				async (t, p) => ({
					contribution: entry(
						makeVisitor(),
						proposal('update', { place_id: await place(t, p), operations: [{ fact: 'phone', old: null, new: '02 40 00 00 07' }] })
					)
				}),
				outcome
			)
		]
	],
	submit_report: [['report', call('submit_report', (t, p) => reporting(t, p))]],
	decide_report: [
		[
			'decide on a report',
			call('decide_report', async (t, p) => ({ report_id: await reported(t, p), decision: { outcome: 'accept' } }))
		]
	],
	follow_contributions: [
		['follow what a guessed link opens', call('follow_contributions', () => ({ key: { link_hash: makeVisitor().link_hash } }))]
	],
	act_on_contribution: [
		[
			'act on it by a guessed link',
			call('act_on_contribution', () => ({ key: { link_hash: makeVisitor().link_hash }, act: { act: 'confirm' } }))
		]
	],
	sort_unproven: [
		[
			'sort what came without proof',
			call('sort_unproven', async (t, p) => ({ sorting: { items: [await reported(t, p, { proven: false })], keep: true } }))
		]
	],
	withhold: [
		[
			'withhold a place',
			call('withhold', async (t, p) => ({ withholding: { place_id: await place(t, p), reason_code: 'illegal' } }))
		]
	],
	amend_proposal: [
		['amend another’s', call('amend_proposal', async (t, p) => ({ proposal_id: await waiting(t, p), amendment: { note: 'x' } }))]
	],
	withdraw_proposal: [['withdraw another’s', call('withdraw_proposal', async (t, p) => ({ proposal_id: await waiting(t, p) }))]],
	place_for_edit: [['read a place for its form', readable]],
	whoami: [
		[
			'ask who she is',
			call<object | null>(
				'whoami',
				() => ({}),
				(me) => (me ? 'yes' : 'nobody')
			)
		]
	],
	redact: [
		[
			'redact',
			call('redact', async (t, p) => ({
				redaction: {
					subject: 'value',
					place_id: await place(t, p, { summary: 'x y' }),
					fact: 'summary',
					value: 'x y',
					reason: 'essai'
				}
			}))
		]
	],
	save_theme: [
		['themes', call('save_theme', () => ({ theme: { slug: slug(), label: both, colour: 'teal', pictogram: 'maki:library' } }))]
	],
	save_category: [
		[
			'categories',
			call('save_category', () => ({ category: { slug: slug(), theme: 'culture', label: both, pictogram: 'maki:library' } }))
		]
	],
	save_area: [['areas', call('save_area', () => ({ area: AREAS[0] }))]],
	save_organisation: [
		[
			'a new organisation',
			call('save_organisation', () => ({ organisation: { slug: slug(), name: 'Essai', kind: 'association' } }))
		],
		[
			'the steward’s own page',
			call('save_organisation', () => ({
				organisation: { slug: 'les-amis', name: 'Les Amis', kind: 'association', summary: 'Nous' }
			}))
		]
	],
	save_dataset: [
		[
			'datasets',
			call('save_dataset', () => ({ dataset: { slug: slug(), title: both, description: both, licence: 'etalab-2.0' } }))
		]
	],
	save_settings: [['settings', call('save_settings', () => ({ setting: { key: 'ring', value: { metres: 5000 } } }))]],
	save_grant: [
		['a right there', call('save_grant', (t, p) => grantTo(t, { areas: [p.area] }))],
		['a right everywhere', call('save_grant', (t) => grantTo(t, {}))]
	],
	save_membership: [
		[
			'a membership of the steward',
			call('save_membership', async (t) => ({
				membership: { contributor_id: await t.contributor('holder'), organisation: 'les-amis', remove: true }
			}))
		]
	],
	create_invitation: [
		['invite to a role there', call('create_invitation', (_, p) => ({ invitation: { role: 'agent', areas: [p.area] } }))],
		['invite to the steward', call('create_invitation', () => ({ invitation: { organisation: 'les-amis' } }))]
	],
	accept_invitation: [['accept an invitation', accepting]],
	import_batch: [
		['import places', call('import_batch', () => ({ batch: { source: { slug: 'essai', name: 'Essai' }, rows: [] } }))]
	],
	import_areas: [['import areas', call('import_areas', () => ({ areas: [] }))]],
	verify_chain: [['verify the history', call('verify_chain', () => ({}))]]
};
