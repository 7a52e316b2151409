import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `vite` serves it beside a running relay (RELAY_URL); `vite build` is part of scripts/build.ts. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: {
    outDir: path.resolve(import.meta.dirname, '../../dist/ui'),
    emptyOutDir: true,
    target: 'es2023',
    // A strict content security policy has no place for inlined data.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: {
    proxy: { '/api': process.env['RELAY_URL'] ?? 'http://127.0.0.1:8443', '/live': { target: process.env['RELAY_URL'] ?? '', ws: true } },
  },
});
