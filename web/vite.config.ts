import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { excalidrawFonts } from './vite-excalidraw-fonts.ts';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), excalidrawFonts()],
  resolve: { alias: { events: 'events' } },
  worker: { format: 'es' },
  build: { target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 4_000 },
});
