import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** The process that builds the page into the folder it is given, and that ends with the one that asked for it, also when that is killed. */
process.on('disconnect', () => process.exit(1));
process.channel?.unref(); // nor does it wait for it
const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url));
await build({ configFile, logLevel: 'warn', build: { outDir: process.argv[2]!, emptyOutDir: true } });
