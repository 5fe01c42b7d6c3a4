import { formatDay } from '$lib/i18n/format';
import { m } from '$lib/paraglide/messages';

/** « Du 3 mars au 5 mars 2026 », « Le 3 mars 2026 ». */
export const daysOf = ({ startsOn, endsOn }: { startsOn: string; endsOn: string }): string =>
	startsOn === endsOn
		? m.campaign_day({ day: formatDay(startsOn) })
		: m.campaign_days({ from: formatDay(startsOn), to: formatDay(endsOn) });
