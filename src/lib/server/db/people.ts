import { z } from 'zod';
import type { Viewer } from '../../domain/roles.ts';
import { run } from './call.ts';
import type { Client } from './call.ts';

const viewer = z
	.object({
		contributor_id: z.uuid(),
		name: z.string().nullable(),
		email: z.string(),
		roles: z.array(
			z.object({
				role: z.enum(['agent', 'moderator', 'coordinator', 'publisher']),
				areas: z.array(z.string()).nullable(),
				themes: z.array(z.string()).nullable()
			})
		),
		organisations: z.array(z.object({ slug: z.string(), name: z.string(), role: z.enum(['member', 'manager']) }))
	})
	.nullable();

/** Who asks, as the database knows her; null for a visitor and for a session that was signed out elsewhere. */
export async function whoami(client: Client): Promise<Viewer | null> {
	const answer = viewer.parse(await run(client.rpc('whoami')));
	if (!answer) return null;
	const { contributor_id: contributorId, name, email, roles: grants, organisations } = answer;
	return { contributorId, name, email, grants, organisations };
}
