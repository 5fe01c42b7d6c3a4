import { readFileSync } from 'node:fs';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holidaysOf } from '../../src/lib/domain/holidays.ts';
import { civilDay, dayOf, formatLocalDay, localMinuteOf } from '../../src/lib/domain/local-time.ts';
import { weekdays } from '../../src/lib/domain/opening-hours-parse.ts';
import type { TestApp } from '../support/app.ts';
import { startApp, stopPostgres } from '../support/app.ts';

/** A resident’s words, where she is, when she wants to go, and beginnings of names: one of them is among the first three places she reads. */
interface Question {
	ask: string;
	near?: [number, number];
	/** A weekday and a time, `Sa 10:30`. */
	when?: string;
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

const holidays = holidaysOf({ country: 'fr', state: 'Pays de la Loire' });

/** The next such day that is no public holiday. */
function momentOf(when: string): string {
	const [name = '', clock = ''] = when.split(' ');
	let day = dayOf(localMinuteOf(Date.now(), 'Europe/Paris')) + 1;
	while (weekdays[civilDay(day).weekday] !== name || holidays.public(day) !== null) day++;
	return `${formatLocalDay(day)}T${clock}`;
}

async function firstThree({ ask, near, when }: Question): Promise<string[]> {
	const query = new URLSearchParams({ q: ask, ...(near && { near: near.join() }), ...(when && { open: momentOf(when) }) });
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
			if (!right) missed.push(`${question.ask} ${question.when ?? ''} → ${found.join(' / ')}`);
		}
		expect(missed.length, missed.join('\n')).toBeLessThanOrEqual(questions.length / 20);
	});
});
