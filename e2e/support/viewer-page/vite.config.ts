import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname, base: './', plugins: [react()], logLevel: 'warn', resolve: { alias: { events: 'events' } }, worker: { format: 'es' },
  build: { emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 6_000 },
});
