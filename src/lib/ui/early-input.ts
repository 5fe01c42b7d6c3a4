type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Whether a control says something else than the page that came with it. */
function touched(control: Control): boolean {
	if (control instanceof HTMLTextAreaElement) return control.value !== control.defaultValue;
	if (control instanceof HTMLInputElement) {
		if (control.type === 'file') return false;
		if (control.type === 'checkbox' || control.type === 'radio') return control.checked !== control.defaultChecked;
		return control.value !== control.defaultValue;
	}
	const given = [...control.options].findIndex(({ defaultSelected }) => defaultSelected);
	return control.selectedIndex !== (given < 0 && !control.multiple && control.options.length > 0 ? 0 : given);
}

/** Whether one writes or chooses in it: what takes the focus away then is a hindrance, not a help. */
const isControl = (element: Element | null): element is Control =>
	element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;

/**
 * Remembers the field that one is in and what is selected there; the function it returns goes back to it. Code that takes over a refused form sends
 * the focus to the list of errors, for whoever has not begun: who is already mending would write into nothing.
 */
function keepPlace(): () => void {
	const field = document.activeElement;
	if (!isControl(field)) return () => {};
	const { value } = field;
	const [start, end] = 'selectionStart' in field ? [field.selectionStart, field.selectionEnd] : [null, null];
	// A field of an address or a number does not tell; the document says (but in Firefox) whether all of it is selected.
	const whole = start === null && value !== '' && document.getSelection()?.toString() === value;
	return () => {
		if (document.activeElement !== field) field.focus({ preventScroll: true });
		if (field instanceof HTMLSelectElement || field.value !== value) return;
		if (whole) field.select();
		else if (start !== null) field.setSelectionRange(start, end);
	};
}

/**
 * Remembers what a person has typed, ticked or chosen on a page whose code is still on its way; the function it returns puts that back where taking
 * over the page has reset it, and tells the page's code about it. Svelte keeps early text on hydration, but unticks boxes (`set_checked`) and selects
 * again what the server had selected: on a slow network the form would send something else than what was seen.
 *
 * Call it while the root component is made, before its children take over their elements, and the returned function once they have.
 */
export function keepEarlyInput(page: ParentNode): () => void {
	const early = [...page.querySelectorAll<Control>('input, select, textarea')]
		.filter(touched)
		.map((control) => ({ control, value: control.value, checked: 'checked' in control && control.checked }));
	const goBack = keepPlace();
	return () => {
		queueMicrotask(goBack);
		for (const { control, value, checked } of early) {
			if ('checked' in control) control.checked = checked;
			if (control.value !== value) control.value = value;
			// A box that another one of its group has unticked says nothing: the ticked one will.
			if (control instanceof HTMLInputElement && control.type === 'radio' && !checked) continue;
			control.dispatchEvent(new Event('input', { bubbles: true }));
			control.dispatchEvent(new Event('change', { bubbles: true }));
		}
	};
}
