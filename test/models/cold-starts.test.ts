import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { openCatalogue } from "../../src/cli/catalogue.ts";
import { Streams } from "../../src/kernel/random.ts";
import { splitProfile } from "../../src/scenario/document/profiles.ts";
import { ColdStart, type ColdStartSettings, coldStartSettings } from "../../src/serving/fleet/cold-start.ts";
import { startPhases, warmStates } from "../../src/serving/fleet/lifecycle.ts";

const catalogue = openCatalogue();
const names = catalogue.names("cold-starts");

const profile = (name: string) => catalogue.find("cold-starts", name) as Record<string, unknown>;
const settingsOf = (name: string): ColdStartSettings => z.decode(coldStartSettings, splitProfile(profile(name)).settings as never);
const coldStart = (name: string): ColdStart => new ColdStart(settingsOf(name), new Streams(1, 0).keyed(name));

/** The seconds of each phase of `count` starts. */
function draws(name: string, count: number, kind: "fromNothing" | "restart" = "fromNothing"): Float64Array[] {
  const starts = coldStart(name);
  return Array.from({ length: count }, () => {
    const into = new Float64Array(startPhases.length);
    starts[kind](into);
    return into;
  });
}

const total = (phases: Float64Array): number => phases.reduce((sum, seconds) => sum + seconds, 0);

/** What starts of a size should take on average, at least and at most: derived from bytes, bandwidths and measured constants. */
const minutes = (least: number, most: number) => [least * 60, most * 60] as const;
const ranges = {
  "8b": { "warm-process": [25, 40], "image-on-node": [35, 65], "streamed-weights": minutes(2.5, 4), "nothing-cached": minutes(8, 11) },
  "13b": { "warm-process": [30, 50], "image-on-node": [45, 80], "streamed-weights": minutes(3, 4.5), "nothing-cached": minutes(9, 12) },
  "70b": { "warm-process": [60, 110], "image-on-node": [90, 200], "streamed-weights": minutes(4, 8), "nothing-cached": minutes(12, 20) },
  "405b": {
    "warm-process": minutes(2.5, 5),
    "image-on-node": minutes(4, 8),
    "streamed-weights": minutes(8, 15),
    "nothing-cached": minutes(20, 40),
  },
} as const;
type Size = keyof typeof ranges;
const sizes = Object.keys(ranges) as Size[];
const kinds = Object.keys(ranges["8b"]) as (keyof (typeof ranges)["8b"])[];
const cells = sizes.flatMap((size) => kinds.map((kind) => ({ name: `${size}-${kind}`, range: ranges[size][kind] })));

describe("the cold starts of the catalogue", () => {
  it("are those of every size by what the node holds, and a few put together from them", () => {
    const others = ["8b-kubernetes", "70b-kubernetes", "base-model-load"];
    expect([...names].sort()).toEqual([...cells.map(({ name }) => name), ...others].sort());
  });

  it.each(cells)("take $name on average as long as was derived for it", ({ name, range: [least, most] }) => {
    const { mean } = coldStart(name);
    expect(mean).toBeGreaterThanOrEqual(least);
    expect(mean).toBeLessThanOrEqual(most);
  });

  it.each(cells)("lie for $name, eight in ten, within that and a fifth more on either side", ({ name, range: [least, most] }) => {
    const sorted = Float64Array.from(draws(name, 2000), total).sort();
    expect(sorted[200]).toBeGreaterThan(least * 0.8);
    expect(sorted[1800]).toBeLessThan(most * 1.2);
  });

  it("take longer the less the node holds, and the larger the model is", () => {
    const table = sizes.map((size) => kinds.map((kind) => coldStart(`${size}-${kind}`).mean));
    for (const row of table) expect(row).toEqual([...row].sort((a, b) => a - b));
    for (const column of kinds.keys()) {
      const means = table.map((row) => row[column]);
      expect(means).toEqual([...means].sort((a, b) => a - b));
    }
  });

  it.each(names)("restart a process of %s sooner than they start it from nothing", (name) => {
    const restarts = draws(name, 300, "restart");
    const average = restarts.reduce((sum, phases) => sum + total(phases), 0) / restarts.length;
    expect(average).toBeLessThan(coldStart(name).mean * 1.05);
    for (const [provisioning, pulling, loading] of restarts) {
      expect([provisioning, pulling]).toEqual([0, 0]);
      expect(loading).toBeGreaterThan(0);
    }
  });

  it.each(names.filter((name) => name !== "base-model-load"))("resume %s the sooner the warmer it waited", (name) => {
    const averages = warmStates.map((state) => {
      const starts = coldStart(name);
      return Array.from({ length: 300 }, () => starts.fromWarm(state)).reduce((sum, seconds) => sum + seconds, 0) / 300;
    });
    const [stopped, paused, ready] = averages;
    expect(stopped).toBeGreaterThan(paused);
    expect(paused).toBeGreaterThan(ready);
    expect(ready).toBe(0);
    // What is provisioned and pulled already is not waited for again; but a stopped node has lost the page cache of a warm process.
    if (!name.endsWith("warm-process")) expect(stopped).toBeLessThan(coldStart(name).mean * 1.05);
  });

  it.each(names)("say of %s where its numbers are from, how they are known, and how they were put together", (name) => {
    const { source, how, asOf, notes } = profile(name);
    expect(source).toMatch(/\w{3}.* \d/);
    expect(["measured", "fitted", "derived"]).toContain(how);
    expect(asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(notes).toMatch(/\d.*\./);
  });

  it("say of the largest model that nobody was found to have measured it from end to end", () => {
    for (const kind of kinds) expect(profile(`405b-${kind}`)["notes"]).toContain("No measured start of a 405B from end to end was found");
  });

  it("stand in lines that can be read", () => {
    for (const size of sizes) {
      const lines = readFileSync(`models/cold-starts/${size}.yaml`, "utf8").split("\n");
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(150);
    }
  });
});

describe("cold starts on Kubernetes", () => {
  it("take as long on average as their phases one by one", () => {
    expect(coldStart("8b-kubernetes").mean).toBeCloseTo((60 + 300) / 2 + (3 * 540 + 7) / 4 + 48 + 34.4 + 27.5, 9);
    const phases = [(60 + 84 + 300) / 3, (3 * 120 + 7) / 4, (3 * 70.6 + 22.2) / 4, 63.8, 27.5];
    expect(coldStart("70b-kubernetes").mean).toBeCloseTo(
      phases.reduce((sum, seconds) => sum + seconds, 0),
      9,
    );
  });

  it("are fast in all phases on a node that has what they need, and in none on a new one", () => {
    // 25 s tell an image at hand (7 s) from one that is pulled (2 min), and 37 s tell weights on NVMe (22 s) from others (71 s).
    const starts = draws("70b-kubernetes", 4000);
    const fastPull = starts.map(([, pulling]) => pulling < 25);
    const fastLoad = starts.map(([, , loading]) => loading < 37);
    expect(fastLoad.filter((fast, i) => fast !== fastPull[i]).length).toBeLessThan(20);
    expect(Math.abs(fastPull.filter((fast) => fast).length / starts.length - 1 / 4)).toBeLessThan(0.03);
    // Nodes at hand take 60 s; where anything is cached it is one of them.
    const provisioning = (wanted: boolean): number[] => starts.filter((_, i) => fastPull[i] === wanted).map(([seconds]) => seconds);
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean(provisioning(true)) / 60 - 1)).toBeLessThan(0.05);
    expect(Math.abs(mean(provisioning(false)) / ((8 * 192 + 60) / 9) - 1)).toBeLessThan(0.05);
  });
});
