import { restricts } from '../../domain/notification.ts';
import type { Notice } from '../../domain/notification.ts';
import { townDayOf } from '../../i18n/format.ts';
import type { Words } from './words.ts';

/** One piece of a mail's text. */
export type Block =
	| { kind: 'text'; text: string }
	| { kind: 'rows'; rows: [label: string, value: string][] }
	| { kind: 'quote'; label: string | null; text: string }
	| { kind: 'link'; label: string; path: string };

/** A notification in words, for a mail and for /me alike. */
export interface Told {
	title: string;
	blocks: Block[];
}

/** Who reads: an account finds everything on /me, a visitor by her code. */
export type Reader = 'account' | 'visitor';

/** Says one notification. A topic that nobody knows is told in general words rather than not at all. */
export function tell(notice: Notice, reader: Reader, words: Words): Told {
	const { data } = notice;
	const about = wordedAs(notice, words);
	const place = data.place_name || data.organisation || words.say('a_place');
	return {
		title: words.say(`title_${about}`, { place }),
		blocks: [
			{ kind: 'text', text: sentenceOf(notice, about, words) },
			...receipt(notice, words),
			...(data.accepted?.length && data.state !== 'refused' && notice.topic === 'proposal_decided'
				? [rows([[words.say('published_facts'), words.factNames(data.accepted)]])]
				: []),
			...(data.message && !statesReasons(notice) ? [quote(data.message, about, words)] : []),
			...(statesReasons(notice) ? statementOfReasons(notice, words) : []),
			link(notice, about, reader, words)
		]
	};
}

const rows = (lines: [string, string][]): Block => ({ kind: 'rows', rows: lines });
/** A question is announced by the sentence before it. */
const quote = (text: string, about: string, words: Words): Block => ({
	kind: 'quote',
	label: about === 'proposal_asked' ? null : words.say(about === 'dataset_reported' ? 'dataset_said' : 'message'),
	text
});
const statesReasons = (notice: Notice) => notice.topic === 'proposal_decided' && restricts(notice);

/** The key that words a topic: a decision by its outcome. */
function wordedAs({ topic, data }: Notice, words: Words): string {
	const about = topic === 'proposal_decided' ? (data.state ?? '') : topic;
	return words.has(`title_${about}`) ? about : 'other';
}

function sentenceOf({ data }: Notice, about: string, words: Words): string {
	if (about === 'decision_undone' && data.state === 'refused') return words.say('text_decision_undone_refused');
	const outcome = `text_${about}_${data.outcome}`;
	const ofDataset = `text_${about}_dataset`;
	const said = words.say(data.dataset && words.has(ofDataset) ? ofDataset : `text_${about}`);
	return data.outcome && words.has(outcome) ? `${said} ${words.say(outcome)}` : said;
}

/** The number and, for somebody without an account, the code that opens it again. */
function receipt({ topic, data }: Notice, words: Words): Block[] {
	const lines: [string, string][] = [];
	if (topic === 'dataset_reported' && data.kind) lines.push([words.say('dataset_kind'), words.word('report_kind', data.kind)]);
	if (data.number != null) lines.push([words.say('number'), String(data.number)]);
	if (data.code) lines.push([words.say('code'), data.code]);
	if (data.reason_code && data.outcome) lines.push([words.say('ground'), words.word('reason', data.reason_code)]);
	return lines.length > 0 ? [rows(lines)] : [];
}

/**
 * What, on which ground, on which facts, and how to contest: Regulation (EU) 2022/2065, article 17(3), in plain words.
 * https://eur-lex.europa.eu/eli/reg/2022/2065/oj
 */
export function statementOfReasons({ data }: Notice, words: Words): Block[] {
	const reason = words.word('reason', data.reason_code ?? 'other');
	const facts = data.refused ?? [];
	const lines: [string, string][] = [
		[
			words.say('decision'),
			facts.length > 0 ? words.say('decision_refused_facts', { facts: words.factNames(facts) }) : words.say('decision_refused')
		],
		[words.say('ground'), words.say(data.reason_code === 'illegal' ? 'ground_illegal' : 'ground_terms', { reason })],
		[words.say('facts'), words.say('facts_read')]
	];
	if (data.decided_on)
		lines.push([words.say('contest'), words.say('contest_how', { day: words.day(sixMonthsAfter(townDayOf(data.decided_on))) })]);
	return [...(data.message ? [quote(data.message, 'reasons', words)] : []), rows(lines)];
}

/** The day until which a decision can be contested (article 20: six months at least); the last of February has no 31st. */
export function sixMonthsAfter(decidedOn: string): string {
	const day = new Date(`${decidedOn.slice(0, 10)}T00:00:00Z`);
	const wanted = day.getUTCMonth() + 6;
	const end = new Date(Date.UTC(day.getUTCFullYear(), wanted, day.getUTCDate()));
	if (end.getUTCMonth() !== wanted % 12) end.setUTCDate(0);
	return end.toISOString().slice(0, 10);
}

const labels: Record<string, string> = {
	accepted: 'open_place',
	partly_accepted: 'open_contest',
	refused: 'open_contest',
	proposal_asked: 'open_answer',
	contribution_received: 'open_follow',
	report_received: 'open_follow',
	report_read: 'open_follow',
	dataset_reported: 'open_dataset_reports',
	invitation: 'open_invitation',
	item_handed: 'open_item',
	steward_check: 'open_steward'
};

/** Where it goes on. A path that came with the notification is better than one that we guess. */
function link({ topic, subject_id, data }: Notice, about: string, reader: Reader, words: Words): Block {
	const label = (key: string) => words.say(key);
	if (data.link) {
		const confirms = reader === 'visitor' && topic.endsWith('_received');
		return { kind: 'link', label: label(confirms ? 'open_confirm' : (labels[about] ?? 'open_page')), path: data.link };
	}
	if (about === 'accepted' && data.place_id)
		return { kind: 'link', label: label('open_place'), path: `/places/${data.place_id}` };
	if (topic === 'item_handed') return { kind: 'link', label: label('open_item'), path: '/moderation' };
	if (reader === 'visitor') return { kind: 'link', label: label('open_follow'), path: '/follow' };
	const own = /^(proposal|decision|appeal)_/.test(topic) && subject_id;
	return {
		kind: 'link',
		label: label(labels[about] ?? (own ? 'open_proposal' : 'open_page')),
		path: own ? `/me#proposal-${subject_id}` : '/me'
	};
}
