/** What of a month is kept: one file for whoever reads maps or programs, one that every spreadsheet opens. */
export const archiveFormats = {
	'geojson.gz': { label: 'GeoJSON (gzip)', mediaType: 'application/gzip' },
	csv: { label: 'CSV', mediaType: 'text/csv; charset=utf-8; header=present' }
} as const;

export type ArchiveFormat = keyof typeof archiveFormats;
export const formatNames = Object.keys(archiveFormats) as ArchiveFormat[];

/** Why an archive was made again: a place left the map, a value is not public any more, a photo was taken away. Never which. */
export const reasons = ['place', 'value', 'photo'] as const;
export type Reason = (typeof reasons)[number];

export interface ArchivedFile {
	/** Hexadecimal, of the bytes that are sent. */
	sha256: string;
	/** How many there are. */
	bytes: number;
	/** In how many objects the storage keeps it. */
	parts: number;
}

/** One dataset at the end of one month. */
export interface Archive {
	dataset: string;
	/** `YYYY-MM` */
	month: string;
	/** The last day of it. */
	day: string;
	/** The day when this content was written; a later withdrawal has its own day in `notes`. */
	madeOn: string;
	/** Not written as the month ended, but later and from the public history. */
	rebuilt: boolean;
	seq: number;
	licence: string;
	places: number;
	/** The last change of the map that its content is known to agree with. */
	checked: number;
	/** What the database showed then, see `Tag`: after a migration it may show less of what has not changed. Lists of before don't say. */
	schema?: string | null;
	files: Record<ArchiveFormat, ArchivedFile>;
	/** The days on which something was taken out. Without the former checksums: with them what was taken out could be guessed and verified. */
	notes: { on: string; reasons: Reason[] }[];
}

export const keyOf = ({ dataset, month }: Pick<Archive, 'dataset' | 'month'>): string => `${dataset}/${month}`;

/** What a file is called where it is saved, and in SHA256SUMS. */
export const fileName = ({ dataset, month }: Pick<Archive, 'dataset' | 'month'>, format: ArchiveFormat): string =>
	`${dataset}-${month}.${format}`;

export const monthOf = (day: string): string => day.slice(0, 7);

/** `2026-10` → `2026-11` */
export function nextMonth(month: string): string {
	const [year, number] = month.split('-').map(Number) as [number, number];
	return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
}

/** `2026-10` → `2026-10-31` */
export function lastDayOf(month: string): string {
	const [year, number] = month.split('-').map(Number) as [number, number];
	return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}

/** The months that are over, newest first: from the one of a day on, `most` at most. */
export function monthsSince(first: string, today: string, most: number): string[] {
	const months: string[] = [];
	for (let month = monthOf(first); month < monthOf(today); month = nextMonth(month)) months.unshift(month);
	return months.slice(0, most);
}

/** `2026-10.csv` or `places-2026-10.csv` of the dataset `places`; null for what can be no archive. */
export function parseFileName(dataset: string, name: string): { month: string; format: ArchiveFormat } | null {
	const own = name.startsWith(`${dataset}-`) ? name.slice(dataset.length + 1) : name;
	const [, month, format] = /^(\d{4}-(?:0[1-9]|1[0-2]))\.(.+)$/.exec(own) ?? [];
	return month !== undefined && isArchiveFormat(format) ? { month, format } : null;
}

const isArchiveFormat = (name: string | undefined): name is ArchiveFormat =>
	name !== undefined && Object.hasOwn(archiveFormats, name);

/** What `sha256sum -c` reads. */
export function checksums(archives: readonly Archive[]): string {
	const lines = archives.flatMap((archive) =>
		formatNames.map((format) => `${archive.files[format].sha256}  ${fileName(archive, format)}\n`)
	);
	return lines.join('');
}
