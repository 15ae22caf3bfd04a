import { afterAll, describe, expect, it } from "vitest";
import { headroom, scratch } from "./headroom.ts";

const { write, clear } = scratch();
afterAll(clear);

interface Listed {
  readonly kinds: Readonly<Record<string, readonly { readonly name: string; readonly how: string; readonly source: string }[]>>;
}

describe("headroom models list", () => {
  it("names all kinds, and says how engines are derived", () => {
    const { status, stdout } = headroom("models", "list");
    expect(status).toBe(0);
    for (const kind of [
      "engines",
      "llms",
      "gpus",
      "rooflines",
      "cold-starts",
      "token-prices",
      "gpu-prices",
      "provider-limits",
      "clients",
    ]) {
      expect(stdout).toMatch(new RegExp(`^${kind} \\(\\d+\\)$`, "m"));
    }
    expect(stdout).toContain("<llm>[-bf16|-fp8|-fp4]/<gpu>/tp<n>");
    expect(stdout.split("\n").every((line) => line.length <= 100 && !line.endsWith(" "))).toBe(true);
  });

  it("lists derived engines too when asked for engines, each with its source, as JSON", () => {
    const { kinds } = JSON.parse(headroom("models", "list", "engines", "--json").stdout) as Listed;
    expect(Object.keys(kinds)).toEqual(["engines"]);
    const names = kinds["engines"].map(({ name }) => name);
    for (const name of ["llama-3.1-70b-fp8/h100/tp2", "llama-3.1-405b-fp8/h100/tp8", "gpt-oss-120b/h100/tp1", "qwen3-14b/l40s/tp1"]) {
      expect(names).toContain(name);
    }
    for (const { how, source } of kinds["engines"]) expect(`${how} ${source}`.length).toBeGreaterThan(20);
  });

  it("does not know other kinds", () => {
    const { status, stderr } = headroom("models", "list", "engine");
    expect(status).toBe(2);
    expect(stderr).toBe("headroom: there is no kind `engine` of profiles\n  hint: did you mean `engines`?\n");
  });
});

describe("headroom models show", () => {
  interface Sheet {
    readonly coefficients: readonly { readonly name: string; readonly value_s: number; readonly atBest_s?: number }[];
    readonly kv: { readonly blocks: number; readonly tokens: number; readonly bytesPerToken: number; readonly bytes: number };
    readonly decode: { readonly tokens_per_s: number };
    readonly steady: { readonly requests_per_s: number };
    readonly kneeTokens: number;
  }
  const sheetOf = (name: string) =>
    (JSON.parse(headroom("models", "show", name, "--json").stdout) as { profiles: { sheet: Sheet }[] }).profiles[0].sheet;

  it("tells what an engine comes to, and where it is from", () => {
    const { status, stdout } = headroom("models", "show", "llama-3.1-70b-fp8/h100/tp2");
    expect(status).toBe(0);
    for (const part of ["how: fitted", "source: aiconfigurator", "error: ", "Step time", "perKvToken", "14,540 blocks: 232,640 tokens"]) {
      expect(stdout).toContain(part);
    }
    expect(stdout).toMatch(/decoding alone +[\d,]+ tokens\/s with \d+ sequences of 1,024 tokens/);
    expect(stdout).toMatch(/no more than +[\d.]+ requests\/s of 1,024 tokens in, 256 out/);
    expect(stdout).toContain("batches vary, so a simulation reaches fewer");
    expect(stdout).toMatch(/knee +computing takes longer than reading weights from \d+ tokens on/);
    expect(stdout.split("\n").every((line) => line.length <= 100)).toBe(true);
  });

  it.each(["llama-3.1-8b/rtx-4090/tp1", "llama-3.1-8b/h200/tp2", "deepseek-v3/h200/tp8", "gpt-oss-20b/l40s/tp1"])(
    "%s stays above what its hardware could do at best",
    (name) => {
      const { coefficients, kv, decode, steady, kneeTokens } = sheetOf(name);
      expect(coefficients.filter(({ atBest_s }) => atBest_s !== undefined).length).toBeGreaterThanOrEqual(4);
      for (const { value_s, atBest_s = 0 } of coefficients) if (atBest_s > 0) expect(value_s).toBeGreaterThanOrEqual(atBest_s * 0.9999);
      expect(kv.bytes).toBe(kv.blocks * 16 * kv.bytesPerToken);
      for (const figure of [decode.tokens_per_s, steady.requests_per_s, kneeTokens]) expect(figure).toBeGreaterThan(0);
    },
  );

  it("shows other kinds as they stand", () => {
    const { stdout } = headroom("models", "show", "h100");
    expect(stdout).toMatch(/^h100 \(gpus\)\n/);
    expect(stdout).toContain("bandwidth: 3.35TB/s");
    expect(headroom("models", "show", "llama-3.1-8b").stdout).toContain("kvHeads: 8");
  });

  it("tells what a client comes to: attempts, waits before each retry and in all, time-outs", () => {
    const { stdout } = headroom("models", "show", "openai-sdk");
    expect(stdout.slice(stdout.indexOf("One request"), stdout.indexOf("timeout:"))).toMatchInlineSnapshot(`
      "One request at one target
      figure           value
      attempts         up to 3: the first and 2 more
      retried          after whatever is no answer
      retry-after      waited for up to 60 s; a longer one counts as none
      waiting in all   1.13 s to 1.5 s where no retry-after is sent
      time-outs        10 m for an attempt
      a request lasts  up to 30 m 2 s where its target never answers

      Waits before retries
                 at      at
      retry   least    most
      1      375 ms  500 ms
      2      750 ms     1 s
      all    1.13 s   1.5 s

      "
    `);
    for (const name of ["langchain-over-openai", "aws-standard", "litellm-router"]) {
      const shown = headroom("models", "show", name).stdout;
      expect(shown).toContain("One request at one target");
      expect(shown.split("\n").every((line) => line.length <= 100 && !line.includes("…"))).toBe(true);
    }
  });

  it("shows the error of efficiencies by the kind of model, within the width", () => {
    const { stdout } = headroom("models", "show", "vllm");
    expect(stdout).toMatch(/^error:\n {2}dense: \{ tpot: 5\.8%, .*gpus: \[ h100, h200 \] \}\n {2}experts: /m);
    expect(stdout.split("\n").every((line) => line.length <= 100)).toBe(true);
  });

  it("explains what does not exist, with the nearest name", () => {
    const names = ["llama-3.1-8b/h100/tp3", "llama-3.1-9b/h100/tp1", "h101", "nothing-like-it", "qwen3-14b/h100", "deepseek-r1"];
    const ended = names.map((name) => headroom("models", "show", name));
    expect(ended.map(({ status }) => status)).toEqual(names.map(() => 2));
    expect(ended.map(({ stderr }) => stderr).join("")).toMatchInlineSnapshot(`
      "headroom: tp 3 does not divide the 32 heads (found llama-3.1-8b/h100/tp3)
        hint: allowed: 1, 2, 4, 8, 16, 32
      headroom: there is no model \`llama-3.1-9b\` among the llms (found llama-3.1-9b/h100/tp1)
        hint: did you mean \`llama-3.1-8b\`?
      headroom: there is no profile \`h101\`
        hint: did you mean \`h100\`? headroom models list names them all
      headroom: there is no profile \`nothing-like-it\`
        hint: headroom models list names them all
      headroom: there is no profile \`qwen3-14b/h100\` among the engines
        hint: add the GPUs: qwen3-14b/h100/tp1
      headroom: there is no profile \`deepseek-r1\`
        hint: \`deepseek-v3\` stands for it: their shapes are the same; headroom models list names them all
      "
    `);
  });
});

describe("headroom models size", () => {
  const traffic = ["--rpm", "1000", "--input", "200", "--output", "20"];

  it("counts provisioned units step by step", () => {
    const { status, stdout } = headroom("models", "size", "azure-openai/ptu/gpt-5.2", ...traffic, "--cached", "50%", "--regional");
    expect(status).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "azure-openai/ptu/gpt-5.2
      step                         value  from
      prompts         200,000 tokens/min  1,000 calls/min × 200
      of them cached  100,000 tokens/min  50 %
      prompts count   100,000 tokens/min  100,000 × 1 + 100,000 × 0
      answers          20,000 tokens/min  1,000 calls/min × 20
      answers count   160,000 tokens/min  20,000 × 8
      normalised      260,000 tokens/min  100,000 + 160,000
      at least               76.47 units  260,000 / 3,400
      regional                 100 units  from 50 in steps of 50
      For calls that come evenly; bursts need more. What the sum leaves out: headroom models show
      azure-openai/ptu/gpt-5.2.
      "
    `);
  });

  it("has the same as JSON, for all that is on offer", () => {
    const { stdout } = headroom("models", "size", "azure-openai/ptu/gpt-5.2", ...traffic, "--json");
    const { sum, deployments } = JSON.parse(stdout) as { sum: { normalised: number }; deployments: { scope: string; units: number }[] };
    expect(sum.normalised).toBe(360_000);
    expect(deployments.map(({ scope, units }) => `${scope} ${units}`)).toEqual(["regional 150", "global 110"]);
  });

  it("explains what it cannot count", () => {
    const asked = [
      ["gemini/1000k-tpm", ...traffic],
      ["azure-openai/ptu/gpt-5.3", ...traffic],
      ["azure-openai/ptu/gpt-5.2", ...traffic.with(1, "many")],
      ["azure-openai/ptu/gpt-5.2", ...traffic.slice(2)],
      ["azure-openai/ptu/gpt-5.2", ...traffic, "--cached", "150%"],
    ];
    const ended = asked.map((words) => headroom("models", "size", ...words));
    expect(ended.map(({ status }) => status)).toEqual(asked.map(() => 2));
    expect(ended.map(({ stderr }) => stderr.replace(/known here: .*/, "known here: …")).join("")).toMatchInlineSnapshot(`
      "headroom: \`gemini/1000k-tpm\` has no provisioned units
        hint: known here: …
      headroom: there is no profile \`azure-openai/ptu/gpt-5.3\`
        hint: did you mean \`azure-openai/ptu/gpt-5.5\`?
      headroom: --rpm: must be a count (found many)
        hint: write it like 400, 50k, 2M
      headroom: missing required argument: rpm
        hint: headroom --help, or headroom <command> --help
      headroom: --cached: must be at most 100% (found 150%)
        hint: allowed: from 0%, up to 100%
      "
    `);
  });
});

describe("headroom models check", () => {
  const about = "how: assumed\nsource: a test\nasOf: 2026-01-01\n";
  const engine = (name: string, perKvToken: string) =>
    `${about}profiles:\n  ${name}:\n    gpu: h100\n    kvBlocks: 20000\n    stepTime: { denseFloor: 6ms, densePerToken: 30us, perKvToken: ${perKvToken}, perPrefillPair: 2ns }\n`;

  it("finds nothing wrong with what is shipped", () => {
    const { status, stdout, stderr } = headroom("models", "check");
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\d+ profiles checked, nothing wrong: \d+ engines, \d+ llms, \d+ gpus, /);
  });

  it("accepts a file of one's own whose engine respects its hardware, and tells its kind by its keys", () => {
    const file = write("own.yaml", engine("llama-3.1-8b/h100/own", "0.05us").replace("gpu: h100", "gpu: h100\n    llm: llama-3.1-8b"));
    expect(headroom("models", "check", file, "--json").stdout).toBe('{"schema":"headroom/models/1","checked":{"engines":1}}\n');
    const gpu = write(
      "gpu.yaml",
      `${about}profiles:\n  x: { memory: 1GB, bandwidth: 1GB/s, flops: { bf16: 1TFLOPS }, link: { kind: pcie, bandwidth: 1GB/s } }\n`,
    );
    expect(headroom("models", "check", gpu).stdout).toBe("1 profile checked, nothing wrong: 1 gpus\n");
    const limits = write(
      "limits.yaml",
      `${about}profiles:\n  x: { calls: { law: subWindow, rpm: 60, window: 1s } }\n  y: { law: tokenBucket, rpm: 9 }\n`,
    );
    expect(headroom("models", "check", limits).stdout).toBe("2 profiles checked, nothing wrong: 2 provider-limits\n");
  });

  it("refuses an engine that beats its hardware, and a file that is wrong, with the place", () => {
    const fast = write("fast.yaml", engine("llama-3.1-8b/h100/tp1", "0.02us"));
    const typo = write("typo.yaml", engine("llama-3.1-8b/h100/tp1", "0.05 lightyears"));
    const bare = write("bare.yaml", "profiles:\n  x: { memory: 1GB }\n");
    const ended = [fast, typo, bare, "absent.yaml"].map((file) => headroom("models", "check", file));
    expect(ended.map(({ status }) => status)).toEqual([2, 2, 2, 2]);
    const folder = fast.slice(0, -"fast.yaml".length);
    expect(ended.map(({ stderr }) => stderr.replaceAll(folder, "")).join("")).toMatchInlineSnapshot(`
      "headroom: fast.yaml:5:3: llama-3.1-8b/h100/tp1: perKvToken 0.02 us is below the 0.03913 us that 131,072 bytes take at 3.35 TB/s
        5 |   llama-3.1-8b/h100/tp1:
              ^
      headroom: typo.yaml:8:55: llama-3.1-8b/h100/tp1.stepTime.perKvToken: must be a duration
        8 |     stepTime: { denseFloor: 6ms, densePerToken: 30us, perKvToken: 0.05 lightyears, perPrefillPair: 2ns }
                                                                  ^
        hint: write it like 500ms, 90s, 30m, 24h, 14d
      headroom: bare.yaml:2:3: profiles.x: needs source, a text
        2 |   x: { memory: 1GB }
              ^
      headroom: absent.yaml: there is no such model file
        hint: paths on the command line are relative to the working folder
      "
    `);
  });
});

it("cold starts are listed with how long a replica takes in the mean", () => {
  const { stdout } = headroom("models", "list", "cold-starts", "--json");
  const { kinds } = JSON.parse(stdout) as { kinds: { "cold-starts": { name: string; start_s: number }[] } };
  const start = (name: string) => kinds["cold-starts"].find((one) => one.name === name)!.start_s;
  expect(start("70b-kubernetes")).toBeCloseTo(389.55, 6);
  expect(start("70b-warm-process")).toBeLessThan(start("70b-nothing-cached"));
  expect(headroom("models", "list", "cold-starts").stdout).toMatch(/70b-kubernetes +derived +\S+ +6 m 30 s/);
});

it("vector stores are listed by names that can be typed, with the reads that one replica can serve", () => {
  const { stdout } = headroom("models", "list", "vector-stores");
  expect(stdout).toMatch(/^hnsw-single-node\/one-optimizer-thread +measured +\S+ +3,066 /m);
  expect(stdout.split("\n").every((row) => row.length <= 100)).toBe(true);
});
