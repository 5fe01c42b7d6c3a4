/** What is not answered, and what to do about it: `detail` is a sentence for the person who wrote the client. */
export class Refusal extends Error {
	readonly status: 308 | 400 | 404 | 410 | 413;
	readonly code: string;
	/** Where it went, with 308. */
	readonly location: string | null;

	constructor(status: Refusal['status'], code: string, detail: string, location: string | null = null) {
		super(detail);
		this.name = 'Refusal';
		this.status = status;
		this.code = code;
		this.location = location;
	}
}

/** A parameter that means nothing here. */
export const invalid = (parameter: string, what: string) => new Refusal(400, 'invalid_parameter', `${parameter} ${what}`);
