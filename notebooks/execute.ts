/**
 * Executes every notebook of this folder with Deno's kernel and holds what its cells put out against what is committed:
 *
 *     npm run notebooks               fails where a cell fails, or puts out something else
 *     npm run notebooks -- --update   writes what the cells put out into the notebooks
 *
 * Needs `jupyter-nbconvert`. The kernel is installed below this folder, and made known to Jupyter in a folder that is removed again.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { changesBetween, type Notebook, withOutputs } from "./outputs.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const deno = join(folder, "node_modules", ".bin", "deno");
const update = process.argv.includes("--update");

if (!existsSync(deno)) execFileSync("npm", ["ci"], { cwd: folder, stdio: "inherit" });

const temporary = mkdtempSync(join(tmpdir(), "headroom-notebooks-"));
try {
  const kernel = join(temporary, "kernels", "deno");
  mkdirSync(kernel, { recursive: true });
  const argv = [deno, "jupyter", "--kernel", "--conn", "{connection_file}"];
  writeFileSync(join(kernel, "kernel.json"), JSON.stringify({ argv, display_name: "Deno", language: "typescript" }));
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".ipynb"))) await check(name);
} finally {
  rmSync(temporary, { recursive: true });
}

async function check(name: string): Promise<void> {
  const words = ["--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=600", "--log-level=ERROR", "--output-dir", temporary];
  const env = { ...process.env, JUPYTER_DATA_DIR: temporary, DENO_NO_UPDATE_CHECK: "1" };
  const { error, status } = spawnSync("jupyter-nbconvert", [...words, name], { cwd: folder, env, stdio: "inherit" });
  if (error !== undefined) return fail(`jupyter-nbconvert cannot be started (${error.message}); Debian's package has its name`);
  if (status !== 0) return fail(`${name}: a cell failed`);
  const before = readNotebook(join(folder, name));
  const after = withOutputs(before, readNotebook(join(temporary, name)));
  if (update) {
    writeFileSync(join(folder, name), `${JSON.stringify(after, null, 1)}\n`);
    return;
  }
  const changes = await changesBetween(before, after);
  if (changes.length > 0) return fail(`${name}:\n${changes.join("\n")}\nnpm run notebooks -- --update writes what the cells put out now`);
  process.stdout.write(`${name}: every cell puts out what is committed\n`);
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

function readNotebook(file: string): Notebook {
  return JSON.parse(readFileSync(file, "utf8")) as Notebook;
}
