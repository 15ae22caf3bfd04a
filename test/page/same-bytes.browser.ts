import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { opened } from "./chromium.ts";
import { simulated } from "./in-browser.ts";

it("a simulation in a browser gives the same bytes as in Node", async () => {
  const folder = mkdtempSync(join(tmpdir(), "headroom-bundle-"));
  try {
    const bundled = await build({
      entryPoints: ["test/page/in-browser-entry.ts"],
      bundle: true,
      format: "esm",
      platform: "browser",
      write: false,
    });
    const page = join(folder, "page.html");
    const script = bundled.outputFiles[0].text.replaceAll("</script", String.raw`<\/script`);
    writeFileSync(page, `<!doctype html><meta charset="utf-8"><body><script type="module">${script}</script></body>`);
    const { html, complaints } = opened(pathToFileURL(page).href);
    expect(complaints).toEqual([]);
    const shown = /<body>([\s\S]*?)<\/body>/.exec(html)![1];
    const text = shown.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&").replaceAll("&nbsp;", "\u00a0");
    expect(text.trim()).toBe(await simulated());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
