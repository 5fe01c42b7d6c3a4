import { hrefOf } from '$lib/components/cards';
import { knownPictogram } from '$lib/components/known-pictogram';
import type { Place } from '$lib/domain/place';
import { formatNumber } from '$lib/i18n/format';
import { labelOf } from '$lib/i18n/words';
import { m } from '$lib/paraglide/messages';
import { config } from '$lib/server/environment';
import { Geocoder } from '$lib/server/geocoder';
import type { Address } from '$lib/server/geocoder';
import type { View } from '$lib/server/published/view';
import { networkFrom } from '$lib/server/throttle';
import { rateLimiter } from '$lib/server/rate-limit';
import type { Suggestion, SuggestionGroup } from './suggestion';

/** What this map has under the words typed so far, in the reader's language. */
export function suggestionsOf(view: View, typed: string): SuggestionGroup[] {
	const { areaBySlug } = view.reference;
	const found = view.suggest(typed);
	const count = (total: number) => m.results_count({ count: total, shown: formatNumber(total) });
	const groups: SuggestionGroup[] = [
		{
			name: 'categories',
			items: found.categories.map(({ category, area, total }) => {
				const words = pictured(view, category);
				const label =
					area === null ? words.label : m.suggest_in({ what: words.label, where: areaBySlug.get(area)?.name ?? area });
				return { ...words, label, detail: count(total), to: { q: null, theme: null, category, ...(area !== null && { area }) } };
			})
		},
		{
			name: 'areas',
			items: found.areas.map(({ area, total }) => {
				const label = areaBySlug.get(area)?.name ?? area;
				return { label, detail: count(total), to: { q: null, area }, picture: null };
			})
		},
		{ name: 'places', items: found.places.map((place) => placeSuggestion(view, place)) }
	];
	return groups.filter(({ items }) => items.length > 0);
}

function pictured(view: View, slug: string, kind: Place['kind'] = 'service'): Pick<Suggestion, 'label' | 'picture'> {
	const { themeBySlug, categoryBySlug } = view.reference;
	const category = categoryBySlug.get(slug);
	const colour = themeBySlug.get(category?.theme ?? '')?.colour ?? 'teal';
	return {
		label: category ? labelOf(category.label) : slug,
		picture: { name: knownPictogram(category?.pictogram), kind, colour }
	};
}

function placeSuggestion(view: View, place: Place): Suggestion {
	const { label, picture } = pictured(view, place.category, place.kind);
	const where = place.facts.address ?? view.reference.areaBySlug.get(place.area ?? '')?.name;
	return { label: place.facts.name, detail: [label, where].filter(Boolean).join(' · '), to: hrefOf(place), picture };
}

let geocoder: Geocoder | undefined;
/** A hundred letters a minute are a person; the rest of the questions stay here. */
const asking = { name: 'geocoder', max: 100, windowMs: 60_000 };
/** Fewer letters are no address yet. */
const shortest = 4;

/** Streets and addresses: of the geocoder, else those where places of this map stand. */
export async function addressesOf(
	view: View,
	typed: string,
	origin: Parameters<typeof networkFrom>[0]
): Promise<SuggestionGroup[]> {
	if (typed.length < shortest) return [];
	geocoder ??= new Geocoder({ url: config().geocoderUrl });
	const may = rateLimiter.take(asking, [networkFrom(origin)], Date.now()).allowed;
	const found: Address[] = (may && (await geocoder.find(typed, view.settings.territory.bbox))) || view.streets(typed);
	const items = found.map(({ label, position: { lon, lat } }) => {
		return { label, detail: null, to: { q: null, near: `${lon.toFixed(4)},${lat.toFixed(4)}` }, picture: null };
	});
	return items.length > 0 ? [{ name: 'addresses', items }] : [];
}

/** The words of a question, as far as anybody types them. */
export function typedIn(url: URL): string {
	return (url.searchParams.get('q') ?? '').normalize('NFC').trim().slice(0, 100);
}
