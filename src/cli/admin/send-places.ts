import type { Client } from '../../lib/server/db/call.ts';
import { importBatch } from '../../lib/server/db/intake.ts';
import type { ImportBatch, RowAnswer } from '../../lib/server/db/intake.ts';
import { Failure } from '../../lib/server/errors.ts';
import type { Candidate } from '../../lib/server/intake/candidates.ts';
import { CommandError } from './connect.ts';
import type { Line } from './report.ts';

export interface Sent {
	answers: RowAnswer[];
	refused: Line[];
	/** Facts left out of rows that were taken. */
	remarks: Line[];
}

export type Sending = Omit<ImportBatch, 'rows'> & { seenOn: string | null };

/** At most 200 go into one request; half of them show some progress. */
const batchRows = 100;
/** A place without these is none. */
const indispensable = new Set(['name', 'position', 'category', 'kind', 'steward']);

/** Sends candidates in batches. A row is not lost for one value that the database doesn't take: it is sent again without it. */
export async function sendPlaces(
	service: Client,
	candidates: Candidate[],
	how: Sending,
	advance: (by: number) => void
): Promise<Sent> {
	const sent: Sent = { answers: [], refused: [], remarks: [] };
	for (let at = 0; at < candidates.length; at += batchRows) {
		const batch = candidates.slice(at, at + batchRows);
		await sendBatch(service, batch, how, sent);
		advance(batch.length);
	}
	return sent;
}

async function sendBatch(service: Client, candidates: Candidate[], { seenOn, ...how }: Sending, sent: Sent): Promise<void> {
	let rows = candidates;
	while (rows.length > 0) {
		const answers = await importBatch(service, { ...how, rows: rows.map((row) => ({ ...row, seenOn })) }).catch(explain);
		const again: Candidate[] = [];
		answers.forEach((answer, i) => {
			const row = rows[i];
			const without = row && withoutFact(row, answer);
			if (!row) return;
			if (without) {
				again.push(without);
				sent.remarks.push({ ...lineOf(row), reason: `left out: ${answer.message ?? answer.fact}` });
				return;
			}
			sent.answers.push(answer);
			if (answer.outcome === 'refused') {
				sent.refused.push({ ...lineOf(row), reason: `${answer.message ?? 'refused'} (${answer.code ?? 'unknown'})` });
			}
		});
		rows = again;
	}
}

/** The row without the value that was refused; null when that would not help. */
function withoutFact({ facts, ...row }: Candidate, { outcome, code, fact }: RowAnswer): Candidate | null {
	if (outcome !== 'refused' || code !== 'invalid_value' || !fact || !(fact in facts) || indispensable.has(fact)) return null;
	const { [fact]: _refused, ...others } = facts;
	return { ...row, facts: others };
}

function lineOf({ number, facts }: Candidate): Omit<Line, 'reason'> {
	return { number, name: String(facts['name']) };
}

/** What was taken before stays taken: the same command again goes on where this one stopped. */
function explain(failure: unknown): never {
	if (!(failure instanceof Failure)) throw failure;
	if (failure.status < 500) throw new CommandError(`${failure.message} (${failure.code})`);
	throw new CommandError(
		`The database does not answer (${failure.message}). Run the same command again: nothing is taken twice.`
	);
}
