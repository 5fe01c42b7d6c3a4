import { m } from '../paraglide/messages.js';

/** « Hors connexion : page gardée le 22 novembre à 11 h 30 », on this device's clock and in the page's own language. */
export function lineWords(at: Date, locale: 'fr' | 'en', timeZone?: string): { text: string; label: string } {
	const parts = new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
		...{ day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
		...(timeZone ? { timeZone } : {})
	}).formatToParts(at);
	const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? '';
	const first = locale === 'fr' && part('day') === '1' ? '1er' : part('day');
	const time = locale === 'fr' ? `${Number(part('hour'))}\u00a0h\u00a0${part('minute')}` : `${part('hour')}:${part('minute')}`;
	return {
		text: m.offline_kept({ day: `${first}\u00a0${part('month')}`, time }, { locale }),
		label: m.offline_title({}, { locale })
	};
}
