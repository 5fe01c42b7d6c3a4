/** What each persona gets from each function of the API. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Answer, Territory } from '../../support/territory.ts';
import { propose, sendPhoto, sha256, storePhoto } from '../../support/photos.ts';
import type { Registered } from '../../support/photos.ts';
import { AREAS, took } from '../../support/territory.ts';
import { entry, makeVisitor } from '../../support/visitors.ts';
import { pageOfPlaces, publishedPlaces } from './pages.ts';
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

/** The neighbour contests a refusal there. */
async function contested(territory: Territory, persona: Persona): Promise<string> {
	const { decision_id } = took(
		await territory.decide('wholeModerator', await waiting(territory, persona), { outcome: 'refuse', reason_code: 'other' })
	);
	const appeal = { decision_id, text: 'Si.' };
	return took(await territory.call<{ appeal_id: string }>('neighbour', 'contest_decision', { appeal })).appeal_id;
}
const someHash = () => sha256(randomBytes(8));
/** A neighbour's photo that waits for a place there, with its proposal. */
async function waitingPhoto(territory: Territory, persona: Persona): Promise<string> {
	const id = await place(territory, persona);
	const photo = await sendPhoto(territory, 'neighbour', { place_id: id });
	took(await propose(territory, 'neighbour', id, [photo]));
	return photo;
}
/** The masked picture of it, put away by the moderator of everything. */
async function maskedPhoto(territory: Territory, persona: Persona): Promise<string> {
	const mask = { photo_id: await waitingPhoto(territory, persona), sha256: someHash() };
	const { photo_id } = took(await territory.call<Registered>('wholeModerator', 'mask_photo', { mask }));
	await storePhoto(territory, photo_id);
	return photo_id;
}
const reporting = async (territory: Territory, persona: Persona, more: object = {}) => ({
	report: entry(makeVisitor(), { client_id: randomUUID(), place_id: await place(territory, persona), kind: 'gone', ...more })
});
/** About a dataset: that of everything, or one of those that were made for reading. */
async function reportedOf(territory: Territory, dataset: string): Promise<string> {
	const report = entry(makeVisitor(), { client_id: randomUUID(), dataset, kind: 'other', text: 'Faux.' });
	return took(await territory.call<{ report_id: string }>('service', 'submit_report', { report })).report_id;
}
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

/** An invitation to the steward that somebody else made. */
const invitation = async (territory: Territory): Promise<{ invitation_id: string; token: string }> =>
	took(await territory.call('service', 'create_invitation', { invitation: { organisation: 'les-amis' } }));

const sharing: Try = async (territory, persona) => {
	const id = await place(territory, persona, {
		contact_name: 'Jeanne',
		phone: '02 40 00 00 07',
		fact_openness: { phone: 'private' }
	});
	const { data, error, status } = await territory.call<{ beyond: string[] }>(persona.key, 'read_shared', { place_id: id });
	return error ? no(error, status) : data!.beyond.filter((fact) => ['contact_name', 'phone'].includes(fact)).join(' + ');
};

/** An account made for it leaves in her place, so that the rows after this one find her. */
const leaving: Try = async (territory, { key }) => {
	const { supabase } = territory;
	const client = key === 'anonymous' ? supabase.anon() : key === 'service' ? supabase.service() : null;
	const { email } = await supabase.createAccount();
	const { error, status } = await (client ?? (await supabase.signIn(email))).rpc('delete_account');
	return error ? no(error, status) : 'yes';
};
const job = { worker: randomUUID(), kind: 'no_such_job' };

/** Function → what is tried of it. A function of the API without an entry fails the test. */
export const calls: Record<string, [what: string, attempt: Try][]> = {
	submit_proposal: [
		[
			'a new place, said to her by phone',
			call<Answer>(
				'submit_proposal',
				(t, p) => proposal('create', { channel: 'phone', operations: t.operations({}, p.area) }),
				outcome
			)
		],
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
	moderation_item: [['ask what helps to decide', call('moderation_item', async (t, p) => ({ item_id: await waiting(t, p) }))]],
	hand_item: [
		['hand to a colleague', call('hand_item', async (t, p) => ({ item_id: await waiting(t, p), handing: { to: null } }))]
	],
	my_desk: [['ask for her desk', call('my_desk', () => ({}))]],
	save_absence: [['say that she is away', call('save_absence', () => ({ absence: { until: null } }))]],
	decide_batch: [
		[
			'decide on several',
			call<{ error?: { code: string } }[]>(
				'decide_batch',
				async (t, p) => ({ entries: [{ proposal_id: await waiting(t, p), decision: { outcome: 'accept' } }] }),
				([answer]) => (answer?.error ? `no: ${answer.error.code}` : 'yes')
			)
		]
	],
	merge_places: [
		[
			'make two places one',
			call('merge_places', async (t, p) => ({
				merging: { client_id: randomUUID(), place_id: await place(t, p), into_place_id: await place(t, p) }
			}))
		]
	],
	contest_decision: [
		[
			'contest a decision on another’s',
			call('contest_decision', async (t, p) => ({ appeal: { decision_id: await decided(t, p), text: 'Si.' } }))
		]
	],
	contest_decision_for: [
		[
			'contest for a visitor',
			call('contest_decision_for', async (t, p) => {
				const id = await waiting(t, p);
				const { decision_id } = took(await t.decide('wholeModerator', id, { outcome: 'refuse', reason_code: 'other' }));
				return { contributor_id: await t.contributor('neighbour'), appeal: { decision_id, text: 'Si.' } };
			})
		]
	],
	decide_appeal: [
		[
			'hear an appeal',
			call('decide_appeal', async (t, p) => ({
				appeal_id: await contested(t, p),
				decision: { outcome: 'upheld', message: 'Non.' }
			}))
		]
	],
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
		],
		...['places', 'amis'].map((dataset): [string, Try] => [
			dataset === 'places' ? 'publish a report about everything' : 'publish a report about an organisation’s dataset',
			call('decide_report', async (t) => ({
				report_id: await reportedOf(t, dataset),
				decision: { outcome: 'read', summary: 'Lu.' }
			}))
		])
	],
	act_on_report: [
		[
			'withdraw the report of a visitor',
			call('act_on_report', async (t, p) => ({ report_id: await reported(t, p), act: { act: 'withdraw' } }))
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
		],
		[
			'withhold a photo',
			call('withhold', async (t, p) => ({ withholding: { photo_id: await waitingPhoto(t, p), reason_code: 'illegal' } }))
		]
	],
	register_photo: [
		['note a photo of hers', call('register_photo', () => ({ photo: { sha256: someHash() } }))],
		[
			'say more of another’s',
			call('register_photo', async (t, p) => ({ photo: { photo_id: await waitingPhoto(t, p), alt: 'x' } }))
		]
	],
	register_visitor_photo: [
		['note a visitor’s photo', call('register_visitor_photo', () => ({ visitor: makeVisitor(), photo: { sha256: someHash() } }))]
	],
	photo_stored: [
		[
			'say that bytes are put away',
			call('photo_stored', async (t, p) => ({ photo: { photo_id: await waitingPhoto(t, p), width: 10, height: 10 } }))
		]
	],
	see_photos: [
		[
			'see another’s that waits',
			call<unknown[]>(
				'see_photos',
				async (t, p) => ({ photo_ids: [await waitingPhoto(t, p)] }),
				(photos) => (photos.length > 0 ? 'yes' : 'nothing')
			)
		]
	],
	mask_photo: [
		['mask another’s', call('mask_photo', async (t, p) => ({ mask: { photo_id: await waitingPhoto(t, p), sha256: someHash() } }))]
	],
	replace_photo: [
		['put a masked one in its place', call('replace_photo', async (t, p) => ({ photo_id: await maskedPhoto(t, p) }))]
	],
	retire_photos: [['ask which copies are to go', call('retire_photos', () => ({}))]],
	photos_purged: [['say that copies are gone', call('photos_purged', () => ({ photo_ids: [] }))]],
	amend_proposal: [
		['amend another’s', call('amend_proposal', async (t, p) => ({ proposal_id: await waiting(t, p), amendment: { note: 'x' } }))]
	],
	withdraw_proposal: [['withdraw another’s', call('withdraw_proposal', async (t, p) => ({ proposal_id: await waiting(t, p) }))]],
	places_page: [['read a page of places', pageOfPlaces]],
	published_places: [['read a page of what everyone may read', publishedPlaces]],
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
		],
		[
			'what the steward’s own dataset says of itself',
			call('save_dataset', async (t) => {
				const described = { slug: slug(), title: both, description: both };
				const dataset = { ...described, licence: 'etalab-2.0', organisation: 'les-amis' };
				took(await t.call('whole', 'save_dataset', { dataset }));
				return { dataset: described };
			})
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
	save_campaign: [
		[
			'a campaign',
			call('save_campaign', () => ({
				campaign: { slug: slug(), title: 'Essai', starts_on: '2026-11-01', ends_on: '2027-01-31' }
			}))
		]
	],
	find_campaign: [
		[
			'what a campaign’s poster says',
			call(
				'find_campaign',
				() => ({ slug: 'essai-lu' }),
				(found) => (found ? 'yes' : 'nothing')
			)
		]
	],
	create_invitation: [
		['invite to a role there', call('create_invitation', (_, p) => ({ invitation: { role: 'agent', areas: [p.area] } }))],
		['invite to the steward', call('create_invitation', () => ({ invitation: { organisation: 'les-amis' } }))]
	],
	read_invitation: [['read an invitation', call('read_invitation', async (t) => ({ token: (await invitation(t)).token }))]],
	accept_invitation: [['accept an invitation', accepting]],
	revoke_invitation: [
		[
			'take back an invitation to the steward',
			call('revoke_invitation', async (t) => ({ invitation_id: (await invitation(t)).invitation_id }))
		]
	],
	renew_invitation: [
		[
			'renew an invitation to the steward',
			call('renew_invitation', async (t) => ({ invitation_id: (await invitation(t)).invitation_id }))
		]
	],
	invitation_letter: [
		[
			'read the address of an invitation',
			call('invitation_letter', async (t) => ({ invitation_id: (await invitation(t)).invitation_id }))
		]
	],
	organisation_space: [['the steward’s colleagues', call('organisation_space', () => ({ organisation: 'les-amis' }))]],
	confirm_stewardship: [['« still me »', call('confirm_stewardship', () => ({ organisation: 'les-amis' }))]],
	ask_stewards: [['ask managers whether they still are', call('ask_stewards', () => ({}))]],
	people_overview: [['who holds which right', call('people_overview', () => ({}))]],
	read_shared: [['read what partners share, logged', sharing]],
	list_shared: [['list shared places, logged', call('list_shared', () => ({}))]],
	purge_people: [['purge addresses and readings', call('purge_people', () => ({}))]],
	import_batch: [
		['import places', call('import_batch', () => ({ batch: { source: { slug: 'essai', name: 'Essai' }, rows: [] } }))]
	],
	import_areas: [['import areas', call('import_areas', () => ({ areas: [] }))]],
	my_data: [['take her data along', call('my_data', () => ({}))]],
	delete_account: [['delete her account', leaving]],
	notification_settings: [['read her wishes for mail', call('notification_settings', () => ({}))]],
	save_notification_settings: [
		['save her wishes for mail', call('save_notification_settings', () => ({ settings: { locale: 'fr', muted: [] } }))]
	],
	work_status: [['see how the mails go', call('work_status', () => ({}))]],
	resend_mail: [['send a mail again', call('resend_mail', () => ({ mail_id: randomUUID() }))]],
	claim_mail: [['lease a mail', call('claim_mail', () => ({ worker: randomUUID() }))]],
	keep_mail: [['keep its lease', call('keep_mail', () => ({ mail_id: randomUUID(), worker: randomUUID(), handing: true }))]],
	settle_mail: [
		[
			'say what became of it',
			call('settle_mail', () => ({ mail_id: randomUUID(), worker: randomUUID(), outcome: { result: 'sent' } }))
		]
	],
	mute_topics: [
		[
			'stop somebody’s mails',
			call('mute_topics', async (t) => ({ contributor_id: await t.contributor('neighbour'), family: 'reports' }))
		]
	],
	lease_job: [['lease a job', call('lease_job', () => ({ worker: randomUUID(), kinds: [] }))]],
	finish_job: [['finish it', call('finish_job', () => job)]],
	run_routine: [['run its function', call('run_routine', () => job)]],
	count_downloads: [
		[
			'count what was downloaded',
			call('count_downloads', () => ({
				batch: { id: randomUUID(), counts: [{ day: '2026-01-02', dataset: 'places', format: 'csv', count: 1 }] }
			}))
		]
	],
	list_downloads: [['see what was downloaded', call('list_downloads', () => ({}))]],
	verify_chain: [['verify the history', call('verify_chain', () => ({}))]]
};
