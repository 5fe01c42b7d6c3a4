import { describe, expect, it, vi } from 'vitest';
import { Failure } from '../../src/lib/server/errors.ts';
import { repeat } from '../../src/lib/server/jobs/repeat.ts';
import { createLog } from '../../src/lib/server/log.ts';

const listen = () => {
	const lines: string[] = [];
	return { lines, log: createLog('test', 'debug', { write: (line) => void lines.push(line) }) };
};

describe('work that repeats', () => {
	it('goes on without a pause while there is some, and stops when told, after what is under way', async () => {
		const { log } = listen();
		let left = 5;
		const held = Promise.withResolvers<void>();
		const looks = repeat(
			async () => {
				if (left-- > 1) return true;
				await held.promise;
				return false;
			},
			{ pauseMs: 60_000, log, name: 'trial' }
		);
		await vi.waitFor(() => expect(left).toBe(0));
		const stopped = looks.stop(5000).then(() => 'stopped');
		expect(await Promise.race([stopped, new Promise((later) => setTimeout(later, 50, 'waits'))])).toBe('waits');
		held.resolve();
		expect(await stopped).toBe('stopped');
		expect(left).toBe(0);
	});

	it('says nothing while the database is away, and a fault once', async () => {
		const { lines, log } = listen();
		const failures = [new Failure('database_away'), new Failure('database_away'), new Error('boum'), new Error('boum')];
		let calls = 0;
		const looks = repeat(
			() => {
				calls++;
				const failure = failures.shift();
				return failure ? Promise.reject(failure) : Promise.resolve(false);
			},
			{ pauseMs: 1, log, name: 'trial' }
		);
		await vi.waitFor(() => expect(calls).toBeGreaterThan(5));
		await looks.stop(1000);
		expect(lines.filter((line) => line.includes('boum'))).toHaveLength(1);
		expect(lines).toHaveLength(1);
	});
});
