import { readdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const server = `http://localhost:${process.env.PORT ?? 8080}`;
/** The server's addresses; what ends as a module does is the page's own (`web/api/items.ts`). */
const routes = '^/(api|events|tiles|ogc|basemap|health)\\b(?!.*\\.tsx?(\\?|$))';

const folder = fileURLToPath(new URL('dist/web', import.meta.url));

/** Writes `.br` and `.gz` beside every text asset, so that the server compresses nothing while it serves. */
let written = folder;
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  configResolved({ root, build }) {
    written = resolve(root, build.outDir);
  },
  async closeBundle() {
    const assets = `${written}/assets`;
    const files = (await readdir(assets)).filter((file) => /\.(js|css|svg)$/.test(file));
    const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
    await Promise.all(
      files.map(async (file) => {
        const bytes = await readFile(`${assets}/${file}`);
        await writeFile(`${assets}/${file}.br`, await promisify(brotliCompress)(bytes, brotli));
        await writeFile(`${assets}/${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
      }),
    );
  },
};

/** The web page: `vite` serves it with the server behind it, `vite build` writes it to `dist/web`. */
export default defineConfig({
  root: fileURLToPath(new URL('web', import.meta.url)),
  base: './',
  plugins: [react(), compressed],
  build: {
    outDir: folder,
    emptyOutDir: true,
    // Nothing inlined as data: so that a strict content security policy holds.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What changes rarely is cached apart from what changes with every release; of it, what only later parts need
        // comes with them.
        codeSplitting: {
          groups: [
            {
              name: 'openlayers',
              test: /node_modules[\\/](ol|ol-pmtiles|pmtiles|rbush|pbf|earcut|quickselect)[\\/]/,
              entriesAware: true,
            },
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            { name: 'mantine', test: /node_modules[\\/](@mantine|@floating-ui)[\\/]/, entriesAware: true },
          ],
        },
      },
    },
  },
  server: { proxy: { [routes]: server } },
});
