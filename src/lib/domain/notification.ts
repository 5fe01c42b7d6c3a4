import { z } from 'zod';

/** What one may ask to hear no more about by mail, as a whole; the same list as `private.topic_family` (20261122000100_create_outbox.sql). */
export const families = ['contributions', 'reports', 'organisations', 'work'] as const;
export type Family = (typeof families)[number];

const name = z.string().nullish();
const names = z.array(z.string()).nullish();

/**
 * What a notification says besides its topic. Each topic fills what it has; a field that nobody expected is left out, and a topic
 * that nobody expected is still told, in general words.
 */
export const noticeData = z.object({
	place_name: name,
	place_id: z.uuid().nullish(),
	/** Instead of a place, by its slug; `place_name` is its title then. */
	dataset: name,
	kind: name,
	state: name,
	outcome: name,
	reason_code: name,
	message: name,
	accepted: names,
	refused: names,
	decided_on: name,
	organisation: name,
	/** The receipt's number. */
	number: z.union([z.string(), z.number()]).nullish(),
	/** A code to note down, only ever in a mail. */
	code: name,
	/** A path of ours. */
	link: z
		.string()
		.regex(/^\/(?!\/)/)
		.nullish()
		.catch(null)
});
export type NoticeData = z.infer<typeof noticeData>;

export const notice = z.object({
	id: z.uuid(),
	topic: z.string(),
	subject_id: z.uuid().nullish(),
	/** An instant, ISO 8601. */
	at: z.string(),
	data: noticeData
});
export type Notice = z.infer<typeof notice>;

/** Whether this decision takes something from its author: then its reasons are stated in full (DSA, article 17). */
export const restricts = ({ data }: Notice): boolean => data.state === 'refused' || data.state === 'partly_accepted';
