/** How many of which; null: fewer than three, which could be recognised. `few` puts together the cells that are so small. */
export type Cells = Record<string, number | null>;

/** One month of the public ledger; a family that counted nothing is absent. */
export interface MonthFigures {
	/** `YYYY-MM` */
	month: string;
	/** Half of the decisions took no longer; null when there were fewer than three. */
	median_days: number | null;
	decisions?: Cells;
	reasons?: Cells;
	appeals?: Cells;
	withholdings?: Cells;
}

export interface ModerationFigures {
	/** The last day counted; null before any. */
	until: string | null;
	/** Newest first. */
	months: MonthFigures[];
}

export type FigureFamily = 'decisions' | 'reasons' | 'appeals' | 'withholdings';

/** The kinds that a family counts in any of these months, the most frequent first and `few` last. */
export function kindsOf(months: readonly MonthFigures[], family: FigureFamily): string[] {
	const sums = new Map<string, number>();
	for (const month of months)
		for (const [kind, count] of Object.entries(month[family] ?? {})) sums.set(kind, (sums.get(kind) ?? 0) + (count ?? 1));
	return [...sums.keys()].sort((a, b) => Number(a === 'few') - Number(b === 'few') || sums.get(b)! - sums.get(a)!);
}

/** All that a family counted in a month; the cells that are not told count for nothing. */
export function totalOf(month: MonthFigures, family: FigureFamily): number {
	return Object.values(month[family] ?? {}).reduce<number>((sum, count) => sum + (count ?? 0), 0);
}
