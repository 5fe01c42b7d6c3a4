import { everySite, mostSites, readSites } from '$lib/domain/embed';
import { first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import { m } from '$lib/paraglide/messages';

/** The form of the sites that may show the map: the setting `embed`, or what is wrong with what was typed. */
export function readEmbedding(values: FormValues): { sites: string[] } | { errors: Record<string, string> } {
	const wanted = first(values, 'embed');
	if (wanted === 'every') return { sites: [everySite] };
	if (wanted === 'none') return { sites: [] };
	const wrong = (embed_sites: string) => ({ errors: { embed_sites } });
	const read = readSites(first(values, 'embed_sites'));
	if ('wrong' in read) return wrong(m.embed_error_site({ site: read.wrong.slice(0, 80) }));
	if (read.sites.length === 0) return wrong(m.embed_error_none());
	if (read.sites.length > mostSites) return wrong(m.embed_error_many({ most: mostSites }));
	return read;
}
