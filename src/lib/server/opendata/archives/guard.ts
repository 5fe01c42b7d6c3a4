import type { View } from '../../published/view.ts';
import { stateOf } from '../answer.ts';
import { amend, findLosses } from './amend.ts';
import { keyOf } from './archive.ts';
import type { Archive } from './archive.ts';
import type { Ledger } from './ledger.ts';
import { touchedSince } from './touched.ts';
import type { Shelf } from './shelf.ts';

interface Options {
	shelf: Shelf;
	ledger: Ledger;
	/** The public one. */
	origin: string;
	/** What is public now; null while nothing is. */
	current: () => View | null;
	/** Milliseconds. */
	now: () => number;
}

/** How much longer than a comparison of all archives their rest afterwards is, and how long at most, milliseconds: a map may change without end. */
const restTimes = 10;
const longestRest = 30_000;

/** Sees to it that nothing stays in an archive that is not public any more. */
export class Guard {
	readonly #options: Options;
	/** By checksum: the last change that this node has compared a file with, and what the database showed. */
	readonly #checked = new Map<string, Pick<Archive, 'checked' | 'schema'>>();
	readonly #checking = new Map<string, Promise<void>>();
	#restsUntil = 0;

	constructor(options: Options) {
		this.#options = options;
	}

	/** Whether nothing can have left the map since this archive was compared with it. */
	isSure(archive: Archive): boolean {
		const view = this.#options.current();
		if (!view) return false;
		const checked = this.#checkedOf(archive, view);
		return checked !== null && checked <= view.seq && view.lostAt <= checked;
	}

	/** Compares an archive with what is public now, once at a time, and makes it again without what is not. @throws when the storage is away */
	verify(archive: Archive): Promise<void> {
		if (this.isSure(archive)) return Promise.resolve();
		const { sha256 } = archive.files['geojson.gz'];
		const checking = this.#checking.get(sha256) ?? this.#compare(archive).finally(() => this.#checking.delete(sha256));
		this.#checking.set(sha256, checking);
		return checking;
	}

	/** The same for all of them, unless that was done just now: whoever asks for one has it compared meanwhile. @returns the first that failed */
	async verifyAll(): Promise<{ cause: unknown } | null> {
		const { ledger, now } = this.#options;
		const started = now();
		const left = this.#restsUntil - started;
		// More than that is a clock that was set back.
		if (left > 0 && left <= longestRest) return null;
		let failure: { cause: unknown } | null = null;
		for (const archive of ledger.known?.values() ?? [])
			await this.verify(archive).catch((cause: unknown) => (failure ??= { cause }));
		const ended = now();
		this.#restsUntil = ended + Math.min(restTimes * (ended - started), longestRest);
		return failure;
	}

	/** Null when the database shows something else since. */
	#checkedOf(archive: Archive, view: View): number | null {
		const { checked, schema = null } = this.#checked.get(archive.files['geojson.gz'].sha256) ?? archive;
		return schema === stateOf(view).schema ? checked : null;
	}

	async #compare(archive: Archive): Promise<void> {
		const { current, origin, shelf } = this.#options;
		const view = current();
		if (!view) throw new Error('Nothing is public yet.');
		const { sha256 } = archive.files['geojson.gz'];
		const checked = this.#checkedOf(archive, view);
		const touched = checked === null ? null : touchedSince(view, checked);
		if (touched?.size !== 0) {
			const path = await shelf.fetch(archive, 'geojson.gz');
			const losses = await findLosses(path, archive.day, { view, origin, touched });
			if (losses.size > 0) {
				const amended = await amend({ shelf, archive, path, losses, on: view.today(this.#options.now()), view });
				return this.#replace(archive, amended);
			}
		}
		const { seq, schema } = stateOf(view);
		this.#checked.set(sha256, { checked: seq, schema });
		// All of it was read: the next start, and other nodes, need not, if the storage is there to tell them.
		if (touched === null) await this.#note({ ...archive, checked: seq, schema }).catch(() => undefined);
	}

	async #note(archive: Archive): Promise<void> {
		const { sha256 } = archive.files['geojson.gz'];
		await this.#options.ledger.publish((known) => {
			const other = known.get(keyOf(archive));
			if (other?.files['geojson.gz'].sha256 !== sha256) return null;
			return other.schema !== archive.schema || other.checked < archive.checked ? [archive] : null;
		});
	}

	async #replace(archive: Archive, amended: Archive): Promise<void> {
		const { ledger, shelf } = this.#options;
		const { sha256 } = archive.files['geojson.gz'];
		const isTheSame = (other?: Archive) => other?.files['geojson.gz'].sha256 === sha256;
		await ledger.publish((known) => (isTheSame(known.get(keyOf(archive))) ? [amended] : null));
		const present = ledger.known?.get(keyOf(archive));
		if (!present || isTheSame(present)) throw new Error('An archive could not be replaced.');
		this.#checked.delete(sha256);
		await shelf.drop(archive, present);
	}
}
