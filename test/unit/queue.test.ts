import { describe, expect, test } from 'vitest';
import { compassPoint } from '../../src/lib/geo/bearing.ts';
import type { ProposalItem } from '../../src/lib/domain/decision.ts';
import type { AppealItem } from '../../src/lib/domain/appeal.ts';
import { kindsOf, totalOf } from '../../src/lib/domain/figures.ts';
import type { MonthFigures } from '../../src/lib/domain/figures.ts';
import { countsOf, entryOf, filtered, inOrder, queueQuery, readFilters } from '../../src/lib/domain/queue.ts';
import { shortcutActs, shortcutFor, shortcutKeys } from '../../src/lib/domain/shortcuts.ts';
import { workingDays } from '../../src/lib/domain/working-days.ts';

const item = (over: Partial<ProposalItem> = {}): ProposalItem => ({
	type: 'proposal',
	channel: 'web',
	campaign: null,
	id: 'a',
	kind: 'update',
	state: 'open',
	placeId: 'place',
	placeName: 'Un lieu',
	placeSlug: 'un-lieu',
	intoPlaceId: null,
	intoPlaceName: null,
	reason: null,
	area: 'nord',
	theme: 'culture',
	category: 'library',
	authorRole: 'resident',
	authorOrganisation: null,
	authorName: null,
	source: null,
	createdAt: '2026-11-16T10:00:00Z',
	note: null,
	baseVersion: 1,
	version: 1,
	operations: [{ ordinal: 1, fact: 'phone', old: null, new: 'x', add: null, remove: null, outcome: 'pending' }],
	positionBefore: null,
	positionAfter: null,
	claimed: false,
	mine: false,
	handed: null,
	withheld: false,
	withheldFacts: [],
	otherOpen: 0,
	...over
});
const appeal = { ...item(), type: 'appeal', id: 'z', hearable: true } as unknown as AppealItem;
const ancestors = (area: string) => (area === 'nord' || area === 'sud' ? [area, 'ville'] : [area]);
const pace = { today: '2026-11-23', zone: 'Europe/Paris', targetDays: 5 };
const entry = (over: Partial<ProposalItem> = {}) => entryOf(item(over), pace);

describe('the queue', () => {
	test('puts what is hidden while it waits first, then the oldest', () => {
		const old = entry({ id: 'old', createdAt: '2026-11-01T00:00:00Z' });
		const hidden = entry({ id: 'hidden', withheldFacts: ['phone'] });
		const elsewhere = entry({ id: 'elsewhere', withheldFacts: ['summary'] });
		expect(inOrder([elsewhere, old, hidden]).map(({ id }) => id)).toEqual(['hidden', 'old', 'elsewhere']);
		expect(entry({ withheld: true }).urgent).toBe(true);
	});

	test('says how late something is, in working days beyond the delay', () => {
		expect(entry({ createdAt: '2026-11-16T10:00:00Z' }).late).toBe(0);
		// Ten to midnight and ten past, on the clocks of the town.
		expect(entry({ createdAt: '2026-11-12T22:50:00Z' }).late).toBe(2);
		expect(entry({ createdAt: '2026-11-12T23:10:00Z' }).late).toBe(1);
		expect(entry({ createdAt: '2026-11-13T10:00:00Z' }).late).toBe(1);
	});

	test('tells apart whose it is', () => {
		const handed = { toMe: false, name: 'Cora', message: null };
		expect(entry({ mine: true, claimed: true }).standing).toBe('mine');
		expect(entry({ handed, claimed: true })).toMatchObject({ standing: 'handed_on', handedName: 'Cora' });
		expect(entry({ handed: { ...handed, toMe: true } }).standing).toBe('handed_to_me');
		expect(entry({ claimed: true, state: 'asked' }).standing).toBe('claimed');
		expect(entry({ state: 'asked' }).standing).toBe('asked');
		expect(entryOf({ ...appeal, hearable: false }, pace)).toMatchObject({ standing: 'not_hers', kind: 'appeal' });
	});

	test('filters by area with its quartiers, theme, kind, author and desk, and counts what each choice would show', () => {
		const entries = [
			entry({ id: '1' }),
			entry({ id: '2', area: 'sud', kind: 'create', authorRole: 'visitor' }),
			entry({ id: '3', area: null, theme: null }),
			entry({ id: '4', handed: { toMe: false, name: 'Cora', message: null } }),
			entryOf(appeal, pace)
		];
		const shown = (query: string) => filtered(entries, readFilters(new URLSearchParams(query)), ancestors).map(({ id }) => id);
		expect(shown('')).toEqual(['1', '2', '3', 'z']);
		expect(shown('area=ville')).toEqual(['1', '2', 'z']);
		expect(shown('area=none')).toEqual(['3']);
		expect(shown('theme=culture&kind=appeal')).toEqual(['z']);
		expect(shown('author=visitor')).toEqual(['2']);
		expect(shown('desk=others')).toEqual(['4']);
		expect(shown('desk=nonsense&colour=red')).toEqual(shown(''));
		const counts = countsOf(entries, readFilters(new URLSearchParams('area=ville')), ancestors);
		expect(counts.facets.area).toEqual({ nord: 2, sud: 1, ville: 3, none: 1 });
		expect(counts.facets.kind).toEqual({ update: 1, create: 1, appeal: 1 });
		expect(counts.desks).toEqual({ '': 3, me: 0, others: 1, asked: 0 });
	});

	test('keeps its filters in the address', () => {
		const filters = readFilters(new URLSearchParams('area=nord&desk=me&item=x'));
		expect(queueQuery(filters, 'y')).toBe('?area=nord&desk=me&item=y');
		expect(queueQuery({ desk: '' })).toBe('');
	});
});

test.each([
	['2026-11-20', '2026-11-20', 0],
	['2026-11-20', '2026-11-22', 0],
	['2026-11-20', '2026-11-23', 1],
	['2026-11-09', '2026-11-13', 3],
	['2026-12-24', '2026-12-28', 1],
	['2026-04-03', '2026-04-07', 1],
	['2026-05-13', '2026-05-15', 1],
	['2026-05-22', '2026-05-26', 1],
	['2026-11-23', '2026-11-20', 0]
])('from %s to %s there are %i working days', (from, to, days) => expect(workingDays(from, to)).toBe(days));

test.each([
	[{ lon: 0, lat: 1 }, 'n'],
	[{ lon: 1, lat: 1 }, 'ne'],
	[{ lon: 1, lat: 0 }, 'e'],
	[{ lon: 0, lat: -1 }, 's'],
	[{ lon: -1, lat: 0 }, 'w'],
	[{ lon: -1, lat: 1 }, 'nw'],
	[{ lon: -0.01, lat: 1 }, 'n']
])('to %o one goes %s', (to, point) => expect(compassPoint({ lon: 0, lat: 0 }, to)).toBe(point));

test('each key means one thing, and none that a browser needs', () => {
	expect(new Set(Object.values(shortcutKeys)).size).toBe(shortcutActs.length);
	const press = { key: 'A', ctrlKey: false, metaKey: false, altKey: false, repeat: false };
	expect(shortcutFor(press)).toBe('accept');
	expect(shortcutFor({ ...press, key: '3' })).toEqual({ fact: 3 });
	expect(shortcutFor({ ...press, ctrlKey: true })).toBeNull();
	expect(shortcutFor({ ...press, repeat: true })).toBeNull();
	expect(shortcutFor({ ...press, key: 'Enter' })).toBeNull();
});

test('figures are listed by weight, what is rare last, and what is not told counts for nothing', () => {
	const months: MonthFigures[] = [
		{ month: '2026-11', median_days: 2, reasons: { duplicate: 3, few: null } },
		{ month: '2026-10', median_days: null, reasons: { illegal: 9, duplicate: 4, few: 5 } }
	];
	expect(kindsOf(months, 'reasons')).toEqual(['illegal', 'duplicate', 'few']);
	expect(totalOf(months[0]!, 'reasons')).toBe(3);
	expect(totalOf(months[0]!, 'appeals')).toBe(0);
});
