import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App, setExperimental } from '@supabase/lite';
import type { IAppConfig } from '@supabase/lite';
import { parse } from 'smol-toml';
import type { Database } from './database.ts';
import type { Keys } from './keys.ts';
import type { Mailer } from './mail.ts';
import type { LocalOptions } from './options.ts';
import { FolderStorage } from './storage.ts';

/** `@supabase/lite` over our database, with the settings of `supabase/config.toml`. */
export function createApp(database: Database, keys: Keys, mailer: Mailer, options: LocalOptions): App {
	const settings = parse(readFileSync(join(options.project, 'config.toml'), 'utf8')) as Pick<
		IAppConfig,
		'api' | 'auth' | 'storage'
	>;
	const template = settings.auth?.email?.template ?? {};
	for (const mail of Object.values(template))
		// The Supabase CLI reads these paths from the root of the repository.
		if (mail?.content_path) mail.content_path = resolve(options.project, '..', mail.content_path);
	setExperimental('storage', true);
	const app = new App({
		connection: database.connection,
		api: settings.api,
		auth: {
			...settings.auth,
			jwt_secret: keys.jwt,
			publishable_key: keys.publishable,
			secret_key: keys.secret,
			site_url: options.siteUrl
		},
		storage: settings.storage,
		options: { server: { admin: false }, drivers: { email: mailer } }
	} as IAppConfig) as unknown as App;
	app._storageAdapter = new FolderStorage(join(options.dataDir, 'photos'));
	return app;
}
