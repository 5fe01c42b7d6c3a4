import type { Category } from '$lib/domain/taxonomy';
import { pressOver } from '$lib/ui/press';
import { fieldErrorText } from './fact-words';

/** Looks at each field when it is left, and says what is wrong with it where the server would, before anything is sent. */
export function liveChecks() {
	/** By field: what is wrong, or null once it is mended. */
	let found = $state.raw<Record<string, string | null>>({});
	let said = $state('');
	return {
		/** The last thing found, for whoever does not see it. */
		get said() {
			return said;
		},
		/** The server's sentences with ours over them. */
		over(errors: Record<string, string>): Record<string, string> {
			const all = Object.entries({ ...errors, ...found });
			return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null));
		},
		async leave(form: HTMLFormElement, target: EventTarget | null, category: Category | undefined) {
			if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) || !target.name) return;
			const { name } = target;
			const [{ checkField }] = await Promise.all([import('./field-check'), pressOver()]);
			const wrong = checkField(new FormData(form), name, category);
			if (wrong === undefined) return;
			const field = wrong?.field ?? (name === 'lon' ? 'lat' : name);
			if (!wrong && !(field in found) && target.getAttribute('aria-invalid') === null) return;
			const text = wrong ? fieldErrorText(wrong, category) : null;
			said = text ?? '';
			found = { ...found, [field]: text };
		}
	};
}
