import { describe, expect, it } from "vitest";
import * as z from "zod";
import { PlanError } from "../../../src/base/plan-error.ts";
import { type Catalogue, splitProfile } from "../../../src/scenario/document/profiles.ts";
import { engineName, parseEngineName } from "../../../src/scenario/engines/engine-name.ts";
import { withDerivedEngines } from "../../../src/scenario/engines/derived-engines.ts";
import { engineSettings } from "../../../src/serving/replica/engine-settings.ts";
import { deploymentOf, isIssue } from "../../../src/serving/roofline/deployment.ts";
import { beatsFloor } from "../../../src/serving/roofline/floor.ts";
import { gpuSettings } from "../../../src/serving/roofline/gpu-settings.ts";
import { llmSettings } from "../../../src/serving/roofline/llm-settings.ts";
import { decodeScenario } from "../../../src/scenario/document/decode.ts";
import { openCatalogue } from "../../../src/cli/catalogue.ts";
import { catalogue as others } from "../example.ts";

const shipped = openCatalogue();
const slow = { overhead: "1ms", denseFloor: "6ms", densePerToken: "30us", perKvToken: "0.05us", perPrefillPair: "2ns" };
const own: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "llama-3.1-8b/h100/slow": { llm: "llama-3.1-8b", gpu: "h100", stepTime: slow, kvBlocks: 20_000 },
  "llama-3.1-8b/h100/fast": { llm: "llama-3.1-8b", gpu: "h100", stepTime: { ...slow, perKvToken: "0.02us" }, kvBlocks: 20_000 },
  "llama-3.1-8b/h100/narrow": {
    llm: "llama-3.1-8b",
    gpu: "h100",
    stepTime: { ...slow, perKvToken: "0.02us" },
    kvBlocks: 20_000,
    kvBytesPerToken: 65_536,
  },
  "llama-3.1-8b/h100/full": { llm: "llama-3.1-8b", gpu: "h100", stepTime: slow, kvBlocks: 40_000 },
  "llama-3.1-8b/h100/lost": { llm: "llama-8", gpu: "h100", stepTime: slow, kvBlocks: 20_000 },
};
const about = { source: "a test", asOf: "2026-01-01", how: "assumed" };
const catalogue: Catalogue = withDerivedEngines({
  find: (kind, name) => {
    if (kind !== "engines") return ["llms", "gpus", "rooflines"].includes(kind) ? shipped.find(kind, name) : others.find(kind, name);
    return Object.hasOwn(own, name) ? { ...about, ...own[name] } : undefined;
  },
  names: (kind) =>
    kind === "engines" ? Object.keys(own) : ["llms", "gpus", "rooflines"].includes(kind) ? shipped.names(kind) : others.names(kind),
});

const engine = (name: string) => catalogue.find("engines", name) as Record<string, unknown>;
const decoded = (name: string) => z.decode(engineSettings, splitProfile(engine(name)).settings);

describe("names of derived engines", () => {
  it.each([
    ["llama-3.1-8b/h100/tp1", { llm: "llama-3.1-8b", precision: undefined, gpu: "h100", tp: 1, dp: 1, ep: false }],
    ["llama-3.1-70b-fp8/mi300x/tp2", { llm: "llama-3.1-70b", precision: "fp8", gpu: "mi300x", tp: 2, dp: 1, ep: false }],
    ["deepseek-v3/h200/tp1-dp8-ep", { llm: "deepseek-v3", precision: undefined, gpu: "h200", tp: 1, dp: 8, ep: true }],
    ["deepseek-v3-fp4/b200/tp4-ep", { llm: "deepseek-v3", precision: "fp4", gpu: "b200", tp: 4, dp: 1, ep: true }],
  ])("%s says its parts, and is made of them again", (name, parts) => {
    expect(parseEngineName(name)).toEqual(parts);
    expect(engineName(parts as never)).toBe(name);
  });

  it.each([
    "llama",
    "llama/h100",
    "llama/h100/tp0",
    "llama/h100/tp",
    "llama/h100/tp1-dp",
    "llama/h100/tp1-ep-dp2",
    "a/b/c/tp1",
    "/h100/tp1",
  ])("%s is none", (name) => expect(parseEngineName(name)).toBeUndefined());
});

describe("a derived engine", () => {
  it("has settings that a scenario can use, and says what it is made of", () => {
    const profile = engine("llama-3.1-8b/h100/tp1");
    expect(profile).toMatchObject({
      how: "derived",
      llm: "llama-3.1-8b",
      precision: "bf16",
      gpu: "h100",
      gpus: 1,
      kvBytesPerToken: 131_072,
    });
    expect(profile["source"]).toMatch(/config\.json.*H100.*/);
    expect(profile["notes"]).toMatch(/90 % of the memory less 2\.5 GB/);
    expect(profile["error"]).toMatchObject({ text: expect.stringMatching(/TPOT/) as string });
    expect(decoded("llama-3.1-8b/h100/tp1")).toMatchObject({ maxSequences: 256, maxBatchedTokens: 8192, blockSize: 16, context: 131_072 });
  });

  it("stays within its hardware, for every model on every GPU that is listed", () => {
    const names = catalogue.names("engines").filter((name) => !Object.hasOwn(own, name));
    expect(names.length).toBeGreaterThan(100);
    for (const name of names) {
      const { llm, precision, gpu, tp } = parseEngineName(name)!;
      const settings = <T extends z.ZodType>(schema: T, kind: string, of: string) =>
        z.decode(schema, splitProfile(shipped.find(kind, of) as Record<string, unknown>).settings as never);
      const deployment = deploymentOf({ llm: settings(llmSettings, "llms", llm), gpu: settings(gpuSettings, "gpus", gpu), tp, precision });
      if (isIssue(deployment)) throw new Error(`${name}: ${deployment.message}`);
      const { stepTime, kvBlocks, blockSize } = decoded(name);
      expect(beatsFloor(stepTime!, kvBlocks!, deployment, blockSize), name).toEqual([]);
    }
  });

  it("needs less time on more GPUs, and holds more KV", () => {
    const [two, four, eight] = [2, 4, 8].map((tp) => decoded(`llama-3.1-70b/h100/tp${tp}`));
    for (const [fewer, more] of [
      [two, four],
      [four, eight],
    ] as const) {
      for (const key of ["denseFloor", "densePerToken", "perKvToken", "perPrefillPair"] as const) {
        expect(more.stepTime![key]).toBeLessThan(fewer.stepTime![key]);
      }
      expect(more.kvBlocks).toBeGreaterThan(2 * fewer.kvBlocks!);
    }
  });

  it("says of how many pairs on which GPUs its error is, and that others may be further off", () => {
    const error = (name: string) => engine(name)["error"] as { readonly tpot: string; readonly text: string };
    const [known, other, mixture] = ["llama-3.1-8b/h100/tp1", "llama-3.1-8b/l4/tp1", "mixtral-8x7b/b200/tp1"].map(error);
    expect(known.text).toBe("median of 3 (model, GPU) pairs of dense models left out of the fit, on h100 and h200: TPOT 5.8%, TTFT 21.0%");
    expect(other.tpot).toBe(known.tpot);
    expect(other.text).toBe(
      `${known.text}. The fit has no dense models on l4, so the error may be larger: ` +
        "an RTX 4090, whose run had no part in the fit, came out 21 % too slow in TPOT and 28 % in TTFT",
    );
    expect(mixture.text).toMatch(/^median of 12 .* of mixtures of experts .*, on h100, h200, b200 and b300: TPOT 19\.0%, TTFT 22\.4%$/);
    expect(error("llama-3.1-8b/h100-pcie/tp1").text).toMatch(/no dense models on h100-pcie/);
  });

  it.each([
    ["mixtral-8x7b/h100/tp2", /Experts computed in bf16 rest on 20 rows of one model: do not compare them with other precisions$/],
    // This GPU has no fp4, in which the experts are held.
    ["gpt-oss-20b/h100/tp1", /Experts computed in bf16 rest on 20 rows/],
    ["llama-3.1-70b-fp4/b200/tp1", /Dense layers computed in fp4 rest on mixtures of experts alone/],
  ])("says when its precision was hardly measured: %s", (name, note) => expect(engine(name)["notes"]).toMatch(note));

  it("does not where it was, but warns of those of its kind that were not", () => {
    expect(engine("llama-3.1-70b/h100/tp2")["notes"]).not.toMatch(/rest on/);
    for (const name of ["mixtral-8x7b-fp8/h100/tp2", "gpt-oss-120b/b200/tp1", "deepseek-v3-fp4/b200/tp8"]) {
      expect(engine(name)["notes"]).toMatch(/Do not compare it with bf16, where experts rest on 20 rows of one model$/);
    }
  });

  it.each([1, 2, 8])("has the limits of each data-parallel group, of which there are %i", (dp) => {
    const name = `deepseek-v3/h200/tp${8 / dp}${dp > 1 ? `-dp${dp}` : ""}-ep`;
    expect(decoded(name)).toMatchObject({ maxSequences: 256 * dp, maxBatchedTokens: 8192 * dp, gpus: 8 });
    expect(/in each of the \d groups: [\d,]+ and [\d,]+ in the replica/.test(engine(name)["notes"] as string)).toBe(dp > 1);
  });

  it("has no more GPUs than a link joins, and than a replica can, and no more groups than a batch can hold sequences of", () => {
    const refusal = (name: string) => catalogue.refusal!("engines", name);
    const apart = { code: "out-of-range", message: "16 GPUs are more than the 8 that share a link" };
    expect(refusal("deepseek-v3/h200/tp8-dp2")).toMatchObject(apart);
    expect(engine("deepseek-v3/gb200/tp1-dp72")).toMatchObject({ gpus: 72 });
    const joined = (tp: number, dp: number) => {
      const link = { kind: "nvlink", bandwidth: "450GB/s", peers: 4096 };
      const gpu = { memory: "143771MiB", bandwidth: "4.8TB/s", flops: { bf16: "989TFLOPS", fp8: "1979TFLOPS" }, link };
      return JSON.stringify(catalogue.derive!("engines", { roofline: { llm: "deepseek-v3", gpu, tp, dp } }));
    };
    expect(joined(8, 129)).toMatch("tp 8 × dp 129 = 1,032 GPUs are above the 1,024 that a replica can have");
    expect(joined(8, 128)).toMatch('"gpus":1024');
    expect(joined(1, 391)).toMatch("dp 391 is above the 390 groups that a replica can have");
    expect(joined(1, 390)).toMatch('"maxSequences":99840');
  });

  it("is said to take groups as evenly loaded, none of which holds more than its share of the blocks", () => {
    const spread = engine("qwen3-235b-a22b-fp8/h200/tp1-dp8-ep");
    expect(spread["notes"]).toMatch(/all 8 groups have as much to do: with few requests at a time it is up to 8 times too fast/);
    const { kvBlocks, blockSize, context } = decoded("qwen3-235b-a22b-fp8/l40s/tp4-dp2") as {
      kvBlocks: number;
      blockSize: number;
      context: number;
    };
    expect(context).toBe(Math.min(40_960, (kvBlocks / 2) * blockSize));
  });

  it("is told from what a name without its parts may have meant", () => {
    const names = [
      "qwen3-14b/h100",
      "Qwen3-14B-fp8/L40S",
      "mixtral/l40s",
      "qwen3-15b/h101",
      "qwen/h100",
      "deepseek-v3/l4",
      "deepseek-r1/h200",
      "deepseek-r1/h200/tp8",
      "Qwen/Qwen3-14B",
      "meta-llama/Llama-3.1-8B-Instruct",
      "gpt-oss-120b",
      "nothing/like-it",
    ];
    expect(names.map((name) => catalogue.refusal!("engines", name)!.hint)).toMatchInlineSnapshot(`
      [
        "add the GPUs: qwen3-14b/h100/tp1",
        "add the GPUs: qwen3-14b-fp8/l40s/tp1",
        "add the GPUs: mixtral-8x7b/l40s/tp4",
        "add the GPUs: qwen3-14b/h100/tp1",
        "which model: qwen3-14b, qwen3-32b, qwen3-235b-a22b, qwen-72b, qwen3.5-397b-a17b? Write it like <llm>[-bf16|-fp8|-fp4]/<gpu>/tp<n>[-dp<n>][-ep], such as llama-3.1-8b/h100/tp1",
        "add the GPUs: deepseek-v3/l4/tp<n>, though one server of l4 does not hold it with KV to spare",
        "add the GPUs: deepseek-v3/h200/tp8",
        "\`deepseek-v3\` stands for it: their shapes are the same",
        "an engine is a model on GPUs: qwen3-14b/<gpu>/tp<n>, such as qwen3-14b/h100/tp1",
        "an engine is a model on GPUs: llama-3.1-8b/<gpu>/tp<n>, such as llama-3.1-8b/h100/tp1",
        "an engine is a model on GPUs: gpt-oss-120b/<gpu>/tp<n>, such as gpt-oss-120b/h100/tp1",
        "write it like <llm>[-bf16|-fp8|-fp4]/<gpu>/tp<n>[-dp<n>][-ep], such as llama-3.1-8b/h100/tp1",
      ]
    `);
  });

  it("is refused with the number and the bound", () => {
    const names = [
      "llama-3.1-8b/h100/tp3",
      "llama-3.1-9b/h100/tp1",
      "llama-3.1-8b/h1000/tp1",
      "llama-3.1-70b/h100/tp1",
      "llama-3.1-8b-fp8/a100-80/tp1",
      "mistral-nemo-12b/l4/tp1",
      "llama-3.1-8b/h100/slwo",
      "llama-3.1-8b/h100/tp1-dp2",
    ];
    expect(names.map((name) => catalogue.find("engines", name))).toEqual(names.map(() => undefined));
    const refusals = names.map((name) => catalogue.refusal!("engines", name)!);
    expect(refusals.map(({ message, hint }) => `${message} (${hint})`)).toMatchInlineSnapshot(`
      [
        "tp 3 does not divide the 32 heads (allowed: 1, 2, 4, 8, 16, 32)",
        "there is no model \`llama-3.1-9b\` among the llms (did you mean \`llama-3.1-8b\`?)",
        "there is no GPU \`h1000\` among the gpus (did you mean \`h100\`?)",
        "weights of 141 GB do not fit in 1 × 85.5 GB (more GPUs, or a lower precision)",
        "the GPU cannot compute in fp8 (it has bf16)",
        "weights of 24.5 GB do not fit in 1 × 24.2 GB (more GPUs, or a lower precision)",
        "there is no profile \`llama-3.1-8b/h100/slwo\` among the engines (did you mean \`llama-3.1-8b/h100/slow\`? or <llm>[-bf16|-fp8|-fp4]/<gpu>/tp<n>[-dp<n>][-ep], such as llama-3.1-8b/h100/tp1)",
        "the model is dense, so that dp 2 would only be 2 replicas (leave it out, and give more replicas)",
      ]
    `);
  });
});

describe("a shipped engine", () => {
  it("is used as it stands when it respects its hardware", () => {
    expect(engine("llama-3.1-8b/h100/slow")).toEqual({ ...about, ...own["llama-3.1-8b/h100/slow"] });
  });

  it("is refused when it beats its hardware, or names a model that is not known", () => {
    const refusals = ["fast", "full", "lost"].map((last) => catalogue.refusal!("engines", `llama-3.1-8b/h100/${last}`)!.message);
    expect(refusals).toMatchInlineSnapshot(`
      [
        "the profile \`llama-3.1-8b/h100/fast\` is refused: perKvToken 0.02 us is below the 0.03913 us that 131,072 bytes take at 3.35 TB/s",
        "the profile \`llama-3.1-8b/h100/full\` is refused: kvBlocks 40,000 is above the 33,121 that fit beside weights of 16.1 GB in 1 × 85.5 GB",
        "the profile \`llama-3.1-8b/h100/lost\` is refused: there is no model \`llama-8\` among the llms",
      ]
    `);
  });

  it("may read less KV for a token when its KV is in fp8", () => {
    expect(engine("llama-3.1-8b/h100/narrow")).toBeDefined();
  });
});

describe("an engine with a roofline in a scenario", () => {
  const scenario = (engineText: string) => `name: x
horizon: 1h
traffic:
  chat: { arrivals: { rate: 1/s }, inputTokens: { constant: 100 }, outputTokens: { constant: 50 }, path: [gpus] }
pools:
  gpus:
    engine: ${engineText}
    replicas: 1
`;
  const decode = (text: string) => decodeScenario({ file: "plan.yaml", text: scenario(text), catalogue, resolveFile: (path) => path });
  const message = (text: string) => {
    try {
      decode(text);
    } catch (error) {
      if (error instanceof PlanError) return error.message;
      throw error;
    }
    throw new Error("the scenario was decoded");
  };

  it("is the same as the engine that its parts name, with what stands beside it on top", () => {
    const [named, described] = ["llama-3.1-70b-fp8/h200/tp2", "{ roofline: { llm: llama-3.1-70b, gpu: h200, tp: 2, precision: fp8 } }"].map(
      decode,
    );
    expect(described.scenario).toEqual(named.scenario);
    expect(described.profiles).toEqual(named.profiles);
    const { engine: changed } = decode("{ roofline: { llm: llama-3.1-70b, gpu: h200, tp: 2, precision: fp8 }, maxSequences: 64 }").scenario
      .pools["gpus"];
    expect(changed).toEqual({ ...named.scenario.pools["gpus"].engine, maxSequences: 64 });
  });

  it("takes a model and a GPU that the catalogue does not have", () => {
    const gpu = "{ memory: 64GB, bandwidth: 2TB/s, flops: { bf16: 400TFLOPS }, link: { kind: pcie, bandwidth: 32GB/s } }";
    const { scenario: decodedScenario, profiles } = decode(`{ roofline: { llm: llama-3.1-8b, gpu: ${gpu} } }`);
    expect(decodedScenario.pools["gpus"].engine).toMatchObject({ llm: "llama-3.1-8b", gpus: 1, precision: "bf16" });
    expect(profiles).toMatchObject([{ name: "llama-3.1-8b/own/tp1", how: "derived" }]);
  });

  it("shows where it is wrong", () => {
    const inline = "{ memory: 64 GB, bandwidth: 2, flops: { bf16: 400TFLOPS }, link: { kind: pcie, bandwidth: 32GB/s } }";
    const texts = [
      "{ roofline: { llm: llama-3.1-8b, gpu: h100, tp: 3 } }",
      "{ roofline: { llm: llama-3.1-9b, gpu: h100 } }",
      "{ roofline: { llm: llama-3.1-8b, gpu: h100, tpp: 2 } }",
      "{ roofline: { llm: llama-3.1-8b } }",
      "{ roofline: { llm: llama-3.1-70b, gpu: h100 } }",
      `{ roofline: { llm: llama-3.1-8b, gpu: ${inline} } }`,
      "llama-3.1-8b/h100/fast",
      "{ extends: llama-3.1-8b/h100/tp5, maxSequences: 4 }",
    ];
    expect(texts.map(message).join("\n\n")).toMatchInlineSnapshot(`
      "plan.yaml:7:61: pools.gpus.engine.roofline.tp: tp 3 does not divide the 32 heads
        7 |     engine: { roofline: { llm: llama-3.1-8b, gpu: h100, tp: 3 } }
                                                                        ^
        hint: allowed: 1, 2, 4, 8, 16, 32

      plan.yaml:7:32: pools.gpus.engine.roofline.llm: there is no model \`llama-3.1-9b\` among the llms
        7 |     engine: { roofline: { llm: llama-3.1-9b, gpu: h100 } }
                                           ^
        hint: did you mean \`llama-3.1-8b\`?

      plan.yaml:7:57: pools.gpus.engine.roofline.tpp: is not a setting
        7 |     engine: { roofline: { llm: llama-3.1-8b, gpu: h100, tpp: 2 } }
                                                                    ^
        hint: did you mean \`tp\`?

      plan.yaml:7:15: pools.gpus.engine.roofline: needs gpu
        7 |     engine: { roofline: { llm: llama-3.1-8b } }
                          ^
        hint: gpu: a profile of models/gpus, or its data sheet

      plan.yaml:7:25: pools.gpus.engine.roofline: weights of 141 GB do not fit in 1 × 85.5 GB (found { llm: llama-3.1-70b, gpu: h100 })
        7 |     engine: { roofline: { llm: llama-3.1-70b, gpu: h100 } }
                                    ^
        hint: more GPUs, or a lower precision

      plan.yaml:7:79: pools.gpus.engine.roofline.gpu.bandwidth: must be a bandwidth (found 2)
        7 |     engine: { roofline: { llm: llama-3.1-8b, gpu: { memory: 64 GB, bandwidth: 2, flops: { bf16: 400TFLOPS }, link: { kind: pcie, bandwidth: 32GB/s } } } }
                                                                                          ^
        hint: write it like 3.35TB/s, 450GB/s

      plan.yaml:7:13: pools.gpus.engine: the profile \`llama-3.1-8b/h100/fast\` is refused: perKvToken 0.02 us is below the 0.03913 us that 131,072 bytes take at 3.35 TB/s
        7 |     engine: llama-3.1-8b/h100/fast
                        ^
        hint: no engine beats its hardware: look for a wrong unit or the wrong GPU

      plan.yaml:7:24: pools.gpus.engine.extends: tp 5 does not divide the 32 heads
        7 |     engine: { extends: llama-3.1-8b/h100/tp5, maxSequences: 4 }
                                   ^
        hint: allowed: 1, 2, 4, 8, 16, 32"
    `);
  });
});
