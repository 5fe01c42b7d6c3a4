import { expect, it } from 'vitest';
import { checkField } from '../../src/lib/components/field-check.ts';

const left = (field: string, value: string) => {
	const form = new FormData();
	form.set(field, value);
	return checkField(form, field, undefined);
};

it.each([
	['phone', '02 40 41', { field: 'phone', error: 'bad_phone' }],
	['phone', '02 40 41 90 00', null],
	['visitor_email', 'pas une adresse', { field: 'visitor_email', error: 'bad_email' }],
	['visitor_email', 'voisine@quai.example', null],
	['visitor_email', '', null],
	['visitor_email', `voisine@${'quai.'.repeat(45)}example`, null]
])('%s « %s » is weighed when it is left', (field, value, verdict) => {
	expect(left(field, value)).toEqual(verdict && expect.objectContaining(verdict));
});

it.each([
	['name', ''],
	['note', 'Ce que le serveur en a dit reste.'],
	['lat', '47.2']
])('of %s « %s » nothing is known here: what the server said stands', (field, value) => {
	expect(left(field, value)).toBeUndefined();
});
