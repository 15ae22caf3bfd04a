import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { PlanError } from "../../src/base/plan-error.ts";
import { modelsFolder, openCatalogue, profileFiles, provenances } from "../../src/cli/catalogue.ts";
import { createDistribution } from "../../src/kernel/distributions/registry.ts";
import { Streams } from "../../src/kernel/random.ts";
import { profileMetadata } from "../../src/scenario/document/profiles.ts";
import { profileError } from "../../src/scenario/profile-error.ts";
import { profileSchemas } from "../../src/scenario/profile-schemas.ts";
import { profileSlots } from "../../src/scenario/schema.ts";
import { coldStartSettings } from "../../src/serving/fleet/cold-start.ts";

const catalogue = openCatalogue();
const profiles = Object.keys(profileFiles).flatMap((kind) =>
  catalogue.names(kind).map((name) => ({ kind, name, profile: catalogue.find(kind, name) as Record<string, unknown> })),
);

function settingsOf(profile: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(profile).filter(([field]) => !(profileMetadata as readonly string[]).includes(field)));
}

describe("the catalogue", () => {
  it("has profiles of every kind that a scenario can name", () => {
    expect(Object.keys(profileFiles)).toEqual(expect.arrayContaining(profileSlots.map(({ kind }) => kind)));
    for (const kind of Object.keys(profileFiles)) expect(catalogue.names(kind).length).toBeGreaterThan(1);
  });

  it.each(profiles)("says where $kind $name is from, as of when, and how it is known", ({ kind, profile }) => {
    expect(String(profile["source"]).length).toBeGreaterThan(10);
    expect(profile["asOf"]).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(provenances).toContain(profile["how"]);
    // Efficiencies have an error for each class of models, which the engines that are derived from them carry on.
    if (profile["how"] === "fitted") {
      const { error } = profile;
      const text = kind === "rooflines" ? JSON.stringify(error) : profileError(error)?.text;
      expect(text).toMatch(/\d ?%/);
    }
    if (profile["how"] === "derived") expect(profile["notes"]).toMatch(/\d/);
  });

  it.each(profiles)("has settings for $kind $name that a scenario can use", ({ kind, profile }) => {
    expect(z.safeDecode(profileSchemas[kind], settingsOf(profile) as never).error?.issues).toBeUndefined();
  });

  it("ships nothing that is marked as unverified", () => {
    for (const { profile } of profiles) expect(JSON.stringify(profile)).not.toMatch(/unverified/i);
  });

  it("draws base model loads with the percentiles of the trace they are fitted to, within 6 %", () => {
    const { phases } = z.decode(
      coldStartSettings,
      settingsOf(catalogue.find("cold-starts", "base-model-load") as Record<string, unknown>) as never,
    );
    const law = createDistribution(phases.loading!);
    const random = new Streams(1, 0).sequence("loads");
    const draws = Float64Array.from({ length: 50_000 }, () => law.sample(random)).sort();
    const measured = { 0.1: 2.6, 0.5: 22.7, 0.9: 42, 0.99: 51.8 };
    for (const [p, seconds] of Object.entries(measured)) {
      const error = draws[Math.floor(Number(p) * draws.length)] / seconds - 1;
      expect(Math.abs(error), p).toBeLessThan(0.06);
    }
  });

  it("lies beside src/", () => {
    expect(modelsFolder).toMatch(/[\\/]models[\\/]$/);
  });
});

describe("a broken catalogue", () => {
  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  function message(files: Record<string, string>, kind = "gpu-prices"): string {
    const folder = mkdtempSync(join(tmpdir(), "headroom-"));
    folders.push(folder);
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    try {
      openCatalogue(folder).names(kind);
    } catch (error) {
      if (error instanceof PlanError) return error.message.replaceAll(folder, "<models>");
      throw error;
    }
    throw new Error("the catalogue was read");
  }

  const book = (text: string) => ({ "prices/gpus.yaml": text });

  it("is not read before it is asked for", () => {
    expect(() => openCatalogue("/nowhere")).not.toThrow();
  });

  it("shows a file that is missing", () => {
    expect(message({})).toMatchInlineSnapshot(`"<models>/prices/gpus.yaml: is missing, so its profiles cannot be used"`);
  });

  it("shows a file that is not YAML", () => {
    expect(message(book("profiles: {"))).toMatchInlineSnapshot(`
      "models/prices/gpus.yaml:1:12: a bracket above is not closed
        1 | profiles: {
                       ^"
    `);
  });

  it("shows a file without profiles", () => {
    expect(message(book("aws: { perGpuHour: { h100: $3 } }"))).toMatchInlineSnapshot(`
      "models/prices/gpus.yaml:1:1: must hold \`profiles\`, a mapping of names
        1 | aws: { perGpuHour: { h100: $3 } }
            ^"
    `);
  });

  it("shows a profile without a source", () => {
    expect(message(book("how: datasheet\nasOf: x\nprofiles:\n  aws: { perGpuHour: { h100: $3 } }"))).toMatchInlineSnapshot(`
      "models/prices/gpus.yaml:4:3: profiles.aws: needs source, a text
        4 |   aws: { perGpuHour: { h100: $3 } }
              ^"
    `);
  });

  it("shows a profile that is known from hearsay", () => {
    expect(message(book("how: hearsay\nasOf: x\nsource: a friend\nprofiles:\n  aws: { perGpuHour: { h100: $3 } }"))).toMatchInlineSnapshot(`
      "models/prices/gpus.yaml:5:3: profiles.aws: must be known from one of datasheet, measured, fitted, derived, assumed (how)
        5 |   aws: { perGpuHour: { h100: $3 } }
              ^"
    `);
  });

  it("shows a name that two files give", () => {
    const text = "how: assumed\nasOf: x\nsource: a\nprofiles:\n  one: {}\n";
    expect(message({ "engines/a.yaml": text, "engines/b.yaml": text }, "engines")).toMatchInlineSnapshot(`
      "models/engines/b.yaml:5:3: profiles.one: is the name of a profile in another file too
        5 |   one: {}
              ^"
    `);
  });
});
