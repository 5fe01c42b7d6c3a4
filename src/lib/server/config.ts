import { resolve } from 'node:path';
import { z } from 'zod';

/** The environment, judged. Paths are absolute, addresses without a slash at their end; null = not given. */
export interface Config {
	port: number;
	host: string;
	/** The public origin, as a browser writes it. */
	origin: string;
	/** How many proxies before us write X-Forwarded-For. */
	trustProxy: number;
	dataDir: string;
	/** A PostgreSQL server for the local Supabase; null = embedded. */
	databaseUrl: string | null;
	/** A Supabase elsewhere; null = the local one. */
	supabase: { url: string; publishableKey: string; secretKey: string } | null;
	/** null = mails are kept in `dataDir/outbox`. */
	smtpUrl: string | null;
	mailFrom: string;
	/** 'builtin' = the style drawn from our own areas, nothing else. */
	basemapStyleUrl: string;
	basemapPmtiles: string | null;
	/** Null asks nobody. */
	geocoderUrl: string | null;
	/** Whether months are kept as they end (`opendata/archives`). */
	archives: boolean;
	demo: boolean;
	demoPassword: string | null;
	logLevel: LogLevel;
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** IGN Plan, in vector tiles, without a key. */
const IGN_PLAN = 'https://data.geopf.fr/annexes/ressources/vectorTiles/styles/PLAN.IGN/standard.json';
/** The geocoder of the Géoplateforme, which took over the Base Adresse Nationale's. */
const GEOPLATEFORME = 'https://data.geopf.fr/geocodage';

const bare = (address: string) => address.replace(/\/+$/, '');
const webAddress = (fix: string) => z.url({ protocol: /^https?$/, error: fix }).transform(bare);
const whole = (fix: string, max: number) =>
	z
		.string()
		.regex(/^\d{1,5}$/, fix)
		.transform(Number)
		.refine((value) => value <= max, fix);

const PORT = whole('must be a whole number from 0 to 65535, for example 3000', 65_535);
const MAILBOX = /^(?:[^<>@\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/;

const variables = z.object({
	PORT: PORT.default(3000),
	HOST: z
		.string()
		.regex(/^[\w.:-]+$/, 'must be an address to listen on, for example 127.0.0.1 or 0.0.0.0')
		.default('127.0.0.1'),
	ORIGIN: webAddress('must be the public address of the site, for example https://carte.example.org')
		.refine(
			(address) => URL.canParse(address) && new URL(address).origin === address,
			'must be an origin without a path, for example https://carte.example.org'
		)
		.optional(),
	TRUST_PROXY: whole('must be the number of proxies before the application, for example 1', 10).default(0),
	DATA_DIR: z.string().default('./data'),
	DATABASE_URL: z
		.url({
			protocol: /^postgres(ql)?$/,
			error: 'must be a PostgreSQL address, for example postgres://user:password@host:5432/alentour'
		})
		.optional(),
	SUPABASE_URL: webAddress('must be the address of a Supabase project, for example https://xyz.supabase.co').optional(),
	SUPABASE_PUBLISHABLE_KEY: z.string().min(20, 'must be the publishable (anon) key of the project, copied whole').optional(),
	SUPABASE_SECRET_KEY: z.string().min(20, 'must be the secret (service_role) key of the project, copied whole').optional(),
	SMTP_URL: z
		.url({
			protocol: /^smtps?$/,
			error: 'must be the address of a mail server, for example smtps://user:password@mail.example.org'
		})
		.optional(),
	MAIL_FROM: z.string().regex(MAILBOX, 'must be a sender, for example Alentour <carte@example.org>').optional(),
	BASEMAP_STYLE_URL: z
		.string()
		.refine(
			(value) => value === 'builtin' || (/^https?:/.test(value) && URL.canParse(value)),
			'must be builtin or the address of a MapLibre style'
		)
		.default(IGN_PLAN),
	BASEMAP_PMTILES: z
		.string()
		.regex(/\.pmtiles$/i, 'must be the path of a .pmtiles file')
		.optional(),
	GEOCODER_URL: z
		.string()
		.refine(
			(value) => value === 'off' || (/^https?:/.test(value) && URL.canParse(value)),
			'must be off, or the address of a geocoder, for example https://data.geopf.fr/geocodage'
		)
		.transform(bare)
		.default(GEOPLATEFORME),
	ARCHIVES: z.enum(['on', 'off'], 'must be on or off').default('on'),
	DEMO: z.enum(['on', 'off'], 'must be on or off').default('on'),
	DEMO_PASSWORD: z.string().min(6, 'must have 6 characters or more').max(72, 'must have 72 characters or fewer').optional(),
	LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info')
});

type Variables = z.infer<typeof variables>;

/** The names of all variables, for `.env.example` and its test. */
export const VARIABLES = Object.keys(variables.shape);

/**
 * Judges the environment. Empty values count as not given.
 * @returns the configuration, or one sentence per wrong variable: its name and the fix
 */
export function parseConfig(env: Record<string, string | undefined>): { config: Config } | { errors: string[] } {
	const given = Object.fromEntries(VARIABLES.map((name) => [name, env[name]?.trim() || undefined]));
	const parsed = variables.safeParse(given);
	if (!parsed.success) {
		const first = new Map<string, string>();
		for (const { path, message } of parsed.error.issues) {
			const name = String(path[0]);
			if (!first.has(name)) first.set(name, `${name} ${message}.`);
		}
		return { errors: [...first.values()] };
	}
	const errors = contradictions(parsed.data);
	return errors.length > 0 ? { errors } : { config: toConfig(parsed.data) };
}

function contradictions(given: Variables): string[] {
	const errors: string[] = [];
	const keys = ['SUPABASE_PUBLISHABLE_KEY', 'SUPABASE_SECRET_KEY'] as const;
	for (const key of keys) {
		if (given.SUPABASE_URL && !given[key])
			errors.push(`${key} must be given with SUPABASE_URL: copy it from the project's settings.`);
		if (!given.SUPABASE_URL && given[key]) errors.push(`SUPABASE_URL must be given with ${key}, or ${key} removed.`);
	}
	if (given.SUPABASE_URL && given.DATABASE_URL)
		errors.push('DATABASE_URL must be removed when SUPABASE_URL is given: only one of them says where the data lives.');
	if (given.SMTP_URL && !given.MAIL_FROM)
		errors.push('MAIL_FROM must be given with SMTP_URL: the sender of the mails, for example Alentour <carte@example.org>.');
	return errors;
}

function toConfig(given: Variables): Config {
	const { SUPABASE_URL: url, SUPABASE_PUBLISHABLE_KEY: publishableKey, SUPABASE_SECRET_KEY: secretKey } = given;
	const origin = given.ORIGIN ?? `http://localhost:${given.PORT}`;
	return {
		port: given.PORT,
		host: given.HOST,
		origin,
		trustProxy: given.TRUST_PROXY,
		dataDir: resolve(given.DATA_DIR),
		databaseUrl: given.DATABASE_URL ?? null,
		supabase: url && publishableKey && secretKey ? { url, publishableKey, secretKey } : null,
		smtpUrl: given.SMTP_URL ?? null,
		mailFrom: given.MAIL_FROM ?? `Alentour <no-reply@${new URL(origin).hostname}>`,
		// A town with an archive of its own asks nobody else.
		basemapStyleUrl: given.BASEMAP_PMTILES ? 'builtin' : given.BASEMAP_STYLE_URL,
		basemapPmtiles: given.BASEMAP_PMTILES ? resolve(given.BASEMAP_PMTILES) : null,
		geocoderUrl: given.GEOCODER_URL === 'off' ? null : given.GEOCODER_URL,
		archives: given.ARCHIVES === 'on',
		demo: given.DEMO === 'on',
		demoPassword: given.DEMO_PASSWORD ?? null,
		logLevel: given.LOG_LEVEL
	};
}
