import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { families, notice } from '../../src/lib/domain/notification.ts';
import type { Notice } from '../../src/lib/domain/notification.ts';
import { sixMonthsAfter } from '../../src/lib/server/mail/item.ts';
import { judgeFailure } from '../../src/lib/server/mail/post.ts';
import { renderMail } from '../../src/lib/server/mail/render.ts';
import { readUnsubscribeToken, unsubscribeToken } from '../../src/lib/server/mail/unsubscribe.ts';

const ID = '8f0f3a52-1b0e-4c52-9a51-6f4b7f6f0d11';
const item = (topic: string, data: object = {}): Notice =>
	notice.parse({ id: randomUUID(), topic, subject_id: ID, at: '2026-11-22T10:00:00.000Z', data });
const render = (items: Notice[], more: object = {}) =>
	renderMail({
		locale: 'fr',
		reader: 'account',
		family: 'contributions',
		items,
		town: { name: 'Ville', contact: 'Mairie, mairie@example.org' },
		origin: 'https://carte.example.org',
		unsubscribeUrl: 'https://carte.example.org/unsubscribe/x',
		...more
	});

const topics = ['contribution_received', 'proposal_asked', 'decision_undone', 'report_received', 'report_decided'].concat(
	['appeal_received', 'appeal_decided', 'invitation', 'item_handed', 'steward_check', 'report_read', 'dataset_reported'],
	['nobody_knows_this']
);

describe('a mail', () => {
	it.each(topics.flatMap((topic) => (['fr', 'en'] as const).map((locale) => [topic, locale] as const)))(
		'about %s in %s has words for everything, in text and in HTML',
		(topic, locale) => {
			for (const reader of ['account', 'visitor'] as const) {
				const { subject, text, html } = render([item(topic, { place_name: 'La Halle', number: 7, message: 'Bien.' })], {
					locale,
					reader
				});
				for (const part of [subject, text, html]) expect(part).not.toMatch(/mails_|undefined|null|title_|text_|open_|\{\w+\}/);
				expect(html).toContain(`<html lang="${locale}">`);
				expect(text).toMatch(/https:\/\/carte\.example\.org\/(me|moderation|follow)/);
			}
		}
	);

	it('to the contact of a dataset says what is wrong in the words of who wrote, and where to answer', () => {
		const data = { place_name: 'Bibliothèques', kind: 'rights', message: 'Un nom.\n<b>Ici</b>', link: '/data/lecture/reports' };
		const { subject, text, html } = render([item('dataset_reported', data)], { reader: 'visitor', family: 'work' });
		expect(subject).toBe('Un problème signalé dans vos données\u00a0: Bibliothèques');
		expect(text).toContain('Ce qui ne va pas\u00a0: Licence ou données personnelles');
		expect(text).toContain('> Un nom.\n> <b>Ici</b>');
		expect(html).not.toContain('<b>Ici');
		expect(text).toContain('https://carte.example.org/data/lecture/reports');
		expect(text).not.toContain('/follow');
	});

	it('about a report says who answers it: of a dataset those whose data it is, of a place the moderation', () => {
		const data = { place_name: 'Bibliothèques', outcome: 'accept' };
		for (const topic of ['report_received', 'report_decided']) {
			expect(render([item(topic, data)]).text).toContain('de la modération');
			const { text } = render([item(topic, { ...data, dataset: 'lecture' })]);
			expect(text).toContain('répond de ces données');
			expect(text).not.toContain('modération');
		}
	});

	it.each(['accepted', 'partly_accepted', 'refused'])(
		'of a proposal that was %s states reasons when it takes something away',
		(state) => {
			const data = {
				state,
				place_name: 'La Halle',
				accepted: ['phone'],
				refused: ['summary'],
				reason_code: 'illegal',
				decided_on: '2026-08-31T09:00:00Z'
			};
			const { text } = render([item('proposal_decided', data)]);
			const stated = ['Ce qui est décidé', 'contraire à la loi', 'moyen automatisé', 'jusqu’au 28 février 2027'];
			for (const said of stated) expect(text.includes(said)).toBe(state !== 'accepted');
			expect(text.includes('«\u00a0Téléphone\u00a0»')).toBe(state !== 'refused');
		}
	);

	it('keeps what people wrote from becoming HTML or another header', () => {
		const { subject, html, text } = render([
			item('proposal_asked', { place_name: 'A\r\nBcc: x@example.org', message: '<script>1</script>\n"2"' })
		]);
		expect(subject).not.toMatch(/[\r\n]/);
		expect(html).not.toContain('<script>');
		expect(html).toContain('&lt;script&gt;1&lt;/script&gt;<br>&quot;2&quot;');
		expect(text).toContain('> <script>1</script>\n> "2"');
	});

	it('asks nothing of another server: no picture, no font, no style from afar', () => {
		const { html } = render(topics.map((topic) => item(topic)));
		expect(html).not.toMatch(/<img|<link|@import|url\(/);
		expect([...html.matchAll(/https?:\/\/([^/"]+)/g)].every(([, host]) => host === 'carte.example.org')).toBe(true);
	});

	it('of many items says how many more there are, and its subject stays short', () => {
		const { subject, text } = render(
			Array.from({ length: 25 }, (_, i) => item('proposal_asked', { place_name: `${'Très '.repeat(60)}long ${i}` }))
		);
		expect(subject.length).toBeLessThan(150);
		expect(subject).toContain('24 autres');
		expect(text).toContain('Et 5 autres');
		expect(text.match(/^\* /gm)).toHaveLength(20);
	});

	it('goes only where we are: a foreign link in its data is not followed', () => {
		for (const link of ['https://evil.example', '//evil.example', 'javascript:alert(1)'])
			expect(render([item('invitation', { link })]).html).not.toContain(link);
		expect(render([item('invitation', { link: '/invitations/abc' })]).text).toContain(
			'https://carte.example.org/invitations/abc'
		);
	});
});

describe('a failure of the mail server', () => {
	it.each([
		[
			'a recipient that does not exist',
			{ command: 'RCPT TO', responseCode: 550 },
			false,
			{ final: true, refused: true, code: 'smtp_550' }
		],
		['a text that is refused', { command: 'DATA', responseCode: 554 }, true, { final: true, refused: true, code: 'smtp_554' }],
		['greylisting', { command: 'RCPT TO', responseCode: 451 }, false, { final: false, refused: true, code: 'smtp_451' }],
		[
			'a wrong password of the town',
			{ code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535 },
			false,
			{ final: false, refused: true, code: 'smtp_535' }
		],
		[
			'a sender that the server does not want',
			{ command: 'MAIL FROM', responseCode: 550 },
			false,
			{ final: false, refused: true, code: 'smtp_550' }
		],
		['nobody there', { code: 'ESOCKET' }, false, { final: false, refused: true, code: 'esocket' }],
		['silence after the end', { code: 'ETIMEDOUT' }, true, { final: false, refused: false, code: 'etimedout' }],
		['something unknown', {}, true, { final: false, refused: false, code: 'unknown' }]
	])('%s', (_what, failure, handed, verdict) => {
		expect(judgeFailure(failure, handed)).toEqual(verdict);
	});
});

describe('the link that stops mails', () => {
	it.each(families)('says who and %s, and only to this installation', (family) => {
		const token = unsubscribeToken('secret', { recipientId: ID, family });
		expect(token).toMatch(/^[\w-]+$/);
		expect(readUnsubscribeToken('secret', token)).toEqual({ recipientId: ID, family });
		expect(readUnsubscribeToken('another', token)).toBeNull();
		for (const wrong of ['', 'x', token.slice(1), `${token}AA`, token.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))])
			expect(readUnsubscribeToken('secret', wrong)).toBeNull();
	});
});

it.each([
	['2026-11-22T10:00:00Z', '2027-05-22'],
	['2026-08-31T10:00:00Z', '2027-02-28'],
	['2027-08-29T10:00:00Z', '2028-02-29'],
	['2026-03-31T10:00:00Z', '2026-09-30']
])('six months after %s is %s', (from, to) => {
	expect(sixMonthsAfter(from)).toBe(to);
});
