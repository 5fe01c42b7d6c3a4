import type { LonLat } from './place.ts';

const round = (degrees: number): number => Math.round(degrees * 1e7) / 1e7;

/** A pair of degrees as a position; null when it lies on no map. */
function position(lat: number, lon: number): LonLat | null {
	return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lon: round(lon), lat: round(lat) } : null;
}

const number = '[+-]?\\d{1,3}(?:\\.\\d+)?';

/**
 * A position as people copy it: « 47.2184, -1.5536 » (latitude first, as maps on the web write it), « 47,2184 ; -1,5536 », degrees, minutes and
 * seconds (« 47°13'06"N 1°33'13"W », « O » for ouest), a `geo:` address (RFC 5870), or a link to OpenStreetMap, Google Maps, Apple Plans or this
 * map. Null when there is none in it.
 */
export function parseCoordinates(text: string): LonLat | null {
	const typed = text.trim().slice(0, 2000);
	if (/^geo:/i.test(typed)) return fromPair(typed.slice(4).split(/[;?]/)[0] ?? '');
	if (/^https?:\/\//i.test(typed)) return fromLink(typed);
	return fromPair(typed) ?? fromSexagesimal(typed);
}

function fromPair(text: string): LonLat | null {
	const match = new RegExp(`^\\(?\\s*(${number})°?\\s*[,;\\s]\\s*(${number})°?\\s*\\)?$`).exec(text);
	// « 47,2184 » is one number with a decimal comma, unless both halves have their point or something else parts them.
	if (match?.[1] && match[2] && (text.includes('.') || /[;\s]/.test(text))) return position(Number(match[1]), Number(match[2]));
	const commas = /^\(?\s*([+-]?\d{1,3},\d+)°?\s*[;,\s]\s*([+-]?\d{1,3},\d+)°?\s*\)?$/.exec(text);
	const decimal = (part: string) => Number(part.replace(',', '.'));
	return commas?.[1] && commas[2] ? position(decimal(commas[1]), decimal(commas[2])) : null;
}

const angle =
	"(\\d{1,3}(?:[.,]\\d+)?)\\s*[°ºd]\\s*(?:(\\d{1,2}(?:[.,]\\d+)?)\\s*['’′m]\\s*)?(?:(\\d{1,2}(?:[.,]\\d+)?)\\s*(?:[\"”″s]|''|’’)\\s*)?";

/** The letter may stand before or behind; « O » is the French west. */
function fromSexagesimal(text: string): LonLat | null {
	const behind = new RegExp(`^${angle}([NS])[\\s,;]*${angle}([EWO])$`, 'i').exec(text);
	if (behind) return sexagesimal(behind.slice(1, 4), behind[4]!, behind.slice(5, 8), behind[8]!);
	const before = new RegExp(`^([NS])\\s*${angle}[\\s,;]*([EWO])\\s*${angle}$`, 'i').exec(text);
	return before ? sexagesimal(before.slice(2, 5), before[1]!, before.slice(6, 9), before[5]!) : null;
}

function sexagesimal(lat: (string | undefined)[], north: string, lon: (string | undefined)[], east: string): LonLat | null {
	const degrees = (parts: (string | undefined)[], letter: string) => {
		const [whole, minutes, seconds] = parts.map((part) => Number((part ?? '0').replace(',', '.')));
		const size = (whole ?? 0) + (minutes ?? 0) / 60 + (seconds ?? 0) / 3600;
		return (minutes ?? 0) < 60 && (seconds ?? 0) < 60 ? (/[SWO]/i.test(letter) ? -size : size) : Number.NaN;
	};
	return position(degrees(lat, north), degrees(lon, east));
}

/** Where a link carries its point: the marker before the middle of the view. */
const inLinks = [
	new RegExp(`[?&#]mlat=(${number})&(?:amp;)?mlon=(${number})`),
	new RegExp(`!3d(${number})!4d(${number})`),
	new RegExp(`[?&](?:q|query|ll|daddr|destination|center|sll)=(?:loc:)?(${number}),(?:\\s|\\+)*(${number})`),
	new RegExp(`/@(${number}),(${number})`),
	new RegExp(`#map=\\d{1,2}(?:\\.\\d+)?/(${number})/(${number})`),
	new RegExp(`[/#]\\d{1,2}(?:\\.\\d+)?/(${number})/(${number})`)
];

function fromLink(link: string): LonLat | null {
	const [, ourLon, ourLat] = new RegExp(`[?&]near=(${number}),(${number})`).exec(link) ?? [];
	if (ourLon && ourLat) return position(Number(ourLat), Number(ourLon));
	let text = link;
	try {
		text = decodeURIComponent(link);
	} catch {
		// A stray percent sign: as it is.
	}
	for (const pattern of inLinks) {
		const [, lat, lon] = pattern.exec(text) ?? [];
		if (lat && lon) return position(Number(lat), Number(lon));
	}
	return null;
}
