import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { headroom, scratch } from "./headroom.ts";

const files = scratch();
afterAll(() => files.clear());

const readme = readFileSync("README.md", "utf8");
const [printedByStart, ...printedByCommands] = [...readme.matchAll(/```text\n([\s\S]*?)```/g)].map((match) => match[1]);

it("the README shows what `npm start` prints", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: { start: string } };
  const words = scripts.start.replace("node dist/cli/main.js ", "").split(" ");
  const out = words.indexOf("--out") + 1;
  const { status, stdout, stderr } = headroom(...words.with(out, join(files.folder, "report")), "--quiet");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(printedByStart).toBe(`${stdout.trimEnd()}\n`);
});

it.each(printedByCommands)("the README shows what comes of %s", (block) => {
  const [command, ...shown] = block.trimEnd().split("\n");
  const { status, stdout, stderr } = headroom(...wordsOf(command.replace("$ npx headroom ", "")));
  expect(shown.join("\n")).toBe((status === 0 ? stdout : stderr).trimEnd());
});

/** A command line as a shell splits it: at spaces that are not between single quotes. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/(?:[^\s']+|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ""));
}
