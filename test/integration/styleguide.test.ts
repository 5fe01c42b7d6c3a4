import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('nothing of the style guide is in the built application', () => {
	const files = readdirSync('build', { recursive: true, encoding: 'utf8' }).filter((name) => /\.(js|css)$/.test(name));
	expect(files.length).toBeGreaterThan(100);
	// A word of its data, a class of its sections, and its name.
	const traces = ['Jardin partagé des Oblates', 'specimens', 'Guide de style'];
	const found = files.filter((name) => {
		const text = readFileSync(join('build', name), 'utf8');
		return traces.some((trace) => text.includes(trace));
	});
	expect(found).toEqual([]);
});
