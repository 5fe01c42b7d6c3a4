/**
 * For what makes a form comfortable and weighs something: an attachment that calls once, when its element comes near the screen or somebody
 * begins to use the form around it. Whoever only looks at a page never loads it.
 */
export const whenWanted = (call: () => void) => (element: HTMLElement) => {
	const surroundings = element.closest('form') ?? element;
	const observer = new IntersectionObserver(
		(entries) => {
			if (entries.some(({ isIntersecting }) => isIntersecting)) now();
		},
		{ rootMargin: '50%' }
	);
	const stop = () => {
		observer.disconnect();
		surroundings.removeEventListener('focusin', now);
	};
	function now() {
		stop();
		call();
	}
	observer.observe(element);
	surroundings.addEventListener('focusin', now);
	return stop;
};
