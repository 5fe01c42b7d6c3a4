import { z } from 'zod';
import type { Identifiers } from '../../domain/identifiers.ts';
import type { Dataset, Organisation, Settings } from '../../domain/taxonomy.ts';
import { write } from './call.ts';
import type { Client } from './call.ts';

interface Saveable extends Pick<Settings, 'territory' | 'contact'> {
	moderation: { target_days: number };
	/** As `embedSitesOf` reads them. */
	embed: { sites: string[] };
	/** Not public: it names a person. */
	appeals: { contributor_id: string | null };
}

/**
 * Replaces settings of the territory, each as a whole: all of those named, or none.
 * @throws Failure `forbidden` when the caller doesn't coordinate all of it, `invalid_setting`
 */
export async function saveSettings(client: Client, settings: Partial<Saveable>): Promise<void> {
	const setting = Object.entries(settings).map(([key, value]) => ({ key, value }));
	await write(client, 'save_settings', { setting }, z.unknown());
}

export type SavedOrganisation = Pick<Organisation, 'slug' | 'name' | 'kind' | 'summary' | 'website'> & Partial<Identifiers>;

/** Adds an organisation, or replaces what is known of it; a number that is not named stays. A manager changes neither name nor kind. */
export async function saveOrganisation(client: Client, organisation: SavedOrganisation): Promise<void> {
	await write(client, 'save_organisation', { organisation }, z.unknown());
}

/** What is not named stays as it is; `published_at` is the page of another portal. */
export type SavedDataset = Pick<Dataset, 'slug' | 'title' | 'description'> &
	Partial<Omit<Dataset, 'slug' | 'title' | 'description' | 'publishedAt'>> & { published_at?: string | null };

/**
 * Adds a dataset, or changes it: the whole coordination; a member of its organisation only its words, whatever else is named.
 * @param meanwhile `isNew` refuses a slug that somebody else has taken, `was` a dataset that does not say any more what a form showed of it, by field
 * @throws Failure `coordinators_only`, `dataset_changed`, `dataset_exists`, `dataset_needs_reason`, `invalid_dataset`
 */
export async function saveDataset(
	client: Client,
	dataset: SavedDataset,
	{ isNew = false, was }: { isNew?: boolean; was?: Record<string, unknown> } = {}
): Promise<void> {
	await write(client, 'save_dataset', { dataset: { ...dataset, is_new: isNew, ...(was ? { was } : {}) } }, z.unknown());
}
