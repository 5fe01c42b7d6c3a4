import { z } from 'zod';
import { audiences, costs, wheelchairs } from '../../domain/facts.ts';
import { parseLocalMinute } from '../../domain/local-time.ts';
import { dayOf } from '../../domain/local-time.ts';
import type { LocalDay, LocalMinute } from '../../domain/local-time.ts';
import { parseBBox } from '../../geo/bbox.ts';
import type { BBox } from '../../geo/bbox.ts';
import type { LonLat, PlaceKind } from '../../domain/place.ts';

/** What a reader may ask of the snapshot. Slugs are those of the taxonomy; an unknown one finds nothing. */
export interface Filters {
	q?: string;
	theme?: string;
	category?: string;
	/** Its descendants are included. */
	area?: string;
	kind?: PlaceKind;
	/** Open for sure at that moment on a clock of the territory. */
	open?: LocalMinute;
	/** `limited` takes in those without any limit. */
	wheelchair?: 'yes' | 'limited';
	cost?: (typeof costs)[number];
	/** Places for everyone are included. */
	audience?: (typeof audiences)[number];
	/** A BCP 47 tag. */
	language?: string;
	/** All that matters was vouched for on that day or later. */
	checked?: LocalDay;
	/** Under which it may be reused: its own licence, else the territory's. */
	licence?: string;
	/** An organisation's slug. */
	steward?: string;
	near?: LonLat;
	bbox?: BBox;
	limit: number;
	offset: number;
}

export const defaultLimit = 50;
export const maxLimit = 500;

/** A value of the query string that means nothing; `name` and `message` are for the answer to a machine. */
export class FilterError extends Error {
	readonly parameter: string;
	constructor(parameter: string, message: string) {
		super(message);
		this.name = 'FilterError';
		this.parameter = parameter;
	}
}

const slug = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,99}$/, 'must be a slug: small letters, digits and hyphens');
const near = z.string().transform((text, context): LonLat => {
	const [lon, lat, ...rest] = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
	const valid = rest.length === 0 && Math.abs(lon ?? NaN) <= 180 && Math.abs(lat ?? NaN) <= 90;
	if (valid && lon !== undefined && lat !== undefined) return { lon, lat };
	context.addIssue({ code: 'custom', message: 'must be longitude,latitude in degrees, such as -1.5536,47.2184' });
	return z.NEVER;
});
const bbox = z.string().transform((text, context): BBox => {
	const box = parseBBox(text);
	if (box) return box;
	context.addIssue({ code: 'custom', message: 'must be west,south,east,north in degrees' });
	return z.NEVER;
});
const oneOf = <T extends string>(options: readonly [T, ...T[]]) => z.enum(options, `must be ${options.join(' or ')}`);
/** Nobody knows the opening hours of the day after that; minutes. */
const farthestMoment = 2 * 366 * 24 * 60;
const moment = (clock: () => LocalMinute) =>
	z.string().transform((text, context): LocalMinute => {
		const now = clock();
		const at = text === 'now' ? now : parseLocalMinute(text);
		if (at !== null && Math.abs(at - now) <= farthestMoment) return at;
		const message = 'must be now, or a moment within two years on a clock of the territory, such as 2026-11-21T09:30';
		context.addIssue({ code: 'custom', message });
		return z.NEVER;
	});
/** At most so many days ago. */
const daysAgo = (clock: () => LocalMinute) => whole(1, 36_500).transform((days): LocalDay => dayOf(clock()) - days);
const whole = (min: number, max: number) =>
	z
		.string()
		.regex(/^\d{1,9}$/, 'must be a whole number')
		.transform(Number)
		.refine((value) => value >= min, `must be at least ${min}`)
		.transform((value) => Math.min(value, max));

const timeless = {
	q: z
		.string()
		.max(200, 'must have 200 characters at most')
		.transform((text) => text.normalize('NFC').trim()),
	theme: slug,
	category: slug,
	area: slug,
	kind: oneOf(['service', 'initiative']),
	wheelchair: oneOf([wheelchairs[0], wheelchairs[1]]),
	cost: oneOf(costs),
	audience: oneOf(audiences),
	language: z.string().regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/, 'must be a language tag such as fr or pt-BR'),
	near,
	bbox,
	limit: whole(1, maxLimit),
	offset: whole(0, 1_000_000)
} as const;

/** Made when somebody asks for them: making a schema takes longer than reading a value with it. */
const timed: Record<'open' | 'checked', (clock: () => LocalMinute) => z.ZodType> = { open: moment, checked: daysAgo };

interface Options {
	/** What a clock of the territory shows: `view.clock`. */
	clock: () => LocalMinute;
	/** A wrong value throws a `FilterError`; without, it is left out. */
	strict?: boolean;
	limit?: number;
}

const names = [...(Object.keys(timeless) as (keyof typeof timeless)[]), 'open', 'checked'] as const;

/**
 * The filters of a query string. An empty value is no filter; a limit above the maximum is the maximum (OGC API – Features does so
 * too). Machines are told of a wrong value (`strict`); pages leave it out.
 */
export function parseFilters(query: URLSearchParams, { clock, strict = false, limit = defaultLimit }: Options): Filters {
	const filters: Record<string, unknown> = { limit, offset: 0 };
	for (const name of names) {
		const text = query.get(name);
		if (text === null || text.trim() === '') continue;
		const schema = name === 'open' || name === 'checked' ? timed[name](clock) : timeless[name];
		const result = schema.safeParse(text);
		if (result.success) {
			if (result.data !== '') filters[name] = result.data;
		} else if (strict) {
			throw new FilterError(name, `${name} ${result.error.issues[0]?.message ?? 'is not valid'}`);
		}
	}
	return filters as unknown as Filters;
}
