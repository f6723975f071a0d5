import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// What Node made of each file is kept beside the packages, so that the next start reads them in half the time. It has to be
// asked for before they are read, and whatever a file imports is read before its own first line.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url)));
await import('./serve.ts');
