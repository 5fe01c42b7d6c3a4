const calendar = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' });

/** The day (`YYYY-MM-DD`) of the town, which in the night is not that of UTC; so many days later, or earlier. */
export function townDay(later = 0): string {
	const day = new Date(`${calendar.format(new Date())}T00:00:00Z`);
	day.setUTCDate(day.getUTCDate() + later);
	return day.toISOString().slice(0, 10);
}
