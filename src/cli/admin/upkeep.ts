import { Option } from 'commander';
import type { Command } from 'commander';
import { createInvitation, schemaVersion, verifyChain } from '../../lib/server/db/intake.ts';
import { CommandError, withConnection } from './connect.ts';
import type { Connection } from './connect.ts';
import { progress, say } from './report.ts';

export function addMigrate(to: Command): void {
	to.command('migrate')
		.description('Bring the database of this installation to the newest schema, without starting the application')
		.action(() => withConnection(migrate));
}

async function migrate({ kind, service }: Connection): Promise<void> {
	if (kind === 'remote')
		throw new CommandError('A Supabase project is migrated by: npx supabase@3.1.0 db push --db-url <address of its database>', 2);
	const version = await schemaVersion(service);
	if (kind === 'running')
		say('The application is running and migrated the database when it started: restart it after an update.');
	say(`The schema is at ${version ?? 'an unknown version'}.`);
}

export function addVerify(to: Command): void {
	to.command('verify')
		.description('Recompute the chain of every place: exits 1 at the first break')
		.action(() => withConnection(verify));
}

async function verify({ service }: Connection): Promise<void> {
	const bar = progress('Verifying', Infinity);
	let after: string | null = null;
	let checked = 0;
	do {
		const page: Awaited<ReturnType<typeof verifyChain>> = await verifyChain(service, after, 500);
		checked += page.checked;
		const [broken] = page.breaks;
		if (broken)
			throw new CommandError(
				`The chain breaks at version ${broken.version} of place ${broken.place_id} (${checked} places read).`
			);
		bar.advance(page.checked);
		after = page.next;
	} while (after !== null);
	bar.stop();
	say(`${checked} places verified: no break.`);
}

interface InviteOptions {
	role?: string;
	areas?: string[];
	themes?: string[];
	organisation?: string;
	member?: string;
}

const list = (text: string) => text.split(',').map((slug) => slug.trim());

export function addInvite(to: Command): void {
	to.command('invite')
		.description('Print a link that gives a right to the account that opens it: once, within 14 days')
		.addOption(new Option('--role <role>').choices(['agent', 'moderator', 'coordinator']))
		.option('--areas <slugs>', 'only in these areas, separated by commas', list)
		.option('--themes <slugs>', 'only in these themes, separated by commas', list)
		.option('--organisation <slug>', 'make a member of this organisation')
		.addOption(new Option('--member <role>', 'which member').choices(['member', 'manager']).default('member'))
		.action((options: InviteOptions) => withConnection((connection) => invite(connection, options)));
}

async function invite({ service, config }: Connection, options: InviteOptions): Promise<void> {
	if (!options.role && !options.organisation)
		throw new CommandError('Say what the invitation gives: --role, --organisation, or both.');
	const token = await createInvitation(service, {
		role: options.role ?? null,
		areas: options.areas ?? null,
		themes: options.themes ?? null,
		organisation: options.organisation ?? null,
		membership_role: options.organisation ? (options.member ?? 'member') : null
	});
	say(`${config.origin}/invitations/${token}`);
	say('Whoever opens it first, signed in, has the right: send it to one person.');
}

export function addDemo(to: Command): void {
	to.command('demo')
		.description('Fill an empty database with the demonstration territory and print its accounts')
		.action(() => withConnection(demo, { demo: true }));
}

async function demo({ kind, seeded }: Connection): Promise<void> {
	if (kind === 'remote') throw new CommandError('The demonstration is for the local database only: unset SUPABASE_URL.', 2);
	if (seeded === null)
		throw new CommandError(
			'This database is not empty: set DATA_DIR to a new folder, as in DATA_DIR=./demo npm run admin -- demo.',
			2
		);
}
