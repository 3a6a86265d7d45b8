import react from '@vitejs/plugin-react';
import { join } from 'node:path';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname, base: './', plugins: [react()], logLevel: 'warn',
  build: { emptyOutDir: true, target: 'es2022', minify: false, rolldownOptions: { input: ['index.html', 'screens.html'].map((name) => join(import.meta.dirname, name)) } },
});
