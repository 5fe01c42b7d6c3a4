import type { PersonalFinding } from '$lib/domain/personal-data';
import type { Twin } from './twins';

/** What is worth a second look before a form is sent. Whoever looked may send all the same. */
export interface Review {
	twins: Twin[];
	findings: PersonalFinding[];
	/** Names what was shown, for the field `reviewed`: sent again, it stops nothing. */
	key: string;
}
