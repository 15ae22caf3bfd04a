import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { PlanError } from "../../src/base/plan-error.ts";
import { scenario } from "./arbitrary.ts";
import { decode, example, exampleWith } from "./example.ts";

type Step = string | number;

/** Paths of everything in a plain value. */
function pathsOf(value: unknown, at: Step[] = []): Step[][] {
  if (typeof value !== "object" || value === null) return [at];
  const entries: [Step, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [at, ...entries.flatMap(([key, part]) => pathsOf(part, [...at, key]))];
}

/** A copy with the value at the path changed; `undefined` takes it away. */
function changed(value: unknown, [first, ...rest]: readonly Step[], to: unknown): unknown {
  if (first === undefined) return to;
  const copy = structuredClone(value) as Record<Step, unknown>;
  const inner = changed(copy[first], rest, to);
  if (inner !== undefined) copy[first] = inner;
  else if (Array.isArray(copy)) copy.splice(Number(first), 1);
  else delete copy[first];
  return copy;
}

const rubbish = fc.oneof(
  fc.constant(undefined),
  fc.anything({ maxDepth: 2, withNullPrototype: false }).filter((value) => typeof value !== "symbol" && typeof value !== "function"),
  fc.constantFrom<unknown>(
    null,
    "",
    "0",
    "-1",
    "NaN",
    "1e999",
    "10 parsecs",
    -1,
    0.5,
    1e300,
    Infinity,
    NaN,
    true,
    [],
    {},
    [[]],
    { extends: "x" },
    { extends: null },
  ),
);

describe("decodeScenario", () => {
  it("decodes valid scenarios, frozen to the last part", () => {
    fc.assert(
      fc.property(scenario, (raw) => {
        const decoded = decode(stringify(raw)).scenario;
        const isFrozen = (value: unknown): boolean =>
          typeof value !== "object" || value === null || (Object.isFrozen(value) && Object.values(value).every(isFrozen));
        expect(isFrozen(decoded)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it("decodes or throws a PlanError, whatever single thing is changed", () => {
    const change = scenario.chain((raw) => fc.tuple(fc.constant(raw), fc.constantFrom(...pathsOf(raw)), rubbish));
    fc.assert(
      fc.property(change, ([raw, path, to]) => {
        const text = textOf(changed(raw, path, to));
        if (text !== undefined) expectPlanErrorAtMost(() => decode(text));
      }),
      { numRuns: 500 },
    );
  });

  it("decodes or throws a PlanError, whatever is cut from or put into the text", () => {
    const edit = fc.tuple(
      fc.nat(example.length),
      fc.nat(20),
      fc.oneof(fc.string(), fc.constantFrom("\t", "{", "]", "*a", "&a ", "? ", "'", '"', "<<: ", "!x ", ": ", "- ", "\n")),
    );
    fc.assert(
      fc.property(edit, ([at, length, put]) => {
        expectPlanErrorAtMost(() => decode(example.slice(0, at) + put + example.slice(at + length)));
      }),
      { numRuns: 500 },
    );
  });

  it("decodes or throws a PlanError, whatever a flag says", () => {
    const path = fc.oneof(
      fc.constantFrom("pools.gpus.engine.maxSequences", "pools.gpus.price", "traffic.chat.path.1.first.0", "seed", "caches.answers"),
      fc.string(),
    );
    fc.assert(
      fc.property(path, fc.oneof(fc.string(), fc.json()), (at, value) => {
        expectPlanErrorAtMost(() => decode(example, `${at.replaceAll("=", "")}=${value}`));
      }),
      { numRuns: 500 },
    );
  });

  it("gives every mistake in the file a line, a column and the words found there", () => {
    const place = placeOf(() => decode(exampleWith("rate: 1/s", "rate: 1")));
    expect(place).toEqual({ file: "plan.yaml", line: 6, column: 23, text: "    arrivals: { rate: 1 }" });
  });

  it("counts columns after a byte order mark and in files with CRLF", () => {
    const text = `\uFEFF${exampleWith("name: example", "nam: example")}`.replaceAll("\n", "\r\n");
    expect(placeOf(() => decode(text))).toEqual({ file: "plan.yaml", line: 1, column: 1, text: "nam: example" });
  });

  it("leaves out the text of lines too long to read", () => {
    expect(placeOf(() => decode(exampleWith("name: example", `name: example # ${"x".repeat(500)}`).replace("example", "[1]")))).toEqual({
      file: "plan.yaml",
      line: 1,
      column: 7,
    });
  });

  it("allows anchors and aliases, each use with its own value", () => {
    const shared = exampleWith("answers: { kind: exact, hitRate: 20% }", "answers: &c { kind: exact, hitRate: 20% }\n  others: *c");
    const { caches } = decode(shared, "caches.others.hitRate=30%").scenario;
    expect([caches["answers"].hitRate, caches["others"].hitRate]).toEqual([0.2, 0.3]);
  });
});

describe("assignments", () => {
  it("replace values, with units, mappings and lists", () => {
    const flags = [
      "horizon=2h",
      "pools.gpus.replicas={ min: 2, max: 8 }",
      'traffic.chat.slo=["success >= 99%"]',
      "traffic.chat.path.1.first.0=hosted",
      "traffic.chat.path.1.first.1=gpus",
    ];
    const { scenario: decoded } = decode(example, ...flags);
    expect(decoded.horizon).toBe(7200);
    expect(decoded.pools["gpus"].replicas).toEqual({ min: 2, max: 8 });
    expect(decoded.traffic["chat"].slo).toEqual([{ kind: "success", least: 0.99 }]);
    expect(decoded.traffic["chat"].path[1]).toMatchObject({ first: ["hosted", "gpus"] });
  });

  it("make known settings that the file leaves out", () => {
    expect(decode(example, "pools.gpus.queue.capacity=400").scenario.pools["gpus"].queue).toEqual({
      capacity: 400,
      order: "fifo",
      shedAbove: {},
    });
  });

  it("override a part of a profile that the file names, whatever the order of the flags", () => {
    const [whole, part] = ["pools.gpus.engine=llama/l40s", "pools.gpus.engine.stepTime.overhead=3ms"];
    const priced = exampleWith("price: cloud", "price: { perReplicaHour: $3 }");
    for (const flags of [
      [whole, part],
      [part, whole],
    ]) {
      const { scenario: decoded, profiles } = decode(priced, ...flags);
      expect(decoded.pools["gpus"].engine.stepTime).toMatchObject({ overhead: 0.003, denseFloor: 0.02 });
      expect(profiles.map(({ name }) => name)).toContain("llama/l40s");
    }
  });

  it("take out what is set to null, so that its default holds", () => {
    const { scenario: decoded } = decode(example, "pools.gpus.warm=null", "traffic.chat.client.retry.budget=null", "warmup=null");
    expect(decoded).toEqual(
      decode(exampleWith("    warm: { size: 1 }\n", "").replace("attempts: 3, budget: 10%", "attempts: 3").replace("warmup: 5m\n", ""))
        .scenario,
    );
  });

  it("leave all as it is where what is set to null is not there, and neither is the way to it", () => {
    for (const flag of ["traffic.chat.client.breaker.window=null", "pools.gpus.queue=null", "pools.gpus.queue.capacity=null"]) {
      expect(decode(example, flag).scenario).toEqual(decode(example).scenario);
    }
  });

  it.each([
    ["pools.gpus.engine.kvBlocks=null", /kvBlocks=null: is not in the scenario itself, and may come with `llama\/h100`/],
    ["pools.gpus.engine.stepTime.overhead=null", /may come with `llama\/h100`/],
    ["traffic.chat.slo.0=null", /cannot be taken out of a list\n {2}hint: set traffic.chat.slo as a whole/],
    ["traffic.chat.path=null", /traffic.chat: needs path/],
    ["pools.gpus.nonsense=null", /has no `nonsense`/],
  ])("refuse %s", (flag, message) => {
    expect(() => decode(example, flag)).toThrow(message);
  });

  it("let the last of two flags for the same path win", () => {
    expect(decode(example, "seed=2", "seed=3").scenario.seed).toBe(3);
  });

  it("do not touch the scenarios decoded from the same file before", () => {
    const before = decode(example);
    decode(example, "pools.gpus.engine.stepTime.overhead=9ms");
    expect(decode(example)).toEqual(before);
  });
});

describe("profiles", () => {
  it("stand where they are named, without what they say about themselves, and are reported", () => {
    const { scenario: decoded, profiles } = decode(example);
    expect(decoded.pools["gpus"].engine).toMatchObject({ gpu: "h100", gpus: 1, kvBlocks: 1000 });
    expect(profiles).toContainEqual({
      path: "pools.gpus.engine",
      name: "llama/h100",
      how: "assumed",
      source: "a test",
      asOf: "2026-01-01",
      error: { text: "e" },
    });
    expect(profiles).toHaveLength(4);
  });

  it("take overrides mapping by mapping", () => {
    const text = exampleWith("coldStart: kubernetes", "coldStart: { extends: kubernetes, phases: { loading: { constant: 10s } } }");
    expect(decode(text).scenario.pools["gpus"].coldStart!.phases).toEqual({
      pulling: { lognormal: { mean: 540, cv: 0.1 } },
      loading: { constant: 10 },
    });
  });

  it("are said to be changed, and no longer to have an error that is known, where a scenario changes their laws", () => {
    const own = (engine: string) =>
      decode(exampleWith("engine: llama/h100", `engine: ${engine}`)).profiles.find(({ path }) => path === "pools.gpus.engine")!;
    expect(own("{ extends: llama/h100, maxSequences: 4 }")).toMatchObject({ name: "llama/h100", error: { text: "e" } });
    const slower = own("{ extends: llama/h100, stepTime: { overhead: 2ms } }");
    expect(slower).toMatchObject({ name: "llama/h100", changed: ["stepTime"] });
    expect(slower.error).toBeUndefined();
  });

  it("let another kind of distribution replace their own", () => {
    const text = exampleWith("coldStart: kubernetes", "coldStart: { extends: kubernetes, phases: { pulling: { constant: 10s } } }");
    expect(decode(text).scenario.pools["gpus"].coldStart!.phases.pulling).toEqual({ constant: 10 });
  });
});

describe("paths of traces", () => {
  const traced = exampleWith("arrivals: { rate: 1/s }", "arrivals: { trace: day.csv }");

  it("are relative to the file that holds them", () => {
    expect(decode(traced).scenario.traffic["chat"].arrivals.trace).toBe("file/day.csv");
  });

  it("are relative to the working folder when a flag gives them, or a mapping around them", () => {
    const traces = ["arrivals.trace=day.csv", "arrivals={ trace: day.csv }"].map(
      (flag) => decode(traced, `traffic.chat.${flag}`).scenario.traffic["chat"].arrivals.trace,
    );
    expect(traces).toEqual(["flag/day.csv", "flag/day.csv"]);
  });
});

function expectPlanErrorAtMost(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(PlanError);
  }
}

function placeOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    if (error instanceof PlanError) return error.details.place;
  }
  throw new Error("there was no mistake");
}

/** The value as YAML, where YAML can say it. */
function textOf(value: unknown): string | undefined {
  try {
    return stringify(value);
  } catch {
    return undefined;
  }
}
