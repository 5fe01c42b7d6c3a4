import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';

/** The environment, parsed once. Paths are absolute, URLs have no trailing slash, what is not given is null. */
export interface Config {
	port: number;
	host: string;
	/** What visitors type: scheme, host, port. */
	origin: string;
	/** How many proxies in front of us may be believed about the visitor's address. */
	trustProxy: number;
	dataDir: string;
	/** Who answers as Supabase: a project given by its address, else the local one over PGlite or over `databaseUrl`. */
	supabase: { url: string; publishableKey: string; secretKey: string } | null;
	databaseUrl: string | null;
	mail: { smtpUrl: string | null; from: string };
	/** `styleUrl` null = the built-in style only. */
	basemap: { styleUrl: string | null; pmtiles: string | null };
	geocoderUrl: string | null;
	demo: { on: boolean; password: string | null };
	logLevel: LogLevel;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const ignPlan = 'https://data.geopf.fr/annexes/ressources/vectorTiles/styles/PLAN.IGN/standard.json';

const webAddress = (message: string) =>
	z.url({ protocol: /^https?$/, error: message }).transform((url) => url.replace(/\/+$/, ''));
const whole = (max: number, message: string) =>
	z
		.string()
		.regex(/^\d{1,5}$/, message)
		.transform(Number)
		.refine((n) => n <= max, message);

const environment = z.object({
	PORT: whole(65_535, 'must be a whole number from 0 to 65535, such as 3000.').default(3000),
	HOST: z
		.string()
		.regex(/^[\w.:-]+$/, 'must be an address to listen on, such as 127.0.0.1 or 0.0.0.0.')
		.default('127.0.0.1'),
	ORIGIN: webAddress('must be the address that visitors type, such as https://carte.example.fr.')
		.refine((url) => new URL(url).origin === url, 'must be a scheme and a host only, such as https://carte.example.fr.')
		.optional(),
	TRUST_PROXY: whole(10, 'must be the number of proxies in front of the application, from 0 to 10.').default(0),
	DATA_DIR: z.string().default('./data'),
	DATABASE_URL: z
		.string()
		.regex(/^postgres(ql)?:\/\/\S+$/, 'must look like postgres://user:password@host:5432/database.')
		.optional(),
	SUPABASE_URL: webAddress('must be the address of a Supabase project, such as https://abc.supabase.co.').optional(),
	SUPABASE_PUBLISHABLE_KEY: z.string().optional(),
	SUPABASE_SECRET_KEY: z.string().optional(),
	SMTP_URL: z
		.string()
		.regex(/^smtps?:\/\/\S+$/, 'must look like smtps://user:password@mail.example.fr:465.')
		.optional(),
	MAIL_FROM: z
		.string()
		.regex(
			/^([^<>]*<[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+)$/,
			'must be an e-mail address, such as Alentour <carte@example.fr>.'
		)
		.default('Alentour <alentour@localhost>'),
	BASEMAP_STYLE_URL: z
		.union([z.literal('builtin'), z.url({ protocol: /^https?$/ })], {
			error: 'must be the https address of a MapLibre style, or builtin for our own.'
		})
		.default(ignPlan),
	BASEMAP_PMTILES: z
		.string()
		.refine((path) => existsSync(path), 'must be a PMTiles file that exists: check its path.')
		.transform((path) => resolve(path))
		.optional(),
	GEOCODER_URL: webAddress('must be the http address of a geocoder, such as https://data.geopf.fr/geocodage.').optional(),
	DEMO_PASSWORD: z.string().min(10, 'must have at least 10 characters.').optional(),
	DEMO: z.enum(['on', 'off'], { error: 'must be on or off.' }).default('on'),
	LOG_LEVEL: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}.` }).default('info')
});

type Environment = z.output<typeof environment>;

/** Wishes that exclude or need one another, one sentence each. */
function contradictions(env: Environment): string[] {
	const sentences: string[] = [];
	if (env.SUPABASE_URL && env.DATABASE_URL) {
		sentences.push('DATABASE_URL must be left out when SUPABASE_URL is given: the project brings its own database.');
	}
	for (const key of ['SUPABASE_PUBLISHABLE_KEY', 'SUPABASE_SECRET_KEY'] as const) {
		if (env.SUPABASE_URL && !env[key])
			sentences.push(`${key} must be given with SUPABASE_URL: copy it from the project's API keys.`);
		if (!env.SUPABASE_URL && env[key]) sentences.push(`${key} must be left out, or SUPABASE_URL be given with it.`);
	}
	return sentences;
}

function shape(env: Environment): Config {
	return {
		port: env.PORT,
		host: env.HOST,
		origin: env.ORIGIN ?? `http://localhost:${env.PORT}`,
		trustProxy: env.TRUST_PROXY,
		dataDir: resolve(env.DATA_DIR),
		supabase: env.SUPABASE_URL
			? { url: env.SUPABASE_URL, publishableKey: env.SUPABASE_PUBLISHABLE_KEY ?? '', secretKey: env.SUPABASE_SECRET_KEY ?? '' }
			: null,
		databaseUrl: env.DATABASE_URL ?? null,
		mail: { smtpUrl: env.SMTP_URL ?? null, from: env.MAIL_FROM },
		basemap: {
			styleUrl: env.BASEMAP_STYLE_URL === 'builtin' ? null : env.BASEMAP_STYLE_URL,
			pmtiles: env.BASEMAP_PMTILES ?? null
		},
		geocoderUrl: env.GEOCODER_URL ?? null,
		demo: { on: env.DEMO === 'on', password: env.DEMO_PASSWORD ?? null },
		logLevel: env.LOG_LEVEL
	};
}

/** A wrong environment: one sentence per variable, none of which repeats a secret. */
export class ConfigError extends Error {
	readonly sentences: readonly string[];
	constructor(sentences: readonly string[]) {
		super(sentences.join('\n'));
		this.name = 'ConfigError';
		this.sentences = sentences;
	}
}

/** @throws {ConfigError} */
export function parseConfig(variables: Record<string, string | undefined>): Config {
	// An empty variable, as in `PORT= npm start` or an untouched line of .env, is one that was not given.
	const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
	const result = environment.safeParse(given);
	if (!result.success) {
		const first = new Map(result.error.issues.map((issue) => [String(issue.path[0]), issue.message] as const).reverse());
		throw new ConfigError([...first].reverse().map(([name, message]) => `${name} ${message}`));
	}
	const sentences = contradictions(result.data);
	if (sentences.length > 0) throw new ConfigError(sentences);
	return shape(result.data);
}

let parsed: Config | undefined;

/** The configuration of this process. @throws {ConfigError} at the first call only, which is at start */
export function config(): Config {
	return (parsed ??= parseConfig(process.env));
}
