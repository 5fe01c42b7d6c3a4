import { holidaysOf } from '../../domain/holidays.ts';
import { localMinuteOf } from '../../domain/local-time.ts';
import type { LocalMinute } from '../../domain/local-time.ts';
import { openingAt, readSchedule, scheduleOf, stateAt } from '../../domain/opening.ts';
import type { Opening, OpeningProgram } from '../../domain/opening.ts';
import { HoursReader } from '../../domain/opening-state.ts';
import type { Place } from '../../domain/place.ts';
import { sunAt } from '../../domain/sun.ts';
import type { Settings } from '../../domain/taxonomy.ts';
import { scheduleOfText } from './record.ts';
import type { Dictionary } from './segment.ts';

/** What a schedule says of a moment. */
export const openness = { closed: 0, open: 1, uncertain: 2, unsaid: 3 } as const;

/** Read schedules take 2 kB each; those beyond are read anew, 20 µs each. */
const keptPrograms = 20_000;
const keptMoments = 8;
/** Answers of one minute; 200 bytes each. */
const keptAnswers = 10_000;

/** By code of one dictionary: a compaction makes another. */
interface Known {
	programs: (OpeningProgram | null)[];
	moments: Map<LocalMinute, Uint8Array>;
}

/** When places are open, in one territory: its zone, its holidays, its sun. */
export class Openings {
	readonly key: string;
	#zone: string;
	#reader: HoursReader;
	#known = new WeakMap<Dictionary, Known>();
	/** By moment, then by schedule: the same thirty places are shown to everybody who comes within a minute. */
	#answers = new Map<LocalMinute, Map<string, Opening | null>>();

	constructor({ time, territory }: Pick<Settings, 'time' | 'territory'>) {
		this.key = Openings.keyOf({ time, territory });
		this.#zone = time.zone;
		const holidays = holidaysOf(time);
		this.#reader = new HoursReader({
			publicHoliday: holidays.public,
			schoolHoliday: holidays.school,
			sun: sunAt(territory.center, time.zone)
		});
	}

	/** Settings with the same key need no new instance. */
	static keyOf({ time, territory }: Pick<Settings, 'time' | 'territory'>): string {
		return JSON.stringify([time, territory.center]);
	}

	/** What a clock of the territory shows. `now` in milliseconds. */
	clock(now: number): LocalMinute {
		return localMinuteOf(now, this.#zone);
	}

	/** Null when nothing is known of its hours. */
	of(place: Pick<Place, 'facts' | 'offers'>, at: LocalMinute): Opening | null {
		const schedule = scheduleOf(place);
		const key = JSON.stringify(schedule);
		const answers = this.#answersAt(at);
		const known = answers.get(key);
		if (known !== undefined) return known;
		const program = readSchedule(schedule);
		const answer = program && openingAt(program, at, this.#reader);
		if (answers.size < keptAnswers) answers.set(key, answer);
		return answer;
	}

	#answersAt(at: LocalMinute): Map<string, Opening | null> {
		let answers = this.#answers.get(at);
		if (!answers) this.#answers.set(at, (answers = new Map()));
		const [oldest] = this.#answers.keys();
		if (this.#answers.size > keptMoments && oldest !== undefined) this.#answers.delete(oldest);
		return answers;
	}

	/**
	 * By code of a schedule, one of `openness`. A minute's answer is kept: everyone who asks who is open now asks the same, and at 25,000
	 * schedules it takes 30 ms.
	 */
	states(schedules: Dictionary, at: LocalMinute): Uint8Array {
		const { moments } = this.#of(schedules);
		const known = moments.get(at);
		if (known?.length === schedules.slugs.length) return known;
		const states = new Uint8Array(schedules.slugs.length);
		states.set(known ?? []);
		for (let code = known?.length ?? 0; code < states.length; code++) {
			const program = this.#program(schedules, code);
			if (!program) states[code] = openness.unsaid;
			else
				states[code] = { open: openness.open, closed: openness.closed, unknown: openness.uncertain }[
					stateAt(program, at, this.#reader)
				];
		}
		moments.delete(at);
		moments.set(at, states);
		const [oldest] = moments.keys();
		if (moments.size > keptMoments && oldest !== undefined) moments.delete(oldest);
		return states;
	}

	#of(schedules: Dictionary): Known {
		let known = this.#known.get(schedules);
		if (!known) this.#known.set(schedules, (known = { programs: [], moments: new Map() }));
		return known;
	}

	#program(schedules: Dictionary, code: number): OpeningProgram | null {
		const { programs } = this.#of(schedules);
		const kept = programs[code];
		if (kept !== undefined) return kept;
		const program = readSchedule(scheduleOfText(schedules.slugs[code]!));
		if (code < keptPrograms) programs[code] = program;
		return program;
	}
}
