import type { Offered } from '$lib/domain/people';
import type { Label } from '$lib/domain/taxonomy';
import { formatList } from '$lib/i18n/format';
import { wordFor } from '$lib/i18n/labels';
import { labelOf } from '$lib/i18n/words';
import { m } from '$lib/paraglide/messages';

/** Names of what a scope holds the slugs of; an unknown slug is shown as it is. */
export interface ScopeNames {
	areas: Record<string, string>;
	themes: Record<string, Label>;
}

/** Where a right holds; null = everywhere. */
interface Scope {
	areas: string[] | null;
	themes: string[] | null;
}

/** « Territoires : Nantes Nord. Rubriques : Culture. » */
export function scopeWords({ areas, themes }: Scope, names: ScopeNames): string {
	if (!areas && !themes) return m.me_scope_everywhere();
	const parts: string[] = [];
	if (areas) parts.push(m.me_scope_areas({ areas: formatList(areas.map((slug) => names.areas[slug] ?? slug)) }));
	if (themes) {
		const labels = themes.map((slug) => (names.themes[slug] ? labelOf(names.themes[slug]) : slug));
		parts.push(m.me_scope_themes({ themes: formatList(labels) }));
	}
	return parts.join(' ');
}

/** What an invitation offers, in one line: « Modération, Responsable de Les Voisins ». */
export function offerWords(offered: Offered, organisationName: (slug: string) => string): string {
	const parts: string[] = [];
	if (offered.role) parts.push(wordFor('grant', offered.role));
	if (offered.organisation && offered.membershipRole) {
		const role = wordFor('membership', offered.membershipRole);
		parts.push(m.people_offer_member({ role, organisation: organisationName(offered.organisation) }));
	}
	return parts.join(', ');
}
