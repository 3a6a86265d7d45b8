import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { excalidrawFonts } from './vite-excalidraw-fonts.ts';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), excalidrawFonts()],
  resolve: { alias: { events: 'events' } },
  worker: { format: 'es' },
  build: { target: 'es2022',
    // `light-dark()` must stay as it is: what it would be turned into does not know the scheme that the person chose.
    cssTarget: ['chrome123', 'safari17.5', 'firefox120'], sourcemap: false, chunkSizeWarningLimit: 4_000 },
});
