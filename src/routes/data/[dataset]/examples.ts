export const exampleIds = ['curl', 'javascript', 'python', 'qgis'] as const;
export type ExampleId = (typeof exampleIds)[number];

/** Lines that work as they stand, with the addresses of this site and nothing to install. A test runs them. */
export function examplesOf(origin: string, slug: string): Record<ExampleId, string> {
	const url = `${origin}/data/${slug}.geojson`;
	return {
		curl: [
			`curl --compressed --output ${slug}.geojson \\`,
			`  --etag-save ${slug}.etag --etag-compare ${slug}.etag \\`,
			`  ${url}`
		].join('\n'),
		javascript: [
			`const answer = await fetch('${url}');`,
			`const { features } = await answer.json();`,
			`console.log(features.length, features[0]?.properties.name);`
		].join('\n'),
		python: [
			`import json, urllib.request`,
			``,
			`with urllib.request.urlopen('${url}') as answer:`,
			`    features = json.load(answer)['features']`,
			`print(len(features), *[feature['properties']['name'] for feature in features[:1]])`
		].join('\n'),
		qgis: [
			`from qgis.core import QgsProject, QgsVectorLayer`,
			``,
			`layer = QgsVectorLayer('/vsicurl/${url}', '${slug}', 'ogr')`,
			`QgsProject.instance().addMapLayer(layer)`,
			`print(layer.featureCount())`
		].join('\n')
	};
}
