import type { FormValues } from '$lib/domain/form-values';
import type { Category, Organisation, Theme } from '$lib/domain/taxonomy';
import type { FactContext } from './fact-words';

/** What every part of the form about a place needs. */
export interface FormContext extends FactContext {
	values: FormValues;
	/** By field, the sentence to show beside it. */
	errors: Record<string, string>;
	themes: readonly Pick<Theme, 'slug' | 'label'>[];
	bbox: FormTaxonomy['bbox'];
	/** The place is not on the map yet. */
	creating?: boolean;
	/** For a position in words. */
	areas?: FormTaxonomy['areas'];
	/** A day of the territory. */
	today: string;
}

/** The parts of the taxonomy that a form about a place shows. */
export interface FormTaxonomy {
	themes: Pick<Theme, 'slug' | 'label'>[];
	categories: Category[];
	organisations: Pick<Organisation, 'slug' | 'name'>[];
	/** Named for who cannot point at a map; each with the one it lies in. */
	areas: { slug: string; name: string }[];
	/** Of the territory, in degrees. */
	bbox: [west: number, south: number, east: number, north: number];
	today: string;
}
