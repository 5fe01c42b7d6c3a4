import { resolve } from 'node:path';

/** What the process is asked to be; `src/lib/server/config.ts` has judged these values before. */
export interface LocalOptions {
	dataDir: string;
	databaseUrl: string | null;
	/** 0 for any free port */
	port: number;
	/** The public origin of the application, for the links in mails. */
	siteUrl: string;
	smtpUrl: string | null;
	mailFrom: string;
	/** Whether an empty database receives the demo territory. */
	demo: boolean;
	demoPassword: string | null;
	/** Whether seed.ts is asked at all; other projects than ours have nothing to seed. */
	seed: boolean;
	/** A backup to begin with when the data folder has no database. */
	restoreFrom: string | null;
	logLevel: string;
	/** The folder that holds config.toml, migrations and templates. */
	project: string;
}

/** Reads the options of `node supabase/local/main.ts` from its environment. */
export function readOptions(env: NodeJS.ProcessEnv): LocalOptions {
	const text = (name: string) => env[name]?.trim() || null;
	return {
		dataDir: resolve(text('DATA_DIR') ?? './data'),
		databaseUrl: text('DATABASE_URL'),
		port: Number(text('LOCAL_PORT') ?? 0),
		siteUrl: (text('SITE_URL') ?? 'http://localhost:3000').replace(/\/+$/, ''),
		smtpUrl: text('SMTP_URL'),
		mailFrom: text('MAIL_FROM') ?? 'Alentour <no-reply@localhost>',
		demo: text('DEMO') !== 'off',
		demoPassword: text('DEMO_PASSWORD'),
		seed: true,
		restoreFrom: text('RESTORE_FROM'),
		logLevel: text('LOG_LEVEL') ?? 'info',
		project: resolve(import.meta.dirname, '..')
	};
}
