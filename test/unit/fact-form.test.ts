import { describe, expect, it } from 'vitest';
import { formValues, parseForm, readForm } from '../../src/lib/domain/fact-form.ts';
import type { FormValues } from '../../src/lib/domain/form-values.ts';
import { parseClosure, parseExtra, parsePosition, parseText } from '../../src/lib/domain/fact-parse.ts';
import { definitionOf } from '../../src/lib/domain/facts.ts';
import { operationsBetween } from '../../src/lib/domain/proposal.ts';
import type { Category } from '../../src/lib/domain/taxonomy.ts';

const category: Category = {
	slug: 'creche',
	theme: 'petite-enfance',
	label: { fr: 'Crèche', en: 'Nursery' },
	pictogram: 'maki:playground',
	defaultKind: 'service',
	extraFacts: {
		capacity: { label: { fr: 'Places', en: 'Places' }, type: 'integer', minimum: 1, maximum: 500 },
		manager: { label: { fr: 'Gestion', en: 'Run by' }, type: 'string', enum: ['public', 'private'] },
		meals: { label: { fr: 'Repas', en: 'Meals' }, type: 'boolean' }
	},
	halfLives: {},
	keyFacts: [],
	factOpenness: {},
	osmTag: null,
	schemaType: null,
	synonyms: {},
	sort: 0
};
const context = { category, checkHours: (hours: string) => !hours.includes('!') };
const read = (values: FormValues) => parseForm(values, context);
const text = (fact: string, typed: string) => {
	const definition = definitionOf(fact);
	if (!definition) throw new Error(fact);
	return parseText(typed, definition, context.checkHours);
};

describe('a typed text', () => {
	it.each([
		['phone', '02 40 41 90 00'],
		['phone', '+33 2 40 41 90 00'],
		['phone', '3919'],
		['phone', '15'],
		['email', 'mairie@nantes.fr'],
		['website', 'https://metropole.nantes.fr/lieux?id=3#haut'],
		['postcode', '44000'],
		['starts_on', '2026-02-28'],
		['opening_hours', 'Mo-Fr 09:00-12:00']
	])('as %s, %s is kept as it is', (fact, typed) => {
		expect(text(fact, typed)).toEqual({ ok: true, value: typed });
	});

	it.each([
		['phone', 'appelez-moi', 'bad_phone'],
		['phone', '02 40', 'bad_phone'],
		['email', 'mairie', 'bad_email'],
		['website', 'javascript:alert(1)', 'bad_link'],
		['website', 'ftp://exemple.fr', 'bad_link'],
		['website', 'pas un site', 'bad_link'],
		['starts_on', '2026-02-29', 'bad_date'],
		['opening_hours', 'lundi !', 'bad_hours'],
		['cost', 'cheap', 'not_a_choice'],
		['part_of', 'la médiathèque', 'bad_place'],
		['name', 'x'.repeat(161), 'too_long']
	])('as %s, %s is refused', (fact, typed, error) => {
		expect(text(fact, typed)).toEqual({ ok: false, error });
	});

	it('gets the beginning that people leave out of a web address', () => {
		expect(text('website', 'nantes.fr')).toEqual({ ok: true, value: 'https://nantes.fr' });
		expect(text('website', 'nantes.fr:8080/carte')).toEqual({ ok: true, value: 'https://nantes.fr:8080/carte' });
	});

	it('finds the place in the address of its page', () => {
		const id = '7b1f1f5e-5c7c-4b55-9d0e-0a6f5b3f7a11';
		expect(text('part_of', `https://carte.example/places/${id}/bibliobus`)).toEqual({ ok: true, value: id });
	});
});

describe('a typed position', () => {
	const nantes = { lon: -1.5536, lat: 47.2184 };
	it.each([
		['47.2184', '-1.5536'],
		['47,2184', '-1,5536'],
		['47.2184, -1.5536', ''],
		['', '47.2184 -1.5536'],
		['47,2184 ; -1,5536', ''],
		['(47.2184,-1.5536)', ''],
		[' 47.2184 ', '-1.5536']
	])('of « %s » and « %s » is Nantes', (lat, lon) => {
		expect(parsePosition(lat, lon)).toEqual({ ok: true, value: nantes });
	});

	it.each([
		['47.2184', ''],
		['91', '0'],
		['quai', 'Nantes'],
		['47.2184', '181']
	])('of « %s » and « %s » is refused', (lat, lon) => {
		expect(parsePosition(lat, lon)).toEqual({ ok: false, error: 'bad_position' });
	});

	it('may be left empty', () => {
		expect(parsePosition(' ', '')).toEqual({ ok: true, value: null });
	});
});

describe('a closure', () => {
	it('of one day needs no end', () => {
		expect(parseClosure('2026-12-25', '', ' Noël ')).toEqual({
			ok: true,
			value: { from: '2026-12-25', to: '2026-12-25', reason: 'Noël' }
		});
	});
	it('ends after it begins', () => {
		expect(parseClosure('2026-12-25', '2026-12-24', '')).toEqual({ ok: false, error: 'dates_reversed' });
	});
	it('without a day is refused, and an empty row is nothing', () => {
		expect(parseClosure('', '', 'Noël')).toEqual({ ok: false, error: 'bad_date' });
		expect(parseClosure('', '', '')).toEqual({ ok: true, value: null });
	});
});

describe('an extra fact', () => {
	const { capacity, manager, meals } = category.extraFacts;
	it('obeys the schema of its category', () => {
		expect(parseExtra(['24'], capacity!)).toEqual({ ok: true, value: 24 });
		expect(parseExtra(['2,5'], capacity!)).toEqual({ ok: false, error: 'bad_number' });
		expect(parseExtra(['0'], capacity!)).toEqual({ ok: false, error: 'too_small' });
		expect(parseExtra(['501'], capacity!)).toEqual({ ok: false, error: 'too_big' });
		expect(parseExtra(['autre'], manager!)).toEqual({ ok: false, error: 'not_a_choice' });
		expect(parseExtra(['false'], meals!)).toEqual({ ok: true, value: false });
		expect(parseExtra([''], meals!)).toEqual({ ok: true, value: null });
	});
});

describe('a whole form', () => {
	const offer = '7b1f1f5e-5c7c-4b55-9d0e-0a6f5b3f7a11';
	const spare = '0d9b8c06-6b71-4f5c-8a0a-2f4f6f0f8c22';

	it('names every field that is wrong and keeps what is right', () => {
		const { facts, errors } = read({
			asked: ['name,position,phone,closures,extra.capacity,summary'],
			name: [''],
			summary: ['Un jardin'],
			phone: ['zéro'],
			lat: ['ici'],
			'closures.0.from': ['2026-12-25'],
			'closures.1.from': ['demain'],
			'extra.capacity': ['beaucoup']
		});
		expect(errors.map(({ field, error }) => `${field} ${error}`)).toEqual([
			'name required',
			'lat bad_position',
			'phone bad_phone',
			'closures.1.from bad_date',
			'extra.capacity bad_number'
		]);
		expect(facts).toEqual({ summary: 'Un jardin' });
	});

	it('reads an unticked box as ticked off only when it was asked', () => {
		expect(read({ asked: ['audience'] }).facts).toEqual({ audience: [] });
		expect(read({ asked: ['name'], name: ['A'] }).facts).toEqual({ name: 'A' });
	});

	it('takes no new offer when its fields were left empty', () => {
		expect(read({ new_offer: [spare], [`offer:${spare}.name`]: [''], [`offer:${spare}.cost`]: [''] })).toEqual({
			facts: {},
			errors: []
		});
	});

	it('takes a new offer as a whole, which needs a name', () => {
		const values = { new_offer: [spare], [`offer:${spare}.name`]: ['Écrivain public'], [`offer:${spare}.cost`]: ['free'] };
		expect(read(values).facts).toEqual({ [`offer:${spare}`]: { name: 'Écrivain public', cost: 'free' } });
		expect(read({ ...values, [`offer:${spare}.name`]: [''] }).errors).toMatchObject([
			{ field: `offer:${spare}.name`, error: 'required' }
		]);
	});

	it('ends an offer whatever else was typed about it', () => {
		const values = { [`offer:${offer}.name`]: [''], [`offer:${offer}.end`]: ['yes'] };
		expect(read(values)).toEqual({ facts: { [`offer:${offer}`]: null }, errors: [] });
	});

	it('comes back as it was shown when nothing is touched', () => {
		const shown = {
			name: 'Crèche',
			position: { lon: -1.5536001, lat: 47.2184 },
			audience: ['children'],
			closures: [{ from: '2026-12-24', to: '2026-12-31', reason: null }],
			fact_openness: { phone: 'shared' },
			'extra.capacity': 24,
			'extra.meals': false,
			[`offer:${offer}`]: { name: 'PMI', audience: [], cost: null },
			[`offer:${offer}.name`]: 'PMI',
			[`offer:${offer}.audience`]: []
		};
		const data = new FormData();
		data.append('asked', 'name,position,audience,closures,fact_openness,extra.capacity,extra.meals');
		for (const [field, texts] of Object.entries(formValues(shown))) for (const typed of texts) data.append(field, typed);
		const { facts, errors } = read(readForm(data));
		expect(errors).toEqual([]);
		expect(operationsBetween(shown, facts)).toEqual([]);
	});

	it('refuses an end before the beginning', () => {
		const { errors } = read({ asked: ['starts_on,ends_on'], starts_on: ['2026-06-01'], ends_on: ['2026-05-01'] });
		expect(errors).toMatchObject([{ field: 'ends_on', error: 'dates_reversed' }]);
	});
});
