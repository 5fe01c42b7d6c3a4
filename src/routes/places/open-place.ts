import { error, redirect } from '@sveltejs/kit';
import { hrefOf } from '$lib/components/cards';
import type { Place, Tombstone } from '$lib/domain/place';
import { formatDay } from '$lib/i18n/format';
import { wordFor } from '$lib/i18n/labels';
import { m } from '$lib/paraglide/messages';
import type { View } from '$lib/server/published/view';

/**
 * The open place of an id. A merged one leads to what it became (301); an ended one answers 410 with the reason, an unknown one 404.
 * `suffix` is the page below the place that was asked for.
 */
export function openPlace(view: View, id: string, suffix = ''): Place {
	const wanted = id.toLowerCase();
	const place = view.byId(wanted);
	if (place) return place;
	const tombstone = view.tombstone(wanted);
	if (!tombstone) error(404, m.error_lead_404());
	const into = tombstone.intoId === null ? null : view.byId(tombstone.intoId);
	if (into) redirect(301, suffix ? `/places/${into.id}${suffix}` : hrefOf(into));
	error(410, goneWords(tombstone));
}

function goneWords({ kind, on, reason }: Tombstone): string {
	const day = formatDay(on);
	if (kind === 'withdrawn') return m.place_tombstone_withdrawn({ day });
	const ended = m.place_tombstone_ended({ day });
	return reason ? `${ended} ${m.place_ended_reason({ reason: wordFor('end_reason', reason) })}` : ended;
}
