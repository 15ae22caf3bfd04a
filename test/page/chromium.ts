import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];

/** Opens a page and returns it as it stands after its scripts have run, with what the browser complained of meanwhile. */
export function opened(url: string): { html: string; complaints: string[] } {
  const profile = mkdtempSync(join(tmpdir(), "headroom-chromium-"));
  try {
    const own = ["--disable-component-update", "--disable-sync", `--user-data-dir=${profile}`];
    const words = [...flags, ...own, "--enable-logging=stderr", "--virtual-time-budget=20000", "--dump-dom", url];
    const { stdout, stderr, error } = spawnSync("chromium", words, { encoding: "utf8", maxBuffer: 1 << 28 });
    if (error !== undefined) throw error;
    return { html: stdout, complaints: stderr.split("\n").filter((line) => /CONSOLE|Refused|ERR_/.test(line)) };
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}
