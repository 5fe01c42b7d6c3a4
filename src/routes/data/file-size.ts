import { formatNumber } from '$lib/i18n/format';
import { m } from '$lib/paraglide/messages';

/** 1 532 → « 2 ko »: as telephones count. */
export function fileSize(bytes: number): string {
	if (bytes < 1000) return m.dataset_bytes({ value: formatNumber(bytes) });
	if (bytes < 1_000_000) return m.dataset_kilobytes({ value: formatNumber(Math.round(bytes / 1000)) });
	return m.dataset_megabytes({ value: formatNumber(Math.round(bytes / 100_000) / 10) });
}
