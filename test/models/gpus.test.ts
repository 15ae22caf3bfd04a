import { describe, expect, it } from "vitest";
import * as z from "zod";
import { openCatalogue } from "../../src/cli/catalogue.ts";
import { profileMetadata } from "../../src/scenario/document/profiles.ts";
import { type GpuSettings, gpuSettings } from "../../src/serving/roofline/gpu-settings.ts";

const catalogue = openCatalogue();
const names = catalogue.names("gpus");

function profile(kind: string, name: string): Record<string, unknown> {
  const given = Object.entries(catalogue.find(kind, name) as Record<string, unknown>);
  return Object.fromEntries(given.filter(([field]) => !(profileMetadata as readonly string[]).includes(field)));
}

const gpus = new Map<string, GpuSettings>(names.map((name) => [name, z.decode(gpuSettings, profile("gpus", name) as never)]));

describe("the GPUs of the catalogue", () => {
  it("are all that a price book or an engine names", () => {
    const priced = catalogue.names("gpu-prices").flatMap((book) => Object.keys(profile("gpu-prices", book)["perGpuHour"] as object));
    const used = catalogue.names("engines").map((engine) => profile("engines", engine)["gpu"] as string);
    for (const name of new Set([...priced, ...used])) expect(names).toContain(name);
  });

  it.each([...gpus])("compute twice as much with half as many bits on the %s, or cannot", (_, { flops }) => {
    const { bf16, fp8, fp4 } = flops;
    if (fp8 !== undefined) expect(fp8 / bf16).toBeCloseTo(2, 1);
    if (fp4 !== undefined) expect(fp4 / fp8!).toBeGreaterThanOrEqual(2);
  });

  it("compute in fp8 from Ada and Hopper on, and in fp4 from Blackwell on", () => {
    const without = (precision: "fp8" | "fp4") => names.filter((name) => gpus.get(name)!.flops[precision] === undefined);
    expect(without("fp8").sort()).toEqual(["a100-80", "a10g", "a40"]);
    expect(names.filter((name) => !without("fp4").includes(name)).sort()).toEqual(["b200", "b300", "gb200", "rtx-pro-6000"]);
  });

  it.each([...gpus])("are joined on the %s by what its kind of link allows", (_, { link }) => {
    const [least, most] = { nvlink: [300e9, 900e9], infinityFabric: [448e9, 448e9], pcie: [32e9, 64e9] }[link.kind];
    expect(link.bandwidth).toBeGreaterThanOrEqual(least);
    expect(link.bandwidth).toBeLessThanOrEqual(most);
  });
});
