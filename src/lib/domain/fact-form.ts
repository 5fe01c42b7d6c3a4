import { first, offersOf } from './form-values.ts';
import type { FieldError, FormValues } from './form-values.ts';
import { definitionOf, extraDefinition, offerFacts, offerPath } from './facts.ts';
import type { FactDefinition } from './facts.ts';
import { parseClosure, parseExtra, parsePosition, parseText } from './fact-parse.ts';
import type { FieldErrorCode, Parsed } from './fact-parse.ts';
import { opennessLevels } from './openness.ts';
import type { Closure, LonLat, Place } from './place.ts';
import type { FactValues } from './proposal.ts';
import type { Category } from './taxonomy.ts';

export interface FormContext {
	/** Which category's extra facts are read. */
	category: Category | undefined;
	checkHours: (hours: string) => boolean;
}

/** Text fields of a posted form; files are left out. */
export function readForm(data: FormData): FormValues {
	const values: FormValues = {};
	for (const [name, value] of data) if (typeof value === 'string') (values[name] ??= []).push(value);
	return values;
}

/** The facts of a place by path, as a form shows them: these become `old`, untouched. */
export function shownFacts(place: Place): FactValues {
	const shown: FactValues = { ...place.facts };
	Object.assign(shown, {
		kind: place.kind,
		category: place.category,
		position: place.position,
		steward: place.steward,
		openness: place.openness,
		fact_openness: place.factOpenness,
		photos: place.facts.photos.map(({ id }) => id)
	});
	for (const [key, value] of Object.entries(place.extra)) shown[`extra.${key}`] = value;
	for (const offer of place.offers) {
		const { id, assurances: _assurances, ...facts } = offer;
		shown[`offer:${id}`] = facts;
		for (const { fact } of offerFacts) shown[`offer:${id}.${fact}`] = facts[fact as keyof typeof facts] ?? null;
	}
	return shown;
}

/** The fields of a form that shows these facts. */
export function formValues(shown: FactValues): FormValues {
	const values: FormValues = {};
	for (const [fact, value] of Object.entries(shown)) {
		if (fact.startsWith('offer:') && !fact.includes('.')) continue;
		Object.assign(values, fieldsOf(fact, value));
	}
	return values;
}

function fieldsOf(fact: string, value: unknown): FormValues {
	if (value === null || value === undefined) return {};
	if (fact === 'position') {
		const { lon, lat } = value as LonLat;
		return { lat: [String(lat)], lon: [String(lon)] };
	}
	if (fact === 'closures' || fact.endsWith('.closures')) {
		const rows = (value as Closure[]).map(({ from, to, reason }, row): FormValues => {
			const field = `${fact}.${row}`;
			return { [`${field}.from`]: [from], [`${field}.to`]: [to], [`${field}.reason`]: [reason ?? ''] };
		});
		return Object.assign({}, ...rows) as FormValues;
	}
	if (fact === 'fact_openness') {
		return Object.fromEntries(Object.entries(value as object).map(([name, level]) => [`openness_of.${name}`, [String(level)]]));
	}
	return { [fact]: Array.isArray(value) ? value.map(String) : [String(value)] };
}

/**
 * Reads what was typed for the facts that were asked (`asked` fields: an unticked box sends nothing, so the form says what it asked).
 * Every wrong field is named; facts that are right come out all the same.
 */
export function parseForm(values: FormValues, context: FormContext): { facts: FactValues; errors: FieldError[] } {
	const facts: FactValues = {};
	const errors: FieldError[] = [];
	const asked = new Set((values['asked'] ?? []).flatMap((names) => names.split(',')));
	for (const fact of asked) {
		const definition = definitionFor(fact, context.category);
		if (definition && !fact.startsWith('offer:')) readFact(values, definition, fact, context, facts, errors);
	}
	for (const id of offersOf(values)) readOffer(values, id, context, facts, errors);
	const { starts_on: starts, ends_on: ends } = facts;
	if (typeof starts === 'string' && typeof ends === 'string' && ends < starts) {
		errors.push({ field: 'ends_on', fact: 'ends_on', error: 'dates_reversed' });
	}
	return { facts, errors };
}

/** Reads what was typed for one fact, of the place or of one of its offers; what is wrong instead. */
export function parseFact(values: FormValues, fact: string, context: FormContext): { value: unknown } | { errors: FieldError[] } {
	const facts: FactValues = {};
	const errors: FieldError[] = [];
	const definition = definitionFor(fact, context.category);
	if (definition) readFact(values, definition, fact, context, facts, errors);
	return errors.length > 0 ? { errors } : { value: facts[fact] ?? null };
}

function definitionFor(fact: string, category: Category | undefined): FactDefinition | undefined {
	if (!fact.startsWith('extra.')) return definitionOf(fact);
	const key = fact.slice('extra.'.length);
	const extra = category?.extraFacts[key];
	return extra && extraDefinition(key, extra);
}

function readFact(
	values: FormValues,
	definition: FactDefinition,
	path: string,
	context: FormContext,
	facts: FactValues,
	errors: FieldError[]
): void {
	const parsed = parseFields(values, definition, path, context);
	const field = fieldOf(definition, path);
	if ('row' in parsed) {
		errors.push({ field: `${path}.${parsed.row}.from`, fact: path, error: parsed.error });
	} else if (!parsed.ok) {
		errors.push({ field, fact: path, error: parsed.error, ...boundsOf(definition, context, path) });
	} else if (parsed.value === null && definition.required) {
		errors.push({ field, fact: path, error: 'required' });
	} else {
		facts[path] = parsed.value;
	}
}

const fieldOf = ({ type }: FactDefinition, path: string): string => (type === 'position' ? 'lat' : path);

function boundsOf(definition: FactDefinition, { category }: FormContext, path: string): Pick<FieldError, 'min' | 'max'> {
	const extra = category?.extraFacts[path.slice('extra.'.length)];
	const max = definition.maxLength ?? extra?.maximum;
	return { ...(max === undefined ? {} : { max }), ...(extra?.minimum === undefined ? {} : { min: extra.minimum }) };
}

type BadRow = { ok: false; row: number; error: FieldErrorCode };

function parseFields(values: FormValues, definition: FactDefinition, path: string, context: FormContext): Parsed | BadRow {
	if (path.startsWith('extra.')) {
		const extra = context.category?.extraFacts[path.slice('extra.'.length)];
		return extra ? parseExtra(values[path] ?? [], extra) : { ok: true, value: null };
	}
	switch (definition.type) {
		case 'position':
			return parsePosition(first(values, 'lat'), first(values, 'lon'));
		case 'closures':
			return parseClosures(values, path);
		case 'choices':
			return { ok: true, value: (values[path] ?? []).filter(Boolean) };
		case 'openness_by_fact':
			return { ok: true, value: parseNarrowed(values) };
		default:
			return parseText(first(values, path), definition, context.checkHours);
	}
}

function parseClosures(values: FormValues, path: string): Parsed | BadRow {
	const closures: Closure[] = [];
	const rows = Object.keys(values).flatMap((field) => {
		return (field.startsWith(`${path}.`) && /^(\d{1,3})\.from$/.exec(field.slice(path.length + 1))?.[1]) || [];
	});
	for (const row of rows.map(Number).sort((a, b) => a - b)) {
		const field = (name: string) => first(values, `${path}.${row}.${name}`);
		const parsed = parseClosure(field('from'), field('to'), field('reason'));
		if (!parsed.ok) return { ok: false, row, error: parsed.error };
		if (parsed.value) closures.push(parsed.value);
	}
	return { ok: true, value: closures };
}

function parseNarrowed(values: FormValues): Record<string, string> {
	return Object.fromEntries(
		Object.keys(values).flatMap((field): [string, string][] => {
			const fact = /^openness_of\.(.+)$/.exec(field)?.[1];
			const level = first(values, field);
			return fact && opennessLevels.some((known) => known === level) ? [[fact, level]] : [];
		})
	);
}

/** An existing offer is changed fact by fact or ended; the new one is a whole, and nothing when it was left empty. */
function readOffer(values: FormValues, id: string, context: FormContext, facts: FactValues, errors: FieldError[]): void {
	if (first(values, `offer:${id}.end`)) {
		facts[`offer:${id}`] = null;
		return;
	}
	const isNew = first(values, 'new_offer') === id;
	const typed: FactValues = {};
	const faults: FieldError[] = [];
	for (const definition of offerFacts) readFact(values, definition, `offer:${id}.${definition.fact}`, context, typed, faults);
	if (!isNew) {
		Object.assign(facts, typed);
		errors.push(...faults);
		return;
	}
	const filled = Object.entries(typed).flatMap(([path, value]): [string, unknown][] => {
		const empty = value === null || (Array.isArray(value) && value.length === 0);
		return empty ? [] : [[offerPath(path)?.inner ?? path, value]];
	});
	if (filled.length === 0 && faults.every(({ error }) => error === 'required')) return;
	facts[`offer:${id}`] = Object.fromEntries(filled);
	errors.push(...faults);
}
