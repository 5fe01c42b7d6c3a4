import * as areaLevel from '$lib/paraglide/families/area_level';
import * as audience from '$lib/paraglide/families/audience';
import * as booking from '$lib/paraglide/families/booking';
import * as cost from '$lib/paraglide/families/cost';
import * as endReason from '$lib/paraglide/families/end_reason';
import * as factWords from '$lib/paraglide/families/fact';
import * as freshness from '$lib/paraglide/families/freshness';
import * as grant from '$lib/paraglide/families/grant';
import * as history from '$lib/paraglide/families/history';
import * as kind from '$lib/paraglide/families/kind';
import * as licence from '$lib/paraglide/families/licence';
import * as membership from '$lib/paraglide/families/membership';
import * as method from '$lib/paraglide/families/method';
import * as openness from '$lib/paraglide/families/openness';
import * as organisationKind from '$lib/paraglide/families/organisation_kind';
import * as outcome from '$lib/paraglide/families/outcome';
import * as precision from '$lib/paraglide/families/precision';
import * as proposalKind from '$lib/paraglide/families/proposal_kind';
import * as reason from '$lib/paraglide/families/reason';
import * as role from '$lib/paraglide/families/role';
import * as state from '$lib/paraglide/families/state';
import * as wheelchair from '$lib/paraglide/families/wheelchair';
import { m } from '$lib/paraglide/messages';
import { getLocale } from '$lib/paraglide/runtime';
import type { Category } from '$lib/domain/taxonomy';
import { labelOf, message } from './words';

/** Families of words in `messages/<locale>/domain.json`: key `<family>_<value>`. */
const families = {
	kind,
	precision,
	wheelchair,
	cost,
	booking,
	audience,
	openness,
	freshness,
	reason,
	end_reason: endReason,
	method,
	role,
	grant,
	membership,
	state,
	outcome,
	proposal_kind: proposalKind,
	history,
	organisation_kind: organisationKind,
	area_level: areaLevel,
	licence
};
export type Family = keyof typeof families;

/** The word for a value of a closed list; an unknown value is shown as it is. */
export function wordFor(family: Family, value: string): string {
	return message(families[family], `${family}_${value.replaceAll(/[.-]/g, '_').toLowerCase()}`, value);
}

/** `opening_hours` → « Horaires d’ouverture »; `extra.<key>` → the category's label; `offer:<uuid>.cost` → « Activité, prix ». */
export function factLabel(fact: string, category?: Category): string {
	if (fact.startsWith('extra.')) {
		const extra = category?.extraFacts[fact.slice('extra.'.length)];
		return extra ? labelOf(extra.label) : fact.slice('extra.'.length);
	}
	if (fact.startsWith('offer:')) {
		const [, inner] = fact.split('.', 2);
		return inner ? `${m.fact_offer()}, ${factLabel(inner).toLocaleLowerCase(getLocale())}` : m.fact_offer();
	}
	return message(factWords, `fact_${fact}`, fact);
}

/** « français », « English »: a BCP 47 tag by its name in the reader's language. */
export function languageName(tag: string): string {
	// Browsers have no name for it.
	if (tag === 'fsl') return m.language_fsl();
	try {
		return new Intl.DisplayNames([getLocale()], { type: 'language' }).of(tag) ?? tag;
	} catch {
		return tag;
	}
}
