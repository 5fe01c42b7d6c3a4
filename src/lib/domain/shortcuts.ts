export const shortcutActs = ['next', 'previous', 'accept', 'refuse', 'ask', 'tick', 'undo', 'claim'] as const;
export type ShortcutAct = (typeof shortcutActs)[number];

/** One key each, a letter of its French or English word; the digits tick the facts in their order. */
export const shortcutKeys: Record<ShortcutAct, string> = {
	next: 'n',
	previous: 'p',
	accept: 'a',
	refuse: 'r',
	ask: 'd',
	tick: 'c',
	undo: 'u',
	claim: 'm'
};

interface Press {
	key: string;
	ctrlKey: boolean;
	metaKey: boolean;
	altKey: boolean;
	repeat: boolean;
}

/** What a key asks for; null for one that means nothing here or is part of a browser's own shortcut. */
export function shortcutFor(press: Press): ShortcutAct | { fact: number } | null {
	if (press.ctrlKey || press.metaKey || press.altKey || press.repeat) return null;
	if (/^[1-9]$/.test(press.key)) return { fact: Number(press.key) };
	const key = press.key.toLowerCase();
	return shortcutActs.find((act) => shortcutKeys[act] === key) ?? null;
}
