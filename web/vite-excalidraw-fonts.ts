import { createReadStream, existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { Plugin } from 'vite';

/** The drawing program asks for its fonts while it runs; they are served from this site under `/excalidraw/fonts`, never from another. */
export function excalidrawFonts(): Plugin {
  const fonts = join(dirname(createRequire(import.meta.url).resolve('@excalidraw/excalidraw')), 'fonts');
  let outDir = '';
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
    writeBundle: () => cp(fonts, join(outDir, 'excalidraw', 'fonts'), { recursive: true }),
  };
}
