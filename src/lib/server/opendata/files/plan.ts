import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Change, View } from '../../published/view.ts';
import { stateOf } from '../answer.ts';
import { fileFormats } from './file-formats.ts';
import type { Format } from '../datasets.ts';
import type { Wish } from './make.ts';
import { indexPath, stepsFor } from './pieces.ts';
import type { PieceIndex, Step } from './pieces.ts';
import type { Before } from './write-pieces.ts';

const everything: Step[] = [{ from: null, until: null }];

/**
 * How a kept text of rows is written: what of the edition at `before` is still right, and what is not. No steps for what is written as a whole. Whoever
 * asks closes what is open.
 */
export function planOf(
	wish: Wish,
	{ compressed = false, before }: { compressed?: boolean; before?: string | undefined }
): { steps: Step[] | null; before: Before | null } {
	const { parts }: Format = fileFormats[wish.format];
	if (!parts || !compressed || wish.edition.asOf !== undefined || wish.filters !== undefined)
		return { steps: null, before: null };
	const index = before === undefined ? null : readIndex(before);
	const changed = index?.basis === basisOf(wish) ? changedSince(wish.edition.view, index) : null;
	const steps = index && changed ? stepsFor(index, changed) : everything;
	if (!steps.some((step) => 'kept' in step)) return { steps, before: null };
	const open = openBoth(before!);
	return open ? { steps, before: open } : { steps: everything, before: null };
}

/**
 * What the rows of a file depend on besides their places and what changes announce: the address in links, the day, what the database shows, and
 * which places.
 */
export function basisOf({ edition, selection, variant }: Wish): string {
	const { schema } = stateOf(edition.view);
	return JSON.stringify([edition.origin, edition.today, schema, selection, variant ?? null]);
}

/** Ids of the places that may be other than they were; null when that can't be told, or when something else has changed. */
function changedSince({ seq, changedAt, recent }: View, index: Pick<PieceIndex, 'seq' | 'changedAt'>): Set<string> | null {
	if (index.seq > seq) return null;
	// The same number may be another change once a backup came back.
	const known = index.seq === seq ? changedAt : recent.at(index.seq)?.at;
	if (known === undefined || known !== index.changedAt) return null;
	const since = recent.since(index.seq);
	const isWhole = since.length === seq - index.seq && since.every(({ subject }: Change) => subject === 'place');
	return isWhole ? new Set(since.map(({ id }) => id)) : null;
}

function readIndex(path: string): PieceIndex | null {
	try {
		return JSON.parse(readFileSync(indexPath(path), 'utf8')) as PieceIndex;
	} catch {
		return null;
	}
}

/** Open, they stay readable when the edition is taken away meanwhile. */
function openBoth(path: string): Before | null {
	let plain: number | undefined;
	try {
		plain = openSync(path, 'r');
		return { plain, packed: openSync(`${path}.gz`, 'r') };
	} catch {
		if (plain !== undefined) closeSync(plain);
		return null;
	}
}

export function close({ plain, packed }: Before): void {
	closeSync(plain);
	closeSync(packed);
}
