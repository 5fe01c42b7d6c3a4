import { answering } from '../../answering';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ data }) => ({ ...data, answer: await answering(data.posted) });
