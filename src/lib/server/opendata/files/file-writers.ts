import type { Place } from '../../../domain/place.ts';
import type { Dataset } from '../../../domain/taxonomy.ts';
import type { FileFormat } from './file-formats.ts';
import { writeFgb } from './fgb.ts';
import type { Told } from '../geojson.ts';
import { writeGpkg } from './gpkg.ts';
import { writeXlsx } from './xlsx.ts';

type Write = (path: string, places: Iterable<Place>, told: Told, dataset: Dataset) => void;

/** The formats that are no text. They block the thread they are written on: only `maker.ts` calls them, on one of its own. */
export const fileWriters: Partial<Record<FileFormat, Write>> = { gpkg: writeGpkg, fgb: writeFgb, xlsx: writeXlsx };
