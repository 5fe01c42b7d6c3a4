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

/** Remembers what is selected in the field one writes in; the function it returns selects it again, unless something was written since. */
function keepSelection(): () => void {
	const field = document.activeElement;
	// Only fields of text have one: for a date or a box it is null.
	if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) || field.selectionStart === null)
		return () => {};
	const { value, selectionStart, selectionEnd } = field;
	return () => {
		if (document.activeElement === field && field.value === value) field.setSelectionRange(selectionStart, selectionEnd);
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
	const select = keepSelection();
	return () => {
		queueMicrotask(select);
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
