import { fold } from './fold.ts';
import { givenNames } from './given-names.ts';

export const personalKinds = ['email', 'mobile', 'person'] as const;
export type PersonalKind = (typeof personalKinds)[number];

/** Something in what would be public that looks like it belongs to a person. A hint for whoever writes or decides, never a refusal by itself. */
export interface PersonalFinding {
	/** The fact that holds it: `description`, `offer:<uuid>.summary`, `extra.<key>`. */
	fact: string;
	kind: PersonalKind;
	/** As it was written. */
	found: string;
}

/** These are kept for partners anyway, or are no free text. */
const closed = /^(contact_name|contact_phone|steward|licence|openness|fact_openness|position|part_of)$/;

/** French mobile numbers (06, 07, and their overseas siblings 0639, 069x), nationally or internationally written. */
const mobile = /(?<![\d+])(?:(?:\+|00)(?:33|262|590|594|596)[\s.-]?(?:\(0\)[\s.-]?)?|0)[67](?:[\s.\-/]?\d){8}(?!\d)/g;
const email = /[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu;

/** Where people, not organisations, have their mailboxes. */
const mailboxes =
	/^(gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|icloud|me|mac|aol|gmx|orange|wanadoo|free|laposte|sfr|neuf|bbox|numericable|club-internet|aliceadsl|proton|protonmail|pm|tutanota|mailo|netcourrier|voila|hey)\.[a-z.]+$/;
/** In front of the @, these say that several people read it. */
const collective =
	/(asso|contact|accueil|info|mairie|ville|club|comite|collectif|amicale|union|federation|secretariat|bureau|centre|maison|ecole|creche|atelier|jardin|bibli|media|cafe|theatre|compagnie|cie|fete|quartier|rando|sport|musi|chorale|repair|ressourcerie|epicerie|resa|reservation|direction|equipe|team|communication|presse|animation|espace|svp|bonjour|hello|benevol)/;

const titles = String.raw`(?:M\.|MM\.|Mr\.?|Mme\.?|Mlle\.?|Monsieur|Madame|Mademoiselle|Dr\.?|Docteur|Me|Maître)`;
const capitalised = String.raw`\p{Lu}[\p{L}'’]*(?:-\p{Lu}[\p{L}'’]*)*`;
const titled = new RegExp(
	String.raw`(?<![\p{L}\d])${titles}\s+(?:(?:de|du|des|le|la|d'|d’)\s*)?${capitalised}(?:\s+(?:(?:de|du|le|la)\s+)?${capitalised})?`,
	'gu'
);
const pair = new RegExp(
	String.raw`(?<![\p{L}\d'’-])(${capitalised})\s+((?:(?:de|du|le|la|Le|La|De|Du)\s+)?${capitalised})`,
	'gu'
);

/** A street, a school, a hall: what follows is the name of a place, however much it sounds like a person. */
const namedAfter =
	/(?:\b(?:rue|avenue|av|boulevard|bd|place|pl|quai|allee|impasse|chemin|route|cours|square|passage|pont|rond-point|esplanade|mail|parc|jardin|ecole|college|lycee|creche|gymnase|stade|salle|espace|centre|maison|residence|foyer|clinique|hopital|institut|mediatheque|bibliotheque|theatre|cinema|piscine|complexe|groupe|fondation|association|amphitheatre|auditorium|arret|station|cite|batiment|tour|villa|hotel|chateau|eglise|chapelle|musee|prix|fort|port|ile|moulin|ehpad|pole|conservatoire|universite)\s+(?:(?:de|du|des|la|le|les|general|marechal|president|docteur|professeur|abbe|maternelle|elementaire|primaire|publique|municipal|municipale|culturel|culturelle|social|polyvalent|polyvalente|saint|sainte)\s+)*|\b(?:d'|l'))$/;

const plain = (text: string): string => fold(text).replaceAll('’', "'");

/** « Repas partagé chez Jeanne Martin », not « école Jules Ferry » nor « Loire Atlantique ». */
function personNames(text: string): string[] {
	const found: string[] = [];
	for (const match of text.matchAll(titled)) {
		// « rue du Docteur Calmette »
		if (!namedAfter.test(plain(text.slice(0, match.index)))) found.push(match[0]);
	}
	for (const match of text.matchAll(pair)) {
		const [whole, first = ''] = match;
		const given = plain(first)
			.split('-')
			.every((part) => givenNames.has(part));
		const before = plain(text.slice(0, match.index));
		if (given && !namedAfter.test(before) && !found.some((other) => other.includes(whole))) found.push(whole);
	}
	return found;
}

function isPersonalAddress(address: string): boolean {
	const [local = '', domain = ''] = plain(address).split('@');
	if (collective.test(local)) return false;
	return (
		mailboxes.test(domain) ||
		local.split(/[._-]/).some((part, index, parts) => parts.length === 2 && index === 0 && givenNames.has(part))
	);
}

/** Text that the public could read in a value, whatever its shape. */
function textsIn(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	if (Array.isArray(value)) return value.flatMap(textsIn);
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function findIn(fact: string, value: unknown): PersonalFinding[] {
	if (closed.test(fact)) return [];
	const inner = fact.slice(fact.lastIndexOf('.') + 1);
	const findings: PersonalFinding[] = [];
	const add = (kind: PersonalKind, found: string): void => {
		if (!findings.some((other) => other.found === found)) findings.push({ fact, kind, found });
	};
	for (const text of textsIn(value)) {
		for (const [number] of text.matchAll(mobile)) add('mobile', number);
		for (const [address] of text.matchAll(email)) if (isPersonalAddress(address)) add('email', address);
		if (/^(name|address|city|email|website|opening_hours)$/.test(inner)) continue;
		for (const name of personNames(text)) add('person', name);
	}
	return findings;
}

/**
 * Mobile numbers, personal mailboxes and likely names of people in facts as they would be published, each once per fact, in the facts' order. Names
 * are not looked for in a place's own name nor in its address, where streets and schools bear them. Pure and light: forms ask it at each key.
 */
export function findPersonalData(facts: Record<string, unknown>): PersonalFinding[] {
	return Object.entries(facts).flatMap(([fact, value]) => findIn(fact, value));
}
