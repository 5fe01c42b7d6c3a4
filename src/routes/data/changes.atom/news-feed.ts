import type { Locale } from '$lib/domain/taxonomy';
import { m } from '$lib/paraglide/messages';
import { atomType } from '$lib/server/opendata/feed/atom';
import type { AtomEntry, AtomFeed, AtomLink } from '$lib/server/opendata/feed/atom';
import type { Scope } from '$lib/server/opendata/feed/changes-query';
import { placeUrl } from '$lib/server/opendata/geojson';
import type { Edition } from '$lib/server/opendata/geojson';
import { changeId } from '$lib/server/opendata/feed/news';
import type { News } from '$lib/server/opendata/feed/news';
import { newsWords } from './news-words';

const locales: readonly Locale[] = ['fr', 'en'];
/** An instant for a map on which nothing ever changed: a feed has to have one. */
const never = '1970-01-01T00:00:00Z';

/** The news of a scope as a feed in a language; French is the one without a parameter. */
export function newsFeed(
	{ view, origin }: Pick<Edition, 'view' | 'origin'>,
	scope: Scope,
	locale: Locale,
	news: News[]
): AtomFeed {
	const { settings } = view;
	const words = newsWords(locale, view);
	const url = (language: Locale) => {
		const query = new URLSearchParams({ ...scope, ...(language === 'fr' ? {} : { lang: language }) }).toString();
		return `${origin}/data/changes.atom${query === '' ? '' : `?${query}`}`;
	};
	const others = locales.filter((language) => language !== locale);
	return {
		id: url(locale),
		locale,
		title: m.feed_title({ name: nameOf({ view }, scope, locale) }, { locale }),
		subtitle: m.feed_subtitle({}, { locale }),
		updated: news[0]?.change.at ?? view.changedAt ?? never,
		author: { name: settings.contact.name || settings.territory.name || new URL(origin).host, uri: `${origin}/data` },
		rights: words.licence(settings.licence.id),
		links: [
			{ rel: 'self', type: atomType, href: url(locale) },
			{ rel: 'alternate', type: 'text/html', href: origin + pageOf(scope) },
			...others.map((hreflang): AtomLink => ({ rel: 'alternate', type: atomType, hreflang, href: url(hreflang) }))
		],
		entries: news.map((one) => entryOf(one, origin, locale, { view, words }))
	};
}

interface Known extends Pick<Edition, 'view'> {
	words: ReturnType<typeof newsWords>;
}

function entryOf(news: News, origin: string, locale: Locale, { view, words }: Known): AtomEntry {
	const { change } = news;
	const shown = news.place ?? news.into;
	const theme = view.reference.themeBySlug.get(shown?.theme ?? '');
	const licence = shown?.facts.licence ?? null;
	const links: AtomLink[] = shown
		? [
				{ rel: 'alternate', type: 'text/html', href: placeUrl(origin, shown) },
				{ rel: 'related', type: 'application/geo+json', href: `${origin}/places/${shown.id}.geojson` }
			]
		: [{ rel: 'alternate', type: 'text/html', href: `${origin}/places/${change.id}` }];
	return {
		id: `urn:uuid:${changeId(change)}`,
		title: words.title(news),
		summary: words.summary(news),
		updated: change.at,
		links,
		category: theme ? { term: theme.slug, label: theme.label[locale] } : null,
		rights: licence === null || licence === view.settings.licence.id ? null : words.licence(licence),
		point: shown?.position ?? null
	};
}

/** « Bellevue », « Culture, Bellevue »; the territory's when nothing narrows. */
function nameOf({ view }: Pick<Edition, 'view'>, { theme, area, organisation }: Scope, locale: Locale): string {
	const { reference, settings } = view;
	const names = [
		theme && reference.themeBySlug.get(theme)?.label[locale],
		area && reference.areaBySlug.get(area)?.name,
		organisation && reference.organisationBySlug.get(organisation)?.name
	].filter((name) => name);
	return names.join(', ') || settings.territory.name;
}

/** The page that shows what the feed is about. */
function pageOf({ theme, area, organisation }: Scope): string {
	if (organisation !== undefined) return `/organisations/${organisation}`;
	if (theme !== undefined) return `/?${new URLSearchParams(area === undefined ? { theme } : { theme, area }).toString()}`;
	return area === undefined ? '/data' : `/areas/${area}`;
}
