import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Territory } from '../../support/territory.ts';
import { openTerritory, took } from '../../support/territory.ts';

let t: Territory;
beforeAll(async () => {
	t = await openTerritory();
});
afterAll(() => t.stop());

const save = (value: unknown) => t.call('whole', 'save_settings', { setting: { key: 'embed', value } });
async function saved(): Promise<unknown> {
	const { data, error } = await t.supabase.anon().from('settings').select('value').eq('key', 'embed').single();
	if (error) throw error;
	return (data as { value: unknown }).value;
}

it('every site may show the map in a frame, until the coordinator of it all says which', async () => {
	expect(await saved()).toEqual({ sites: ['*'] });
	const value = { sites: ['https://www.mairie.example', 'https://*.asso.example', 'http://ecole.example:8080'] };
	const setting = { key: 'embed', value };
	expect(await t.call('coordinator', 'save_settings', { setting })).toMatchObject({ status: 403 });
	took(await save(value));
	expect(await saved()).toEqual(value);
	expect(await t.changesOf('embed')).toMatchObject([{ kind: 'updated' }]);
	took(await save({ sites: [] }));
	expect(await saved()).toEqual({ sites: [] });
});

it.each([
	{},
	{ sites: null },
	{ sites: '*' },
	{ sites: ['*'], more: 1 },
	{ sites: [1] },
	{ sites: ['https:'] },
	{ sites: ['https://a.example/'] },
	{ sites: ['https://a.example https://b.example'] },
	{ sites: ["https://a.example; script-src 'unsafe-inline'"] },
	{ sites: ['https://a.example\n'] },
	{ sites: ['javascript:alert(1)'] },
	{ sites: [`https://${'a'.repeat(120)}.example`] },
	{ sites: Array.from({ length: 31 }, (_, i) => `https://a${i}.example`) }
])('nothing but addresses of sites gets into a header: %j', async (value) => {
	expect(await save(value)).toMatchObject({ status: 400, error: { details: 'invalid_setting' } });
	expect(await saved()).toEqual({ sites: [] });
});
