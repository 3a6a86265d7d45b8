import { createReadStream, existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { Plugin } from 'vite';

/** The drawing program asks for its fonts while it runs; they are served from this site under `/excalidraw/fonts`, never from another. */
export function excalidrawFonts(): Plugin {
  const fonts = join(dirname(createRequire(import.meta.url).resolve('@excalidraw/excalidraw')), 'fonts');
  // The program would fall back to a foreign site for a font that is missing here; it gets no address but ours.
  const foreign = /`https:\/\/esm\.sh\/[\s\S]{0,200}?\/dist\/(?:prod|dev)\/`/;
  let outDir = '';
  let replaced = false;
  return {
    name: 'bedside-excalidraw-fonts',
    configResolved: (config) => { outDir = resolve(config.root, config.build.outDir); },
    configureServer: (server) => {
      server.middlewares.use('/excalidraw/fonts', (request, response, next) => {
        const path = join(fonts, decodeURIComponent((request.url ?? '').split('?')[0] ?? ''));
        if (!path.startsWith(`${fonts}/`) || !path.endsWith('.woff2') || !existsSync(path)) return next();
        response.setHeader('content-type', 'font/woff2');
        createReadStream(path).pipe(response);
        return undefined;
      });
    },
    transform(code, id) {
      if (!id.includes('@excalidraw/excalidraw/dist') || !foreign.test(code)) return undefined;
      replaced = true;
      return { code: code.replace(foreign, '`${location.origin}/excalidraw/`'), map: null };
    },
    buildEnd(error) {
      if (!error && !replaced) this.error('The drawing program names the foreign site of its fonts differently; see the pattern in vite-excalidraw-fonts.ts.');
    },
    writeBundle: () => cp(fonts, join(outDir, 'excalidraw', 'fonts'), { recursive: true }),
  };
}
