import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { PageParts } from "../report/page.ts";

/** What the page is made of beside its numbers: the font, and the script that the build has bundled for browsers. */
export function readPageParts(): Required<Pick<PageParts, "fonts">> & PageParts {
  const require = createRequire(import.meta.url);
  const font = (weight: string): Uint8Array => readFileSync(require.resolve(`inter-ui/web-latin/Inter-${weight}-subset.woff2`));
  const fonts = { regular: font("Regular"), semiBold: font("SemiBold") };
  const bundled = fileURLToPath(new URL("../../dist/report/page-runtime.js", import.meta.url));
  return existsSync(bundled) ? { fonts, runtime: readFileSync(bundled, "utf8") } : { fonts };
}
