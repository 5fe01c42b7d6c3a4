import { formats } from '../datasets.ts';
import type { Format, FormatName } from '../datasets.ts';
import { nationalFormats } from '../national/national.ts';
import type { NationalFormat } from '../national/national.ts';

export type FileFormat = FormatName | NationalFormat;

/** Every kind of file that is made: what each dataset is offered as, and what national schemas ask for. */
export const fileFormats: Readonly<Record<FileFormat, Format>> = { ...formats, ...nationalFormats };
