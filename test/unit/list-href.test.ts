import { expect, test } from 'vitest';
import { listHref } from '../../src/routes/query.ts';

const at = (text: string) => new URLSearchParams(text);

test.each([
	['q=tri&page=3', { theme: 'culture' }, '/?q=tri&theme=culture'],
	['theme=sport&category=piscine', { theme: 'culture' }, '/?theme=culture'],
	['theme=sport&category=piscine', { page: '2' }, '/?theme=sport&category=piscine&page=2'],
	['theme=sport&page=2', { page: '1' }, '/?theme=sport'],
	['theme=sport&category=&area=', { theme: null }, '/'],
	['q=tri', { near: '-1.5,47.2' }, '/?q=tri&near=-1.5,47.2'],
	['q=tri&utm_source=x', {}, '/?q=tri']
])('from ?%s with %o leads to %s', (present, change, href) => {
	expect(listHref(at(present), change)).toBe(href);
});
