import { describe, expect, it } from 'vitest';
import { parseLocalDay, parseLocalMinute } from '../../src/lib/domain/local-time.ts';
import { FilterError, parseFilters } from '../../src/lib/server/published/filters.ts';

const clock = () => parseLocalMinute('2026-11-22T11:30')!;
const parse = (query: string, strict = false) => parseFilters(new URLSearchParams(query), { strict, clock });

describe('filters of a query string', () => {
	it('are read whole', () => {
		expect(
			parse(
				'q=%20cr%C3%A8che&theme=enfance&category=creche&area=nantes-zola&kind=service&near=-1.55,47.2&bbox=-2,47,-1,48&limit=5&offset=10'
			)
		).toEqual({
			q: 'crèche',
			theme: 'enfance',
			category: 'creche',
			area: 'nantes-zola',
			kind: 'service',
			near: { lon: -1.55, lat: 47.2 },
			bbox: [-2, 47, -1, 48],
			limit: 5,
			offset: 10
		});
	});

	it('know what one needs to go there, now or at a moment', () => {
		expect(parse('open=now&wheelchair=limited&cost=free&audience=seniors&language=fsl', true)).toEqual({
			open: clock(),
			...{ wheelchair: 'limited', cost: 'free', audience: 'seniors', language: 'fsl' },
			...{ limit: 50, offset: 0 }
		});
		expect(parse('open=2026-11-23T09:05', true).open).toBe(clock() + 24 * 60 - 145);
	});

	it('know how long ago a place was checked at most', () => {
		expect(parse('checked=365', true).checked).toBe(parseLocalDay('2025-11-22'));
	});

	it('are the first page of everything when nothing is asked', () => {
		expect(parse('q=&theme=&other=1', true)).toEqual({ limit: 50, offset: 0 });
	});

	it('take a limit above the maximum for the maximum', () => {
		expect(parse('limit=100000', true).limit).toBe(500);
	});

	it('accept a box across the antimeridian', () => {
		expect(parse('bbox=177,65,-177,70', true).bbox).toEqual([177, 65, -177, 70]);
	});

	const wrong = [
		'kind=shop',
		'near=47',
		'near=1,2,3',
		'near=,',
		'near=200,0',
		'bbox=1,2,3',
		'bbox=1,9,2,3',
		'bbox=a,b,c,d',
		'limit=0',
		'open=tomorrow',
		'open=2026-02-30T10:00',
		'wheelchair=no',
		'cost=cheap',
		'checked=0',
		'checked=soon',
		'audience=cats',
		'language=français'
	];
	it.each([...wrong, 'limit=-1', 'limit=unlimited', 'offset=1e3', 'theme=A%20B', `q=${'x'.repeat(201)}`])(
		'refuse %s from a machine and leave it out for a page',
		(query) => {
			const [name] = query.split('=') as [string];
			expect(() => parse(query, true)).toThrow(FilterError);
			expect(() => parse(query, true)).toThrow(new RegExp(`^${name} must`));
			expect(parse(query)).toEqual({ limit: 50, offset: 0 });
		}
	);
});
