export type Scheme = 'light' | 'dark';

/** The inks of the built-in map: a calm paper, so that the places are what stands out. */
export interface MapColours {
	outside: string;
	ground: string;
	water: string;
	shore: string;
	park: string;
	parkEdge: string;
	streetCasing: string;
	street: string;
	mainCasing: string;
	main: string;
	ringCasing: string;
	ring: string;
	rail: string;
	tram: Record<'1' | '2' | '3', string>;
	boundary: string;
	boundaryBand: string;
	edge: string;
	halo: string;
	quartierName: string;
	streetName: string;
	waterName: string;
	parkName: string;
	townName: string;
	/** Around a place's sign and on clusters. */
	paper: string;
	ink: string;
}

export const mapColours: Record<Scheme, MapColours> = {
	light: {
		outside: '#e5e0d2',
		ground: '#f6f1e5',
		water: '#b9d7de',
		shore: '#7fabb8',
		park: '#cadcae',
		parkEdge: '#a9c48a',
		streetCasing: '#d9cfb9',
		street: '#ffffff',
		mainCasing: '#ccb98c',
		main: '#fdeebf',
		ringCasing: '#cfa460',
		ring: '#f6d797',
		rail: '#a8a095',
		tram: { '1': '#3f8a58', '2': '#c2554a', '3': '#3c72b4' },
		boundary: '#8a6a86',
		boundaryBand: '#b79bb2',
		edge: '#6f4f6b',
		halo: '#f9f5ec',
		quartierName: '#5f4a5c',
		streetName: '#5e584c',
		waterName: '#255566',
		parkName: '#3f6630',
		townName: '#7d7567',
		paper: '#ffffff',
		ink: '#1c2529'
	},
	dark: {
		outside: '#0e1416',
		ground: '#1a2225',
		water: '#173845',
		shore: '#2f6274',
		park: '#213a2a',
		parkEdge: '#30523b',
		streetCasing: '#11181a',
		street: '#36434a',
		mainCasing: '#11181a',
		main: '#475458',
		ringCasing: '#161208',
		ring: '#6e5a30',
		rail: '#566064',
		tram: { '1': '#5fae78', '2': '#dd7b6f', '3': '#6ea3e0' },
		boundary: '#a98ba6',
		boundaryBand: '#6c5269',
		edge: '#b698b2',
		halo: '#161d20',
		quartierName: '#d3bdd0',
		streetName: '#b4b9b4',
		waterName: '#86bccd',
		parkName: '#98c48d',
		townName: '#87918f',
		paper: '#12181a',
		ink: '#eceeea'
	}
};
