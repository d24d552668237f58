import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

const here = (path: string): string => new URL(path, import.meta.url).pathname;

// biome-ignore lint/style/noDefaultExport: vite reads its configuration from the default export
export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false })],
  build: {
    outDir: here('../../dist/pages'),
    emptyOutDir: true,
    // The pages run under `default-src 'self'`: nothing may be inlined, not even a small picture.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    // pinyin-pro's chunk is large by nature and loaded only when somebody types Chinese.
    chunkSizeWarningLimit: 1000,
    rollupOptions: {
      input: {
        kiosk: here('kiosk/index.html'),
        staff: here('staff/index.html'),
        hq: here('hq/index.html'),
        ticket: here('ticket/index.html'),
      },
    },
  },
});
