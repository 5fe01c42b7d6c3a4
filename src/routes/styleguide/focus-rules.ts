/** Shows what has it as if the keyboard had led there: one page has one focus, the guide shows several. */
export const focusClass = 'shows-focus';

const state = /:focus-visible/g;

/** The parts of a rule that speak of the focus, for the class instead; empty when none does. */
function forClass(rule: CSSRule): string {
	if (rule instanceof CSSStyleRule) {
		const inner = [...rule.cssRules].map(forClass).join('');
		if (rule.selectorText.includes(':focus-visible')) {
			return `${rule.selectorText.replace(state, `.${focusClass}`)} { ${rule.style.cssText} ${inner} }`;
		}
		return inner && `${rule.selectorText} { ${inner} }`;
	}
	if (rule instanceof CSSMediaRule) {
		const inner = [...rule.cssRules].map(forClass).join('');
		return inner && `@media ${rule.conditionText} { ${inner} }`;
	}
	return '';
}

/** Gives the page's own rules for the focus to the class, until what is returned is called. */
export function showFocus(): () => void {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync([...document.styleSheets].flatMap((one) => [...one.cssRules].map(forClass)).join('\n'));
	document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
	return () => {
		document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
	};
}
