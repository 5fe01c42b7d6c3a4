import { formatDay, formatList } from '../../i18n/format.ts';
import { m } from '../../paraglide/messages.js';

export type Locale = 'fr' | 'en';

const all = m as unknown as Record<
	string,
	((inputs: Record<string, unknown>, options: { locale: Locale }) => string) | undefined
>;

/** The messages in a language that is the reader's, not the request's: a mail is written when nobody asks. */
export function wordsIn(locale: Locale) {
	const find = (key: string, inputs: Record<string, unknown> = {}) => all[key]?.(inputs, { locale });
	return {
		locale,
		/** A message of this slice, by its key without `mails_`. */
		say: (key: string, inputs?: Record<string, unknown>): string => find(`mails_${key}`, inputs) ?? key,
		has: (key: string): boolean => `mails_${key}` in all,
		/** The word of a closed list; an unknown value is said as it is. */
		word: (family: string, value: string): string => find(`${family}_${value}`) ?? value,
		/** Names of facts as a list, as the forms write them; a category's own facts by their keys. */
		factNames: (facts: readonly string[]): string =>
			formatList(
				[...new Set(facts.map(factName))].map((name) => quoted(name)),
				locale
			),
		/** « Étiquette : valeur », as the language spaces it. */
		labelled: (label: string, value: string): string => `${label}${locale === 'fr' ? '\u00a0: ' : ': '}${value}`,
		day: (day: string): string => formatDay(day, locale)
	};

	function factName(fact: string): string {
		if (fact.startsWith('offer:')) return find('fact_offer') ?? fact;
		if (fact.startsWith('extra.')) return fact.slice('extra.'.length).replaceAll('_', ' ');
		return find(`fact_${fact}`) ?? fact;
	}
	function quoted(text: string): string {
		return locale === 'fr' ? `«\u00a0${text}\u00a0»` : `“${text}”`;
	}
}

export type Words = ReturnType<typeof wordsIn>;
