import { build, compileMessages } from './prepare/build.mjs';

await compileMessages();
await build({ force: true });
