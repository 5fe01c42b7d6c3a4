import { z } from 'zod';
import { families, notice } from '../../domain/notification.ts';
import type { Notice } from '../../domain/notification.ts';
import { limits, rows, run, write } from './call.ts';
import type { Client } from './call.ts';

/** What the caller was told, newest first. */
export async function notices(client: Client, limit = 20): Promise<Notice[]> {
	return rows(client.from('my_notifications').select('*').order('at', { ascending: false }).limit(limit), notice);
}

const settings = z.object({ locale: z.enum(['fr', 'en']), muted: z.array(z.enum(families)) });
export type NotificationSettings = z.infer<typeof settings>;

export async function notificationSettings(client: Client): Promise<NotificationSettings> {
	return settings.parse(await run(client.rpc('notification_settings')));
}

export async function saveNotificationSettings(client: Client, wanted: NotificationSettings): Promise<void> {
	await write(client, 'save_notification_settings', { settings: wanted }, z.unknown());
}

/** Everything kept about the caller, as a document. */
export async function myData(client: Client): Promise<Record<string, unknown>> {
	return z.record(z.string(), z.unknown()).parse(await run(client.rpc('my_data'), limits.write));
}

/** Takes the account away; what was contributed stays. @throws Failure `last_coordinator` */
export async function deleteAccount(client: Client): Promise<void> {
	await write(client, 'delete_account', {}, z.unknown());
}
