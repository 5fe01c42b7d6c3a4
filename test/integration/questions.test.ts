import { readFileSync } from 'node:fs';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { startApp, stopPostgres } from '../support/app.ts';

/** A resident’s words, where she is, and beginnings of names: one of them is among the first three places she reads. */
interface Question {
	ask: string;
	near?: [number, number];
	expect: string[];
}
const questions = JSON.parse(readFileSync(new URL('../questions/residents.json', import.meta.url), 'utf8')) as Question[];

let app: TestApp;
beforeAll(async () => {
	app = await startApp();
});
afterAll(async () => {
	await app.stop();
	await stopPostgres();
});

async function firstThree({ ask, near }: Question): Promise<string[]> {
	const query = new URLSearchParams({ q: ask, ...(near && { near: near.join() }) });
	const page = await fetch(`${app.url}/?${query}`, { headers: { accept: 'text/html', 'accept-language': 'fr' } });
	expect(page.status).toBe(200);
	const $ = load(await page.text());
	return $('article .name a')
		.toArray()
		.slice(0, 3)
		.map((link) => $(link).text().trim());
}

describe('what residents ask', () => {
	it('is answered in the first three places, nineteen times in twenty', async () => {
		expect(questions.length).toBeGreaterThanOrEqual(60);
		const missed: string[] = [];
		for (const question of questions) {
			const found = await firstThree(question);
			const right = found.some((name) => question.expect.some((begin) => name.startsWith(begin)));
			if (!right) missed.push(`${question.ask} → ${found.join(' / ')}`);
		}
		expect(missed.length, missed.join('\n')).toBeLessThanOrEqual(questions.length / 20);
	});
});
