import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/lib/server/log.ts';
import { refuseOlderSchema } from '../../src/lib/server/schema.ts';

const needed = '20261121001700';

/** What was said when the database answered these in turn; an Error stands for one that is away. */
async function judged(...answers: (string | null | Error)[]) {
	const said: string[] = [];
	let pauses = 0;
	await refuseOlderSchema({
		needed,
		read: async () => {
			const answer = answers.shift()!;
			if (answer instanceof Error) throw answer;
			return answer;
		},
		pause: async () => void pauses++,
		refuse: (sentence) => said.push(sentence),
		log: createLog('test', 'silent')
	});
	return { said, pauses };
}

describe('the schema of a remote project', () => {
	it('is refused when it is older, naming both and the mend', async () => {
		const { said } = await judged('20261001000000');
		expect(said).toEqual([expect.stringContaining('20261001000000')]);
		expect(said[0]).toContain(needed);
		expect(said[0]).toContain('supabase db push');
	});

	it.each([[needed], ['20270101000000'], [null]])('is fine when it is %s', async (present) => {
		expect((await judged(present)).said).toEqual([]);
	});

	it('is asked again while the database is away, and judged when it returns', async () => {
		const away = new Error('away');
		expect(await judged(away, away, '20261001000000')).toMatchObject({ pauses: 2, said: [expect.any(String)] });
	});
});
