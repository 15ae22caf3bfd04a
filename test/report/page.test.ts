import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Result } from "../../src/experiment/result.ts";
import { cspHash, escape, scriptJson } from "../../src/report/html.ts";
import { reportPage } from "../../src/report/page.ts";
import { around, compared, simulated, swept } from "./fixture.ts";

const runtime = 'console.log("</script>");';

test("the same result and parts give the same page", async () => {
  expect(await reportPage(compared(), { runtime })).toBe(await reportPage(compared(), { runtime }));
});

test("the policy allows nothing but the page's own style, script and font, by their hashes", async () => {
  const page = await reportPage(simulated(), { runtime });
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)![1].replaceAll("&#39;", "'");
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const script = /<script>([\s\S]*?)<\/script>/.exec(page)![1];
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)![1];
  expect(policy.split("; ")).toEqual([
    "default-src 'none'",
    `style-src ${hash(style)}`,
    "font-src data:",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    `script-src ${hash(script)}`,
  ]);
  expect(script).toContain(String.raw`<\/script>`);
});

test("without a runtime there is no script, and every chart is there as a picture with its finding as its name", async () => {
  const page = await reportPage(swept());
  expect(page).not.toMatch(/<script/);
  expect(page).not.toContain("script-src");
  const figures = [...page.matchAll(/<figure>.*?role="img" aria-label="([^"]+)"><svg/g)].map((match) => match[1]);
  expect(figures).toHaveLength(8);
  expect(figures[2]).toBe("warm takes attainment from 93.7 % to 97.0 %; at warm 1, timeout makes no clear difference");
});

test("nothing on the page is fetched", async () => {
  const page = await reportPage(swept(), { runtime });
  expect(page).not.toMatch(/(?:src|href|action)="(?!#)/);
  expect(page).not.toMatch(/@import|url\((?!data:|#)/);
});

test("no name can become markup", async () => {
  const evil = `"><img src=x onerror=alert(1)></script><script>alert(1)</script>'&`;
  const base = simulated();
  const one = base.points[0];
  const poisoned: Result = {
    ...base,
    name: evil,
    advice: evil,
    command: evil,
    version: evil,
    scenarioHash: evil,
    warnings: [evil],
    axes: [{ path: evil, label: evil, values: [evil, "b"] }],
    profiles: [{ path: evil, name: evil, how: evil, source: evil, asOf: evil }],
    differences: [
      { from: evil, to: evil, metric: evil, unit: "s", difference: around(1, 0.1), significant: true, varianceReduction: 12.3 },
    ],
    points: [evil, "b"].map((name) =>
      Object.assign({}, one, {
        name,
        values: [name],
        classes: { [evil]: { ...one.classes["chat"], objectives: [{ ...one.classes["chat"].objectives[0], text: evil }] } },
        pools: { [evil]: one.pools["gpus"] },
        providers: { [evil]: one.providers["openai"] },
        caches: { [evil]: one.caches["answers"] },
        series: { ...one.series, classes: { [evil]: one.series.classes["chat"] }, pools: { [evil]: one.series.pools["gpus"] } },
      }),
    ),
  };
  const page = await reportPage(poisoned, { runtime: "0" });
  expect(page).not.toContain("<img");
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page.match(/<\/script/g)).toHaveLength(2);
  expect(page).toContain("&lt;img src=x");
});

test("escaped text has no character that ends text or an attribute, and reads back", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const safe = escape(text);
      expect(safe).not.toMatch(/[<>"']/);
      const names: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
      expect(safe.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => names[name])).toBe(text);
    }),
  );
});

test("JSON for a script has no opening bracket and means the same", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const value: unknown = JSON.parse(text);
      expect(scriptJson(value)).not.toContain("<");
      expect(JSON.parse(scriptJson(value))).toEqual(value);
    }),
  );
});

test("the hash of a text is that of its UTF-8 bytes", async () => {
  expect(await cspHash("")).toBe("'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
});

test("one row is marked as advised, and every plan of a long sweep is on the page", async () => {
  const page = await reportPage(swept());
  const [short, whole] = page.split("<details>");
  expect(short.match(/class="best"/g)).toHaveLength(1);
  expect(short).toContain("further plans not shown");
  expect(whole.split("</details>")[0].match(/<tr/g)).toHaveLength(1 + 42);
});

test("how to repeat the run, what it rests on and how sure it is are said", async () => {
  const page = await reportPage(simulated());
  for (const text of [
    "headroom simulate models",
    "9f2c4be1a07d3358",
    "llama-3.1-8b/h100/tp1",
    "derived",
    "Student&#39;s t",
    "12 of 1,440 windows",
  ]) {
    expect(page).toContain(text);
  }
});

test("a plan checked on fresh seeds says so", async () => {
  const verification = { replications: 9, verdict: "met" as const, attainment: around(0.961, 0.004), usd_per_month: around(17_300, 150) };
  expect(await reportPage({ ...swept(), verification })).toContain("9 fresh replications");
  expect(await reportPage(swept())).not.toContain("fresh replication");
});

test("a page of a single replication claims no intervals", async () => {
  const page = await reportPage({ ...simulated(), replications: 1 });
  expect(page).toContain("there are no intervals");
  expect(page).not.toContain("Student");
});
