import { quantile } from '../figures.ts';
import type { PeerDatabase } from './database.ts';

export type Address = [z: number, x: number, y: number];

export interface TileStatement {
	/** What is in such a tile. */
	of: 'points' | 'clusters';
	text: string;
}

const envelope = 'st_tileenvelope($1::integer, $2::integer, $3::integer)';
/** With a part of the tile more on each side. */
const around = (share: number) => `st_tileenvelope($1::integer, $2::integer, $3::integer, margin => ${share})`;
/** As ours, in parts of 4096. */
const buffer = 64;
const drawn = (inner: string) => `select st_asmvt(t, 'places', 4096, 'geom') as tile from (${inner}) as t`;

const points: TileStatement = {
	of: 'points',
	text: drawn(
		`select id::text, name, kind, category, theme, st_asmvtgeom(geom, ${envelope}, 4096, ${buffer}, true) as geom
			from points where geom && ${around(buffer / 4096)}`
	)
};

/** Eight cells to a side and those around, as ours: counts by theme, and a place that is alone in its cell as itself. */
function clusters(themes: string[]): TileStatement {
	const counts = themes.map((theme) => `nullif(count(*) filter (where theme = '${theme}'), 0) as "count_${theme}"`);
	const alone = ['id::text', 'name', 'kind', 'category'].map(
		(column) => `case when count(*) = 1 then min(${column}) end as ${column.replace('::text', '')}`
	);
	const facts = [...alone, 'case when min(theme) = max(theme) then min(theme) end as theme', ...counts].join(', ');
	return {
		of: 'clusters',
		text: drawn(
			`select ${facts}, nullif(count(*) > 1, false) as cluster, nullif(count(*), 1) as point_count,
				st_asmvtgeom(st_setsrid(st_point(avg(st_x(p.geom)), avg(st_y(p.geom))), 3857), ${envelope}, 4096, ${buffer}, true) as geom
			from points as p, ${envelope} as e (box) where p.geom && ${around(1 / 8)}
			group by floor((st_x(p.geom) - st_xmin(e.box)) * 8 / (st_xmax(e.box) - st_xmin(e.box))),
				floor((st_y(p.geom) - st_ymin(e.box)) * 8 / (st_ymax(e.box) - st_ymin(e.box)))`
		)
	};
}

/** For each zoom what PostGIS draws quicker; where ours draws every place, so does the peer. */
export async function tileStatements({ sql }: PeerDatabase, addresses: Address[]): Promise<Map<number, TileStatement>> {
	const themes = await sql<{ theme: string }[]>`select distinct theme from points order by theme`;
	const grid = clusters(themes.map(({ theme }) => theme));
	const byZoom = Map.groupBy(addresses, ([z]) => z);
	const deepest = Math.max(...byZoom.keys());
	const statements = new Map<number, TileStatement>();
	for (const [z, some] of byZoom) {
		const time = async (statement: TileStatement) => {
			const times: number[] = [];
			for (const address of some.slice(0, 5)) {
				const started = performance.now();
				await sql.unsafe(statement.text, address, { prepare: true });
				times.push(performance.now() - started);
			}
			return quantile(times, 0.5);
		};
		statements.set(z, z === deepest || (await time(points)) <= (await time(grid)) ? points : grid);
	}
	return statements;
}
