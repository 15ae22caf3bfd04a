import { defineConfig } from "vitest/config";

/** The page in a real browser: apart from the other tests, since it needs Chromium and what `npm start` has left. */
export default defineConfig({ test: { include: ["test/page/**/*.browser.ts"], testTimeout: 120_000 } });
