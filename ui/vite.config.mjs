import { defineConfig } from "vitest/config";

// `vite build --outDir <dir>` wins over SEGUE_UI_OUT_DIR; the server embeds whatever directory it names.
export default defineConfig({
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    outDir: process.env.SEGUE_UI_OUT_DIR ?? "dist",
    emptyOutDir: true,
    target: "es2022",
    // Everything stays a file under assets/: the content security policy allows scripts and styles from 'self' only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": process.env.SEGUE_URL ?? "http://127.0.0.1:16686" } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
