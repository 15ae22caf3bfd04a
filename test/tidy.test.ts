import { createRequire } from "node:module";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { expect, it } from "vitest";

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({ file: join("src", file), text: readFileSync(join("src", file), "utf8") }));

/** What must not stand in the sources, where it may stand nevertheless, and what to do instead. */
const banned: readonly { pattern: RegExp; except?: RegExp; instead: string }[] = [
  { pattern: /Math\.random/, instead: "a named stream of kernel/random.ts" },
  { pattern: /Date\.now|performance\.now|new Date\(\)/, except: /^src\/cli\//, instead: "simulated time" },
  {
    pattern: /Math\.(pow|exp|expm1|log\w*|a?(sin|cos|tan)[h2]?|cbrt|hypot)\(|[\w)] \*\* /,
    except: /^src\/(report\/charts|cli)\//,
    instead: "those of kernel/elementary.ts: engines disagree on the last digits",
  },
  { pattern: /\bconsole\./, instead: "process.stdout or stderr in cli/" },
  { pattern: /\b(TODO|FIXME|XXX|HACK)\b/, instead: "an issue" },
  { pattern: /\bas any\b|: any\b/, instead: "a type" },
];

it.each(banned)("no source holds $pattern: use $instead", ({ pattern, except }) => {
  const found = sources.filter(({ file, text }) => pattern.test(text) && except?.test(file) !== true);
  expect(found.map(({ file }) => file)).toEqual([]);
});

it("no file has outgrown one idea: 250 lines at most, but for the few named here", () => {
  const known = new Set(["src/serving/replica/continuous-batch.ts"]);
  const large = sources.filter(({ file, text }) => text.split("\n").length > 250 && !known.has(file));
  expect(large.map(({ file }) => file)).toEqual([]);
});

it("imports go one way through the rooms, and the check sees every module", async () => {
  const config = createRequire(import.meta.url)("../.dependency-cruiser.cjs") as { forbidden: never[]; options: object };
  const { output } = await cruise(["src"], { ...config.options, validate: true, ruleSet: { forbidden: config.forbidden } });
  const { summary, modules } = output as ICruiseResult;
  const seen = modules.filter(({ source }) => source.startsWith("src/"));
  expect(seen.length).toBe(sources.length);
  expect(summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
});
