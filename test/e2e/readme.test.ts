import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { headroom, scratch } from "./headroom.ts";

const files = scratch();
afterAll(() => files.clear());

const readme = readFileSync("README.md", "utf8");
const [printedByStart, printedByValidate] = [...readme.matchAll(/```text\n([\s\S]*?)```/g)].map((match) => match[1]);

it("the README shows what `npm start` prints", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: { start: string } };
  const words = scripts.start.replace("node dist/cli/main.js ", "").split(" ");
  const out = words.indexOf("--out") + 1;
  const { status, stdout, stderr } = headroom(...words.with(out, join(files.folder, "report")));
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(printedByStart).toBe(`${stdout.trimEnd()}\n`);
});

it("the README shows what a typo gets", () => {
  const [command, ...message] = printedByValidate.trimEnd().split("\n");
  const { status, stderr } = headroom(...command.replace("$ npx headroom ", "").split(" "));
  expect(status).toBe(2);
  expect(message.join("\n")).toBe(stderr.trimEnd());
});
