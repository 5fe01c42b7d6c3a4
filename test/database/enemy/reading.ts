/** What each persona reads of each relation of the API. */
import { randomUUID } from 'node:crypto';
import type { Territory } from '../../support/territory.ts';
import { took } from '../../support/territory.ts';
import { townDay } from '../../support/town-day.ts';
import { entry, makeVisitor } from '../../support/visitors.ts';
import type { Persona, Try } from './personas.ts';
import { no } from './personas.ts';

const CONTACT = 'Jeanne Interlocutrice';
const PRIVATE_PHONE = '02 40 12 34 56';

/** Of everything, of an area and of an organisation: one report of each waits, another one beside the queue. */
const reportedDatasets = {
	tout: {},
	'ville-centre': { area: 'ville-centre' },
	'ville-nord': { area: 'ville-nord' },
	amis: { organisation: 'les-amis' }
};

/** The same places in two quartiers, one of each kind of closedness, all answered for by one organisation. */
export async function prepareReading(territory: Territory): Promise<void> {
	for (const [slug, narrowed] of Object.entries(reportedDatasets)) {
		const words = { title: { fr: slug, en: slug }, description: { fr: slug, en: slug }, licence: 'etalab-2.0' };
		took(await territory.call('whole', 'save_dataset', { dataset: { slug, ...words, ...narrowed } }));
		for (const proven of [true, false]) {
			const more = { client_id: randomUUID(), dataset: slug, kind: 'other', text: 'Faux.', name: 'Vera', proven };
			took(await territory.call('service', 'submit_report', { report: entry(makeVisitor(), more) }));
		}
	}
	const campaign = { slug: 'essai-lu', title: 'Essai', starts_on: townDay(), ends_on: townDay() };
	took(await territory.call('agent', 'save_campaign', { campaign }));
	took(
		await territory.submit('neighbour', {
			kind: 'create',
			campaign: 'essai-lu',
			operations: territory.operations({}, 'ville-port')
		})
	);
	for (const area of ['ville-centre', 'ville-nord'] as const) {
		const make = (kind: string, facts: object = {}) =>
			territory.place({ name: `${kind} ${area}`, steward: 'les-amis', ...facts }, area);
		await make('open', {
			contact_name: CONTACT,
			phone: PRIVATE_PHONE,
			fact_openness: { phone: 'private' },
			precision: 'area',
			address: '3 rue Cachée'
		});
		await make('shared', { openness: 'shared' });
		await make('private', { openness: 'private' });
		const withheld = await make('withheld');
		took(await territory.call('whole', 'withhold', { withholding: { place_id: withheld, reason_code: 'illegal' } }));
		const ended = await make('ended');
		took(await territory.submit('whole', { kind: 'end', place_id: ended, reason: 'closed' }));
		const waiting = await make('waiting');
		await territory.change('neighbour', waiting, { phone: [null, '02 40 00 00 01'] });
		const contested = await territory.change('neighbour', await make('contested'), { phone: [null, '02 40 00 00 01'] });
		const { decision_id } = took(
			await territory.decide('wholeModerator', contested.proposal_id, { outcome: 'refuse', reason_code: 'other' })
		);
		took(await territory.call('neighbour', 'contest_decision', { appeal: { decision_id, text: 'Si.' } }));
		for (const proven of [true, false]) {
			const report = entry(makeVisitor(), { client_id: randomUUID(), place_id: waiting, kind: 'gone', proven });
			took(await territory.call('service', 'submit_report', { report }));
		}
	}
}

/** One campaign, an agent's, with one contribution: who but her and the coordinators of everything sees of it? */
const campaignsOf =
	(relation: 'campaigns' | 'campaign_proposals'): Try =>
	async (territory, persona) => {
		const found = await rows(territory, persona, relation);
		if (typeof found === 'string') return found;
		const theirs = found.filter((row) => row['slug'] === 'essai-lu' || row['campaign'] === 'essai-lu');
		return theirs.length > 0 ? (persona.key === 'agent' ? 'her own' : 'all') : 'none of others';
	};

async function rows(territory: Territory, persona: Persona, relation: string): Promise<Record<string, unknown>[] | string> {
	const client = await territory.client(persona.key);
	const { data, error, status } = await client.from(relation).select('*');
	return error ? no(error, status) : (data as Record<string, unknown>[]);
}

const everything =
	(relation: string): Try =>
	async (territory, persona) => {
		const found = await rows(territory, persona, relation);
		if (typeof found === 'string') return found;
		const [{ n } = { n: -1 }] = await territory.supabase.sql<{ n: number }>(`select count(*)::int as n from public.${relation}`);
		return found.length === n ? 'all' : `${found.length} of ${n}`;
	};

const placesHere = async (territory: Territory, persona: Persona) => {
	const found = await rows(territory, persona, 'places');
	if (typeof found === 'string') throw new Error(found);
	return found.filter(({ area }) => area === persona.area);
};

const kinds: Try = async (territory, persona) => {
	const names = (await placesHere(territory, persona)).map(({ name }) => String(name).split(' ')[0]!);
	return ['open', 'shared', 'private', 'withheld', 'ended'].filter((kind) => names.includes(kind)).join(' + ') || 'nothing';
};

/** What an open place shows of a fact; a fact must also be silent in history, and cannot be asked for by a filter. */
const fact =
	(name: string, value: string): Try =>
	async (territory, persona) => {
		const open = (await placesHere(territory, persona)).find((place) => String(place['name']).startsWith('open '));
		const shown = open?.[name] === value;
		if (!shown && JSON.stringify(open).includes(value)) throw new Error(`${name} leaks to ${persona.title}`);
		return shown ? 'yes' : 'no';
	};

const truePosition: Try = async (territory, persona) => {
	const open = (await placesHere(territory, persona)).find((place) => String(place['name']).startsWith('open '));
	const [row] = await territory.supabase.sql<{ lon: number }>(
		`select (facts -> 'position' ->> 'lon')::float8 as lon from private.places where id = $1`,
		[open?.['id']]
	);
	return open?.['lon'] === row?.lon ? 'yes' : 'no';
};

/** Of what waits or was decided: only her own, only what lies in her scope, nothing, or more than that. */
const scoped =
	(relation: string): Try =>
	async (territory, persona) => {
		const found = await rows(territory, persona, relation);
		if (typeof found === 'string') return found;
		// A report about a dataset is of no place.
		const ids = found.map(({ place_id }) => place_id).filter(Boolean);
		const areas = await territory.supabase.sql<{ area: string }>(
			'select distinct area_slug as area from private.places where id = any ($1::uuid[])',
			[`{${ids.join()}}`]
		);
		const here = areas.some(({ area }) => area === persona.area);
		return here ? 'all that lies there' : 'nothing';
	};

/** Whose reports she reads, and whether a name is beside them. */
const datasetReports: Try = async (territory, persona) => {
	const found = await rows(territory, persona, 'dataset_reports');
	if (typeof found === 'string') return found;
	const theirs = found.filter(({ dataset }) => String(dataset) in reportedDatasets);
	if (theirs.length === 0) return 'nothing';
	const whose = theirs.map(({ dataset }) => String(dataset)).sort();
	const named = theirs.some(({ author_name }) => author_name === 'Vera') ? 'with names' : 'without a name';
	return `${whose.length === Object.keys(reportedDatasets).length ? 'all' : whose.join(' + ')}, ${named}`;
};

const ownReports: Try = async (territory, persona) => {
	const signedIn = persona.key !== 'anonymous' && persona.key !== 'service';
	if (signedIn) {
		const contributor_id = await territory.contributor(persona.key as 'resident');
		const report = { client_id: randomUUID(), place_id: await territory.place({}, persona.area), kind: 'gone', contributor_id };
		took(await territory.call('service', 'submit_report', { report }));
	}
	const found = await rows(territory, persona, 'my_reports');
	if (typeof found === 'string') return found;
	const [{ n } = { n: -1 }] = await territory.supabase.sql<{ n: number }>(
		`select count(*)::int as n from private.reports where author_id <> $2 and id = any ($1::uuid[])`,
		[`{${found.map(({ id }) => id).join()}}`, await territory.contributor(persona.key as 'resident')]
	);
	return n === 0 && found.length > 0 ? 'her own' : `${n} of others`;
};

const ownProposals: Try = async (territory, persona) => {
	if (persona.key !== 'anonymous' && persona.key !== 'service') {
		const place = await territory.place({}, persona.area);
		took(
			await territory.submit(persona.key, {
				client_id: randomUUID(),
				place_id: place,
				operations: [{ fact: 'summary', old: null, new: 'À moi' }]
			})
		);
	}
	const found = await rows(territory, persona, 'my_proposals');
	if (typeof found === 'string') return found;
	const [{ n } = { n: -1 }] = await territory.supabase.sql<{ n: number }>(
		`select count(*)::int as n from private.proposals where author_id <> $2 and id = any ($1::uuid[])`,
		[`{${found.map(({ id }) => id).join()}}`, await territory.contributor(persona.key as 'resident')]
	);
	return n === 0 && found.length > 0 ? 'her own' : `${n} of others`;
};

/** The neighbour's contested decisions are there for everyone to try; nobody tried here is the neighbour. */
const ownDecisions: Try = async (territory, persona) => {
	const found = await rows(territory, persona, 'my_decisions');
	if (typeof found === 'string') return found;
	const [{ n } = { n: -1 }] = await territory.supabase.sql<{ n: number }>(
		`select count(*)::int as n from private.proposals where author_id <> $2 and id = any ($1::uuid[])`,
		[`{${found.map(({ proposal_id }) => proposal_id).join()}}`, await territory.contributor(persona.key as 'resident')]
	);
	return n === 0 ? 'her own' : `${n} of others`;
};

/** One thing told to her and one to somebody else. */
const ownNotifications: Try = async (territory, persona) => {
	const tell = (who: string) =>
		territory.supabase.sql(`select private.notify($1, 'item_handed', null, '{}', '0 seconds')`, [who]);
	await tell(await territory.contributor('holder'));
	if (persona.key !== 'anonymous' && persona.key !== 'service') await tell(await territory.contributor(persona.key));
	const found = await rows(territory, persona, 'my_notifications');
	if (typeof found === 'string') return found;
	const [{ n } = { n: -1 }] = await territory.supabase.sql<{ n: number }>(
		`select count(*)::int as n from private.outbox where recipient_id <> $2 and id = any ($1::uuid[])`,
		[`{${found.map(({ id }) => id).join()}}`, await territory.contributor(persona.key as 'resident')]
	);
	return n === 0 && found.length > 0 ? 'her own' : `${n} of others`;
};

/** Relation → what is tried of it. A relation of the API without an entry fails the test. */
export const reading: Record<string, [what: string, attempt: Try][]> = {
	places: [
		['places', kinds],
		['places: a shared fact (contact)', fact('contact_name', CONTACT)],
		['places: a private fact', fact('phone', PRIVATE_PHONE)],
		['places: the address behind a coarse precision', fact('address', '3 rue Cachée')],
		['places: the true position behind it', truePosition]
	],
	my_proposals: [['my_proposals', ownProposals]],
	my_notifications: [['my_notifications', ownNotifications]],
	campaigns: [['campaigns', campaignsOf('campaigns')]],
	campaign_proposals: [['campaign_proposals', campaignsOf('campaign_proposals')]],
	my_reports: [['my_reports', ownReports]],
	moderation_queue: [['moderation_queue', scoped('moderation_queue')]],
	report_queue: [['report_queue', scoped('report_queue')]],
	dataset_reports: [['dataset_reports', datasetReports]],
	unproven_queue: [['unproven_queue', scoped('unproven_queue')]],
	decisions: [['decisions', scoped('decisions')]],
	my_decisions: [['my_decisions', ownDecisions]],
	appeals_queue: [['appeals_queue', scoped('appeals_queue')]],
	...Object.fromEntries(
		['themes', 'categories', 'areas', 'organisations', 'datasets', 'settings', 'changes'].map((relation) => [
			relation,
			[[relation, everything(relation)]] as [string, Try][]
		])
	)
};
