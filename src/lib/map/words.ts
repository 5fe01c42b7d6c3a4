import { m } from '$lib/paraglide/messages';

/** The names of the map and its controls in the reader's language, by MapLibre's own keys. */
export function mapWords(): Record<string, string> {
	return {
		'Map.Title': m.map_help(),
		'CooperativeGesturesHandler.WindowsHelpText': m.embed_map_wheel({ key: 'Ctrl' }),
		'CooperativeGesturesHandler.MacHelpText': m.embed_map_wheel({ key: '⌘' }),
		'CooperativeGesturesHandler.MobileHelpText': m.embed_map_fingers(),
		'NavigationControl.ZoomIn': m.map_zoom_in(),
		'NavigationControl.ZoomOut': m.map_zoom_out(),
		'NavigationControl.ResetBearing': m.map_north(),
		'GeolocateControl.FindMyLocation': m.map_locate(),
		'GeolocateControl.LocationNotAvailable': m.search_near_refused(),
		'Popup.Close': m.map_close(),
		'AttributionControl.ToggleAttribution': m.map_attribution()
	};
}
