import type { Family, Notice } from '../../domain/notification.ts';
import { tell } from './item.ts';
import type { Block, Reader, Told } from './item.ts';
import { wordsIn } from './words.ts';
import type { Locale, Words } from './words.ts';

/** All that a mail's text depends on. */
export interface MailContent {
	locale: Locale;
	reader: Reader;
	family: Family;
	items: readonly Notice[];
	/** Whose map it is, and how to reach its people. */
	town: { name: string; contact: string | null };
	/** The public origin, without a slash at its end. */
	origin: string;
	unsubscribeUrl: string;
}

export interface Rendered {
	subject: string;
	text: string;
	html: string;
}

/** A mail says no more things than a person reads; the others are on her page. */
const mostItems = 20;

/** Puts one or several notifications into a mail: subject, plain text, HTML. The same content gives the same bytes. */
export function renderMail(content: MailContent): Rendered {
	const words = wordsIn(content.locale);
	const told = content.items.slice(0, mostItems).map((item) => tell(item, content.reader, words));
	const left = content.items.length - told.length;
	const more = left > 0 ? words.say('more', { count: left }) : null;
	return {
		subject: subjectOf(told, content.items.length, words),
		text: asText(told, more, content, words),
		html: asHtml(told, more, content, words)
	};
}

/** One line of at most 150 characters: a place's name may be long. Spaces that keep French punctuation in its place stay. */
function subjectOf(told: readonly Told[], count: number, words: Words): string {
	const first = (told[0]?.title ?? '').replaceAll(/[^\S\u00a0\u202f]+/g, ' ');
	const title = first.length > 110 ? `${first.slice(0, 109)}…` : first;
	if (count < 2) return title;
	return count === 2 ? words.say('subject_two', { title }) : words.say('subject_several', { title, count: count - 1 });
}

function footerOf({ reader, family, town, origin, unsubscribeUrl }: MailContent, words: Words) {
	return {
		why: words.say(`why_${reader}`, { town: town.name }),
		contact: town.contact && words.say('contact', { contact: town.contact }),
		links: [
			{ label: words.say('unsubscribe', { family: words.say(`family_${family}`) }), href: unsubscribeUrl },
			...(reader === 'account' ? [{ label: words.say('settings'), href: `${origin}/me#mails` }] : [])
		]
	};
}

function asText(told: readonly Told[], more: string | null, content: MailContent, words: Words): string {
	const several = told.length > 1;
	const items = told.map(({ title, blocks }) =>
		[...(several ? [`* ${title}`] : [title]), ...blocks.map((block) => blockText(block, content.origin, words))].join('\n\n')
	);
	const { why, contact, links } = footerOf(content, words);
	const footer = ['-- ', why, ...(contact ? [contact] : []), ...links.map(({ label, href }) => words.labelled(label, href))].join(
		'\n'
	);
	return [words.say('hello'), items.join('\n\n\n'), ...(more ? [more] : []), footer, ''].join('\n\n');
}

function blockText(block: Block, origin: string, words: Words): string {
	if (block.kind === 'text') return block.text;
	if (block.kind === 'rows') return block.rows.map(([label, value]) => words.labelled(label, value)).join('\n\n');
	if (block.kind === 'quote') {
		const label = block.label === null ? '' : `${words.labelled(block.label, '').trimEnd()}\n`;
		return label + block.text.replaceAll(/^/gm, '> ');
	}
	return `${words.labelled(block.label, '').trimEnd()}\n${origin}${block.path}`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** Written so that it reads in a mailbox that turns colours over: dark ones by class, everything else inline, nothing from afar. */
const dark = `@media (prefers-color-scheme:dark){body,.sheet{background:#13191b!important;color:#eceeea!important}.soft{color:#aab5b6!important}.quote{border-color:#7d8a8d!important}.button{background:#7fd0c9!important;color:#0d1214!important}a.plain{color:#8fd6cf!important}}`;
const paragraph = 'margin:0 0 16px';

function asHtml(told: readonly Told[], more: string | null, content: MailContent, words: Words): string {
	const { why, contact, links } = footerOf(content, words);
	const items = told.map(({ title, blocks }, index) => {
		const line = index > 0 ? 'border-top:1px solid #dcdad2;padding-top:24px;margin-top:32px' : '';
		const body = blocks.map((block) => blockHtml(block, content.origin)).join('');
		return `<div style="${line}"><h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">${escape(title)}</h1>${body}</div>`;
	});
	const soft = 'margin:0 0 8px;font-size:14px;line-height:1.5;color:#525d63';
	const footer = [why, ...(contact ? [contact] : [])].map((text) => `<p class="soft" style="${soft}">${escape(text)}</p>`);
	const stop = links.map(
		({ label, href }) =>
			`<p class="soft" style="${soft}"><a class="plain" href="${escape(href)}" style="color:#0e5a5f">${escape(label)}</a></p>`
	);
	return `<!doctype html><html lang="${content.locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escape(told[0]?.title ?? '')}</title><style>${dark}</style></head><body style="margin:0;padding:24px 16px;background:#ffffff;color:#1c2529"><div class="sheet" style="max-width:34rem;margin:0 auto;font:16px/1.55 system-ui,-apple-system,'Segoe UI',sans-serif;color:#1c2529"><p style="${paragraph}">${escape(words.say('hello'))}</p>${items.join('')}${more ? `<p style="${paragraph}">${escape(more)}</p>` : ''}<div style="margin-top:40px;padding-top:16px;border-top:1px solid #dcdad2">${footer.join('')}${stop.join('')}</div></div></body></html>`;
}

function blockHtml(block: Block, origin: string): string {
	if (block.kind === 'text') return `<p style="${paragraph}">${escape(block.text)}</p>`;
	if (block.kind === 'rows')
		return block.rows
			.map(([label, value]) => `<p style="${paragraph}"><strong>${escape(label)}</strong><br>${escape(value)}</p>`)
			.join('');
	if (block.kind === 'quote') {
		const text = escape(block.text).replaceAll('\n', '<br>');
		const label =
			block.label === null
				? ''
				: `<p class="soft" style="margin:0 0 4px;font-size:14px;color:#525d63">${escape(block.label)}</p>`;
		return `${label}<blockquote class="quote" style="margin:0 0 16px;padding:0 0 0 16px;border-left:3px solid #7b858a">${text}</blockquote>`;
	}
	return `<p style="margin:0 0 24px"><a class="button" href="${escape(origin + block.path)}" style="display:inline-block;padding:12px 20px;border-radius:999px;background:#0e5a5f;color:#ffffff;font-weight:600;text-decoration:none">${escape(block.label)}</a></p>`;
}
