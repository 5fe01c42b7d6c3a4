/** How often a file was taken on a day of the territory (`YYYY-MM-DD`). */
export interface DownloadCount {
	day: string;
	dataset: string;
	format: string;
	count: number;
}
