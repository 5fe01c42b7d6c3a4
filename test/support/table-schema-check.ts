/** A field of a Table Schema, as far as national schemas use it. https://specs.frictionlessdata.io/table-schema/ */
interface Field {
	name: string;
	type: string;
	format?: string;
	constraints?: {
		required?: boolean;
		unique?: boolean;
		pattern?: string;
		enum?: string[];
		minLength?: number;
		maxLength?: number;
		minimum?: number;
		maximum?: number;
	};
}

export interface TableSchema {
	fields: Field[];
	primaryKey?: string;
}

const formats: Record<string, RegExp> = {
	string: /^/,
	integer: /^[+-]?\d+$/,
	number: /^[+-]?\d+(\.\d+)?$/,
	date: /^\d{4}-\d{2}-\d{2}$/,
	email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
	uri: /^https?:\/\/[^\s]+$/
};

/** What is wrong with the rows of a CSV file, header first: one sentence for each cell; nothing when they conform. */
export function tableProblems({ fields, primaryKey }: TableSchema, [header = [], ...rows]: string[][]): string[] {
	const names = fields.map(({ name }) => name);
	const problems = JSON.stringify(header) === JSON.stringify(names) ? [] : [`header: ${header.join(',')}`];
	for (const [index, field] of fields.entries()) {
		const cells = rows.map((row) => row[index] ?? '');
		for (const [line, text] of cells.entries()) {
			const problem = cellProblem(field, text);
			if (problem !== null) problems.push(`line ${line + 2}, ${field.name} ${problem}: ${JSON.stringify(text)}`);
		}
		const unique = field.constraints?.unique || field.name === primaryKey;
		if (unique && new Set(cells).size < cells.length) problems.push(`${field.name} is not unique`);
	}
	return problems;
}

function cellProblem({ type, format = '', constraints = {} }: Field, text: string): string | null {
	if (text === '') return constraints.required ? 'is required' : null;
	if (!formats[type]!.test(text) || !(formats[format] ?? /^/).test(text)) return `is no ${format || type}`;
	// Frictionless anchors a pattern on both sides.
	if (constraints.pattern !== undefined && !new RegExp(`^(?:${constraints.pattern})$`).test(text)) return 'does not match';
	if (constraints.enum && !constraints.enum.includes(text)) return 'is not a value of the list';
	const length = [...text].length;
	if (length < (constraints.minLength ?? 0) || length > (constraints.maxLength ?? Infinity)) return 'is too short or too long';
	const number = Number(text);
	return number < (constraints.minimum ?? -Infinity) || number > (constraints.maximum ?? Infinity) ? 'is out of range' : null;
}
