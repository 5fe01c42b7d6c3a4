import { describe, expect, it } from 'vitest';
import { datasetReportForm, datasetSettlement } from '../../src/lib/domain/dataset-report.ts';
import type { DatasetReport } from '../../src/lib/domain/dataset-report.ts';
import { entryOf, inOrder } from '../../src/lib/domain/queue.ts';
import { publicReports } from '../../src/lib/server/db/dataset-reports.ts';

const report = (over: Partial<DatasetReport> = {}): DatasetReport => ({
	...{ type: 'dataset_report', id: 'a', dataset: 'lecture', datasetTitle: { fr: 'Lire', en: 'Reading' }, category: null },
	...{ area: null, theme: 'culture', kind: 'values', urgent: false, state: 'open', text: 'Faux', authorRole: 'visitor' },
	...{ authorName: null, reachable: true, createdAt: '2026-11-02T10:00:00Z', message: null, claimed: false, mine: false },
	...{ publicState: null, summary: null, publicReason: null, statedOn: null },
	...over
});
const pace = { today: '2026-11-23', zone: 'Europe/Paris', targetDays: 5 };
const entry = (over: Partial<DatasetReport> = {}) => entryOf(report(over), pace);

describe('a report about a dataset in the queue', () => {
	it('is one of the reports, called by the dataset, and first when it is about licence or personal data', () => {
		expect(entry()).toMatchObject({ kind: 'report', detail: 'values', name: null, title: { fr: 'Lire' }, standing: 'free' });
		const urgent = entry({ id: 'z', urgent: true, createdAt: '2026-11-20T10:00:00Z' });
		expect(inOrder([entry(), urgent]).map(({ id }) => id)).toEqual(['z', 'a']);
	});

	it('is late while nobody has read it, and not any more once that is public', () => {
		expect(entry().late).toBeGreaterThan(0);
		expect(entry({ publicState: 'in_progress', summary: 'Lu.' })).toMatchObject({ late: 0, standing: 'begun' });
		expect(entry({ publicState: 'read', state: 'asked' }).standing).toBe('asked');
	});
});

describe('an answer to it', () => {
	const lacks = (typed: object) => {
		const parsed = datasetSettlement.safeParse({ summary: '', message: '', reason_code: '', public_reason: '', ...typed });
		return parsed.error?.issues.map(({ path, message }) => `${String(path[0])} ${message}`) ?? [];
	};

	it.each([
		[{ outcome: 'read' }, ['summary summary']],
		[{ outcome: 'in_progress', summary: '  ' }, ['summary summary']],
		[{ outcome: 'read', summary: 'x'.repeat(301) }, ['summary too_long']],
		[{ outcome: 'refuse', summary: 'Lu.' }, ['reason_code reason_code']],
		[{ outcome: 'refuse', reason_code: 'other', summary: 'Lu.' }, ['public_reason public_reason']],
		[{ outcome: 'refuse', reason_code: 'other', public_reason: 'Non.' }, ['summary summary']],
		[{ outcome: 'refuse', reason_code: 'other' }, []],
		[{ outcome: 'ask', summary: 'Lu.' }, ['message message']],
		[{ outcome: 'accept' }, []],
		[{ outcome: 'in_progress', summary: 'Lu.' }, []]
	])('of %j lacks %j', (typed, expected) => expect(lacks(typed)).toEqual(expected));

	it('is a sentence on one line, and what was left empty is not sent', () => {
		expect(datasetSettlement.parse({ outcome: 'read', summary: ' Deux\n lignes ', message: ' ', reason_code: '' })).toEqual({
			outcome: 'read',
			summary: 'Deux lignes'
		});
	});
});

describe('the form', () => {
	it('wants a kind and words, and an address only if one was typed', () => {
		const issues = (typed: object) => datasetReportForm.safeParse(typed).error?.issues.map(({ message }) => message);
		expect(issues({ kind: 'gone', text: ' ', email: 'nom' })).toEqual(['kind', 'text', 'email']);
		expect(issues({ kind: 'values', text: 'x'.repeat(2001) })).toEqual(['too_long']);
		expect(datasetReportForm.parse({ kind: 'rights', text: ' La\r\nlicence ', email: '' })).toEqual({
			kind: 'rights',
			text: 'La\nlicence'
		});
	});
});

it('an older snapshot, which knows of no reports, is read as none', () => {
	expect(publicReports(undefined)).toEqual([]);
	const row = { id: 'a', kind: 'values', state: 'read', summary: 'Lu.', received_on: '2026-11-22', stated_on: '2026-11-23' };
	expect(publicReports([{ ...row, reason_code: null, reason: null }])).toEqual([
		{
			...{ id: 'a', kind: 'values', state: 'read', summary: 'Lu.', reason: null },
			...{ receivedOn: '2026-11-22', statedOn: '2026-11-23', reasonCode: null }
		}
	]);
});
