import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };

/** Stands where the built application is. */
const server = `
	process.once('SIGTERM', () => setTimeout(() => { console.log('closed'); process.exit(0); }, 200));
	setInterval(() => {}, 1000);
	console.log('ready');`;

it('npm start passes on the signal that ends it, and waits until all is closed', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'start-'));
	let group: number | undefined;
	try {
		mkdirSync(join(folder, 'build'));
		writeFileSync(join(folder, 'build/serve.js'), server);
		writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'town', scripts: { start: scripts.start } }));
		const npm = spawn('npm', ['start'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
		group = npm.pid;
		let output = '';
		npm.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
		const ended = new Promise<number | null>((done) => npm.once('exit', done));
		await expect.poll(() => output, { timeout: 20_000 }).toContain('ready');
		npm.kill('SIGTERM');
		expect(await ended).toBe(0);
		expect(output).toContain('closed');
	} finally {
		if (group !== undefined) endGroup(group);
		rmSync(folder, { recursive: true, force: true });
	}
});

/** Whoever was left behind would keep the test from ending. */
function endGroup(group: number): void {
	try {
		process.kill(-group, 'SIGKILL');
	} catch {
		// Nobody was.
	}
}
