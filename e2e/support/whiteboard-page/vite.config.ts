import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { excalidrawFonts } from '../../../web/vite-excalidraw-fonts.ts';

export default defineConfig({
  root: import.meta.dirname, base: '/', plugins: [react(), excalidrawFonts()], logLevel: 'warn',
  build: { emptyOutDir: true, target: 'es2022', minify: false },
});
