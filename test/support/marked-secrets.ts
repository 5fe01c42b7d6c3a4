import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TestApp } from './app.ts';
import { DEMO_PASSWORD } from './app.ts';
import { Callers } from './callers.ts';
import { jpegWithSecrets } from './pictures.ts';
import { entry, makeVisitor } from './visitors.ts';

/** What may be in no output, each text with where it was put; what must be in some; and the places that hold both. */
export interface Planted {
	secrets: Map<string, string>;
	witnesses: string[];
	ids: string[];
	/** The last change of all this. */
	seq: number;
}

type Result = Record<string, unknown>;

/** Puts a text of its own into everything that is less than open, or was taken back, beside others that everyone may read. */
export async function plantSecrets(app: TestApp): Promise<Planted> {
	const sower = new Sower(app);
	await sower.sow();
	return sower.planted();
}

class Sower {
	#app: TestApp;
	#secrets = new Map<string, string>();
	#witnesses: string[] = [];
	#ids: string[] = [];
	#callers: Callers;

	constructor(app: TestApp) {
		this.#app = app;
		this.#callers = new Callers(app);
	}

	async sow(): Promise<void> {
		await this.#closedFacts();
		await this.#closedPlaces();
		await this.#withheld();
		await this.#redacted();
		await this.#photos();
		await this.#visitors();
		const accounts = JSON.parse(readFileSync('supabase/seed/demo/accounts.json', 'utf8')) as { email: string; name: string }[];
		for (const { email, name } of accounts) for (const text of [email, name]) this.#secrets.set(text, 'an account');
		for (const key of [this.#app.endpoint().secret_key, DEMO_PASSWORD]) this.#secrets.set(key, 'a key');
	}

	async planted(): Promise<Planted> {
		const client = await this.#callers.client('anonymous');
		const { data } = await client.from('changes').select('seq').order('seq', { ascending: false }).limit(1);
		const seq = Number((data as { seq: number }[])[0]!.seq);
		return { secrets: this.#secrets, witnesses: this.#witnesses, ids: this.#ids, seq };
	}

	async #closedFacts(): Promise<void> {
		const offer = `offer:${randomUUID()}`;
		const place = await this.#place({
			...{
				category: 'aide-alimentaire',
				contact_name: this.#secret('a contact'),
				contact_phone: this.#phone('a contact’s phone')
			},
			...{
				description: this.#secret('a shared description'),
				email: `${this.#secret('a private e-mail').toLowerCase()}@exemple.fr`
			},
			...{ phone: this.#phone('a private phone'), 'extra.conditions': this.#secret('a shared extra fact') },
			[offer]: { name: this.#secret('a private offer'), summary: this.#secret('what a private offer says') },
			fact_openness: {
				description: 'shared',
				email: 'private',
				phone: 'private',
				'extra.conditions': 'shared',
				[offer]: 'private'
			}
		});
		await this.#change(place, { summary: [null, this.#witness('summary')] });
		const later = await this.#place({ address: this.#secret('an address that was closed later') });
		await this.#change(later, { fact_openness: [null, { address: 'shared' }] });
	}

	async #closedPlaces(): Promise<void> {
		for (const openness of ['shared', 'private'])
			await this.#place({ openness, ...this.#words(`a place that is ${openness}`) }, false);
		const closed = await this.#place(this.#words('a place that was closed later'), false);
		await this.#change(closed, { openness: ['open', 'private'] });
		const exact = { lon: -1.5617293, lat: 47.2184657 };
		const blurred = await this.#place({ position: exact, address: this.#secret('an address of a blurred place') });
		await this.#change(blurred, { precision: ['exact', 'area'] });
		for (const digits of ['1.561729', '47.218465']) this.#secrets.set(digits, 'a position of a blurred place');
		const ended = await this.#place(this.#words('a place that ended'), false);
		await this.#propose('coordinatrice', { kind: 'end', place_id: ended, reason: 'closed' });
	}

	async #withheld(): Promise<void> {
		const whole = await this.#place(this.#words('a place that is withheld'), false);
		const withhold = (more: object) =>
			this.#callers.call('moderateur', 'withhold', { withholding: { reason_code: 'personal_data', ...more } });
		await withhold({ place_id: whole, message: this.#secret('a reason of a withholding') });
		const first = this.#secret('a former value of a withheld fact');
		const second = this.#secret('a withheld fact');
		const partly = await this.#place({ description: first });
		await this.#change(partly, { description: [first, second] });
		await withhold({ place_id: partly, fact: 'description' });
	}

	async #redacted(): Promise<void> {
		const gone = this.#secret('a redacted former value');
		const place = await this.#place({ summary: gone });
		await this.#change(place, { summary: [gone, this.#witness('new summary')] });
		const redaction = { subject: 'value', place_id: place, fact: 'summary', value: gone, reason: 'A name of somebody.' };
		await this.#callers.call('coordinatrice', 'redact', { redaction });
	}

	async #photos(): Promise<void> {
		const place = await this.#place({ category: 'bibliotheque' });
		const alts = {
			shown: this.#witness('alt'),
			withheld: this.#secret('words of a withheld photo'),
			waiting: this.#secret('words of a photo that waits')
		};
		const ids: Record<string, string> = {};
		for (const [name, alt] of Object.entries(alts)) {
			const who = name === 'waiting' ? 'habitant' : 'coordinatrice';
			const { bytes } = await jpegWithSecrets(
				600 + alt.length,
				400 + name.length,
				this.#secret(`what the file of a ${name} photo says`)
			);
			const id = (ids[name] = await this.#callers.sendPhoto(who, place, bytes));
			await this.#callers.sendForm(who, `/places/${place}/edit?/submit`, {
				client_id: randomUUID(),
				shown: '{}',
				photo: id,
				[`photo_alt:${id}`]: alt,
				[`photo_own:${id}`]: 'on'
			});
		}
		await this.#callers.sendForm('moderateur', `/moderation/photos/${ids['withheld']!}?/withhold`, {
			reason_code: 'personal_data'
		});
		this.#secrets.set(ids['waiting']!, 'the number of a photo that waits');
	}

	/** Proposals, notes, reports and letters of people with and without an account. */
	async #visitors(): Promise<void> {
		const place = await this.#place({ category: 'bibliotheque' });
		const operations = [{ fact: 'description', old: null, new: this.#secret('a proposal that waits') }];
		await this.#propose('habitant', { kind: 'update', place_id: place, operations, note: this.#secret('a note') });
		const refused = [{ fact: 'website', old: null, new: `https://${this.#secret('a refused value').toLowerCase()}.fr/` }];
		const { proposal_id } = await this.#propose('habitant', { kind: 'update', place_id: place, operations: refused });
		const decision = { outcome: 'refuse', reason_code: 'out_of_scope', message: this.#secret('a reason of a refusal') };
		await this.#callers.call('moderateur', 'decide_proposal', { proposal_id, decision });
		const person = () => ({
			email: `${this.#secret('a visitor’s e-mail').toLowerCase()}@exemple.fr`,
			name: this.#secret('a visitor’s name')
		});
		const report = { client_id: randomUUID(), place_id: place, kind: 'wrong', text: this.#secret('a report'), ...person() };
		await this.#callers.call('service', 'submit_report', { report: entry(makeVisitor(), report) });
		const proposal = {
			client_id: randomUUID(),
			kind: 'update',
			place_id: place,
			operations: [{ fact: 'phone', old: null, new: this.#phone('a visitor’s proposal') }],
			note: this.#secret('a visitor’s note')
		};
		await this.#callers.call('service', 'submit_visitor_contribution', {
			contribution: entry(makeVisitor(), { proposal, ...person() })
		});
	}

	#secret(where: string): string {
		const text = `Secret${randomUUID().slice(0, 8)}x`;
		this.#secrets.set(text, where).set(text.toLowerCase(), where);
		return text;
	}

	/** Written in several ways. */
	#phone(where: string): string {
		const digits = String(Math.floor(Math.random() * 1e6)).padStart(6, '0');
		const pairs = digits.match(/../g)!;
		for (const text of [`+33240${digits}`, `0240${digits}`, `40 ${pairs.join(' ')}`]) this.#secrets.set(text, where);
		return `+33240${digits}`;
	}

	#witness(what: string): string {
		const text = `Témoin ${what} ${randomUUID().slice(0, 8)}`;
		this.#witnesses.push(text);
		return text;
	}

	#words = (where: string) => ({ name: this.#secret(`the name of ${where}`), summary: this.#secret(`the summary of ${where}`) });

	/** @param named with a name that everyone must be able to read somewhere */
	async #place(facts: Result, named = true): Promise<string> {
		const id = randomUUID();
		const [lon, lat] = [-1.55 - Math.random() / 100, 47.21 + Math.random() / 100];
		const given = {
			...(named ? { name: this.#witness('nom') } : {}),
			category: 'bibliotheque',
			position: { lon, lat },
			...facts
		};
		const operations = Object.entries(given).map(([fact, value]) => ({ fact, old: null, new: value }));
		await this.#propose('coordinatrice', { kind: 'create', place_id: id, operations });
		this.#ids.push(id);
		return id;
	}

	async #change(id: string, facts: Record<string, [unknown, unknown]>): Promise<void> {
		const operations = Object.entries(facts).map(([fact, [old, value]]) => ({ fact, old, new: value }));
		await this.#propose('coordinatrice', { kind: 'update', place_id: id, operations });
	}

	async #propose(who: string, proposal: object): Promise<Result> {
		const answer = await this.#callers.call(who, 'submit_proposal', {
			proposal: { client_id: randomUUID(), ...proposal }
		});
		const outcomes = ((answer['operations'] ?? []) as { fact: string; outcome: string }[]).map(({ outcome }) => outcome);
		if (who === 'coordinatrice' && outcomes.some((outcome) => outcome !== 'accepted')) throw new Error(JSON.stringify(answer));
		return answer;
	}
}
