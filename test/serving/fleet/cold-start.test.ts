import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { PlanError } from "../../../src/base/plan-error.ts";
import { Streams } from "../../../src/kernel/random.ts";
import { ColdStart, coldStartSettings } from "../../../src/serving/fleet/cold-start.ts";
import { startPhases } from "../../../src/serving/fleet/lifecycle.ts";
import { poolSettings } from "../../../src/serving/pool-settings.ts";
import { decode, exampleWith } from "../../scenario/example.ts";

const seconds = (value: number) => ({ constant: `${value}s` });
const random = (name = "starts") => new Streams(3, 0).keyed(name);

function coldStart(given: unknown, name?: string): ColdStart {
  return new ColdStart(z.decode(coldStartSettings, given as never), random(name));
}

/** The seconds of the next start, phase by phase. */
function next(starts: ColdStart, kind: "fromNothing" | "restart" = "fromNothing"): number[] {
  const into = new Float64Array(startPhases.length).fill(NaN);
  starts[kind](into);
  return [...into];
}

const several = (starts: ColdStart, count: number): number[][] => Array.from({ length: count }, () => next(starts));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** A new node, one at hand with the image, and one that holds all: their weights, and how long the phases take there. */
const threeNodes = {
  nodes: [
    { weight: 1, cached: [] },
    { weight: 2, cached: ["node", "image"] },
    { weight: 5, cached: ["node", "image", "weights"] },
  ],
  phases: {
    provisioning: { cached: seconds(1), missing: seconds(300) },
    pulling: { cached: seconds(7), missing: seconds(500) },
    loading: { cached: seconds(20), missing: seconds(70) },
    compiling: seconds(34),
    warming: seconds(25),
  },
};
const rows = [
  [300, 500, 70, 34, 25],
  [1, 7, 70, 34, 25],
  [1, 7, 20, 34, 25],
];

describe("a start from nothing", () => {
  it("has as its mean the means of the nodes' phases, by their weights", () => {
    expect(coldStart(threeNodes).mean).toBeCloseTo((sum(rows[0]) + 2 * sum(rows[1]) + 5 * sum(rows[2])) / 8, 9);
    expect(coldStart({ phases: { loading: { exponential: { mean: "40s" } }, warming: seconds(3) } }).mean).toBe(43);
  });

  it("draws one node, which decides all phases together, as often as its weight says", () => {
    const count = 20_000;
    const drawn = several(coldStart(threeNodes), count).map((row) => rows.findIndex((one) => String(one) === String(row)));
    expect(drawn).not.toContain(-1);
    for (const [node, share] of [1 / 8, 2 / 8, 5 / 8].entries()) {
      const found = drawn.filter((one) => one === node).length / count;
      expect(Math.abs(found - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / count));
    }
  });

  it("takes on average as long as its mean says, whatever the nodes and distributions", () => {
    const law = fc.record({
      lognormal: fc.record({
        mean: fc.integer({ min: 1, max: 99 }).map((n) => `${n}s`),
        cv: fc.double({ min: 0.1, max: 0.6, noNaN: true }),
      }),
    });
    const keyed = fc.record({ cached: law, missing: law });
    const nodes = fc.array(
      fc.record({ weight: fc.double({ min: 0.1, max: 9, noNaN: true }), cached: fc.subarray(["node", "image", "weights", "compiled"]) }),
      { minLength: 1, maxLength: 4 },
    );
    const phases = fc.record({ provisioning: keyed, pulling: keyed, loading: keyed, compiling: keyed, warming: law });
    fc.assert(
      fc.property(fc.record({ nodes, phases }), (given) => {
        const starts = coldStart(given);
        const totals = several(starts, 2000).map(sum);
        const average = sum(totals) / totals.length;
        const deviation = Math.sqrt(sum(totals.map((total) => (total - average) * (total - average))) / totals.length);
        expect(Math.abs(average - starts.mean)).toBeLessThan((5 * deviation) / Math.sqrt(totals.length) + 1e-9);
      }),
      { numRuns: 30 },
    );
  });

  it("has a mean that knows nothing of bounds", () => {
    const bounded = coldStart({ phases: { loading: { constant: "40s", max: "10s" } } });
    expect(bounded.mean).toBe(40);
    expect(sum(next(bounded))).toBe(10);
  });

  it("takes no time where nothing is given", () => {
    const none = new ColdStart(undefined, random());
    expect([none.mean, none.fromWarm("paused"), ...next(none), ...next(none, "restart")]).toEqual(Array.from({ length: 12 }, () => 0));
  });
});

describe("a process that starts again on its node", () => {
  it("waits for no node and no image, and finds its weights and what was compiled, wherever it was started first", () => {
    const compiling = { cached: seconds(19), missing: seconds(34) };
    const starts = coldStart({ ...threeNodes, phases: { ...threeNodes.phases, compiling } });
    expect(several(starts, 20).map(([, , loading]) => loading)).toContain(70);
    for (let i = 0; i < 20; i++) expect(next(starts, "restart")).toEqual([0, 0, 20, 19, 25]);
  });

  it("takes as long for a phase that is not keyed as any start, but for node and image", () => {
    const plain = { provisioning: seconds(60), pulling: seconds(9), loading: seconds(48), compiling: seconds(34), warming: seconds(25) };
    expect(next(coldStart({ phases: plain }), "restart")).toEqual([0, 0, 48, 34, 25]);
  });
});

describe("what is drawn", () => {
  const law = { exponential: { mean: "40s" } };
  const keyed = { cached: law, missing: law };
  const given = {
    nodes: threeNodes.nodes,
    phases: { provisioning: keyed, pulling: keyed, loading: keyed, compiling: law, warming: law },
    resume: { stopped: law, paused: law, ready: law },
  };

  it("is the same for the n-th start of its kind, however many of other kinds came before it", () => {
    const alone = { starts: several(coldStart(given), 12), restarts: coldStart(given), resumptions: coldStart(given) };
    fc.assert(
      fc.property(fc.array(fc.constantFrom("start" as const, "restart" as const, "resume" as const), { maxLength: 12 }), (order) => {
        const mixed = coldStart(given);
        const starts: number[][] = [];
        for (const kind of order) {
          if (kind === "start") starts.push(next(mixed));
          else if (kind === "restart") next(mixed, "restart");
          else mixed.fromWarm("paused");
        }
        expect(starts).toEqual(alone.starts.slice(0, starts.length));
      }),
      { numRuns: 50 },
    );
    next(alone.restarts);
    next(alone.resumptions);
    expect(next(alone.restarts, "restart")).toEqual(next(coldStart(given), "restart"));
    expect(alone.resumptions.fromWarm("paused")).toBe(coldStart(given).fromWarm("paused"));
  });

  it("is new for each start, phase and kind, and in each pool", () => {
    const starts = coldStart(given);
    const drawn = [...several(starts, 20).flat(), ...Array.from({ length: 20 }, () => starts.fromWarm("paused"))];
    for (let i = 0; i < 20; i++) drawn.push(...next(starts, "restart").slice(2));
    drawn.push(...next(coldStart(given, "others")));
    expect(new Set(drawn).size).toBe(20 * 5 + 20 + 20 * 3 + 5);
  });

  it("is what the state of the warm pool takes to resume", () => {
    const starts = coldStart({ phases: {}, resume: { stopped: seconds(110), paused: seconds(27) } });
    expect([starts.fromWarm("stopped"), starts.fromWarm("paused"), starts.fromWarm("ready")]).toEqual([110, 27, 0]);
  });
});

describe("settings of a cold start", () => {
  /** The message for a scenario with these settings, without the lines that show its place. */
  function message(text: string): string {
    try {
      decode(exampleWith("coldStart: kubernetes", `coldStart: ${text}`).replace("warm: { size: 1 }", "warm: { size: 0 }"));
    } catch (error) {
      if (!(error instanceof PlanError)) throw error;
      const { path, message: said, hint, others = [] } = error.details;
      return [`${path}: ${said}`, ...(hint === undefined ? [] : [`hint: ${hint}`]), ...others].join("\n");
    }
    return "is accepted";
  }

  const kinds = "constant, exponential, gamma, lognormal, weibull, empirical, mixture";
  const both = "{ cached: { constant: 1s }, missing: { constant: 9s } }";
  const one = "nodes: [{ weight: 1, cached: [] }]";

  it.each([
    [
      `{ phases: { loading: ${both} } }`,
      "phases.loading: is keyed by what is cached, but there are no `nodes` to draw\n" +
        "hint: nodes: [{ weight: 1, cached: [] }, { weight: 2, cached: [weights] }]",
    ],
    [`{ nodes: [{ weight: 1, cached: [weights, weights] }], phases: { loading: ${both} } }`, "nodes.0.cached.1: names `weights` twice"],
    [`{ nodes: [], phases: { loading: ${both} } }`, "nodes: must have at least 1 entry"],
    [`{ nodes: [{ weight: 0, cached: [] }], phases: { loading: ${both} } }`, "nodes.0.weight: must be above 0\nhint: allowed: above 0"],
    [
      `{ nodes: [{ weight: 1, cached: [wieghts] }], phases: { loading: ${both} } }`,
      "nodes.0.cached.0: must be one of node, image, weights, compiled\nhint: did you mean `weights`?",
    ],
    [
      `{ ${one}, phases: { loading: { cached: { constant: 1s } } } }`,
      "phases.loading: needs `missing` beside `cached`\nhint: how long it takes on a node that lacks it",
    ],
    [
      `{ ${one}, phases: { loading: { missing: { constant: 1s } } } }`,
      `phases.loading: needs exactly one of its kinds, found nothing\nhint: one of ${kinds}, cached`,
    ],
    [
      `{ phases: { loading: { constant: 1s, missing: { constant: 1s } } } }`,
      "phases.loading.missing: stands beside `cached` only\nhint: { cached: …, missing: … }",
    ],
    [
      `{ ${one}, phases: { loading: { constant: 1s, cached: { constant: 1s }, missing: { constant: 1s } } } }`,
      `phases.loading: needs exactly one of its kinds, found constant and cached\nhint: one of ${kinds}, cached`,
    ],
    [
      `{ ${one}, phases: { loading: { cached: { constant: 1s }, missing: { constant: 1s }, max: 3s } } }`,
      "phases.loading.max: bounds a distribution, and here are two\nhint: give it in cached and missing",
    ],
    [
      `{ phases: { loading: { lognrmal: { mean: 1s, cv: 1 } } } }`,
      "phases.loading.lognrmal: is not a setting\nhint: did you mean `lognormal`?",
    ],
    [
      `{ ${one}, phases: { loading: { cached: { constant: 1s }, missng: { constant: 1s } } } }`,
      "phases.loading.missng: is not a setting\nhint: did you mean `missing`?",
    ],
    [
      `{ ${one}, phases: { loading: { cached: { lognrmal: 1s }, missing: { constant: 1s } } } }`,
      "phases.loading.cached.lognrmal: is not a setting\nhint: did you mean `lognormal`?",
    ],
    [`{ phases: { loading: { cached: 1s } } }`, `phases.loading.cached: must be a mapping\nhint: its keys: ${kinds}, min, max`],
  ])("%s: one clear message", (text, expected) => {
    expect(message(text)).toBe(`pools.gpus.coldStart.${expected}`);
  });

  it("cannot key what no cache shortens", () => {
    const expected = `phases.warming: needs exactly one of its kinds, found nothing\nhint: one of ${kinds}`;
    expect(message(`{ ${one}, phases: { warming: ${both} } }`)).toContain(`pools.gpus.coldStart.${expected}\n`);
    expect(message(`{ ${one}, phases: { warming: ${both} } }`)).toContain("phases.warming.cached: is not a setting");
  });

  it("of a profile may be keyed or not where a scenario says so instead", () => {
    expect(message(`{ extends: kubernetes, ${one}, phases: { loading: ${both} } }`)).toBe("is accepted");
    expect(message(`{ extends: kubernetes, ${one}, phases: { loading: { cached: { constant: 1s } } } }`)).toMatch(/needs `missing` beside/);
  });

  it("may give a new node anything that its machine image or a volume brings along", () => {
    const all = `provisioning: ${both}, pulling: ${both}, loading: ${both}, compiling: ${both}`;
    for (const cached of ["[]", "[image]", "[weights]", "[compiled]", "[node]", "[node, image, weights, compiled]"]) {
      expect(message(`{ nodes: [{ weight: 0.5, cached: ${cached} }], phases: { ${all} } }`)).toBe("is accepted");
    }
  });

  const time = fc.constantFrom<unknown>(
    { constant: "10s" },
    { lognormal: { mean: "5m", cv: 0.3 }, max: "10m" },
    { mixture: [{ weight: 2, of: { constant: "1s" } }] },
  );
  const phase = fc.oneof(time, fc.record({ cached: time, missing: time }));
  const phases = fc.record({ provisioning: phase, pulling: phase, loading: phase, compiling: phase, warming: time }, { requiredKeys: [] });
  const caches = { provisioning: "node", pulling: "image", loading: "weights", compiling: "compiled" } as const;
  const valid = phases.chain((given) => {
    const keyed = (Object.keys(caches) as (keyof typeof caches)[]).filter((name) => Object.hasOwn(given[name] ?? {}, "cached"));
    const node = fc.record({ weight: fc.integer({ min: 1, max: 9 }), cached: fc.subarray(keyed.map((name) => caches[name])) });
    const nodes = fc.array(node, { minLength: 1, maxLength: 3 });
    return keyed.length === 0 ? fc.constant({ phases: given }) : nodes.map((list) => ({ nodes: list, phases: given }));
  });
  const pool = (given: unknown) => ({ engine: { station: { servers: 1, service: { constant: "1s" } } }, replicas: 1, coldStart: given });
  const decodePool = (given: unknown) => z.decode(poolSettings, given as never);

  it("are written back as they were given, and decode to the same again", () => {
    fc.assert(
      fc.property(valid, (given) => {
        const decoded = decodePool(pool(given));
        const written = z.encode(poolSettings, decoded);
        expect(written.coldStart).toEqual({ ...given, resume: {} });
        expect(decodePool(written)).toEqual(decoded);
      }),
      { numRuns: 100 },
    );
  });

  it("are described by a JSON schema that accepts them, and refuses what is misspelt", () => {
    const schema = z.fromJSONSchema(z.toJSONSchema(poolSettings.shape.coldStart, { io: "input" }));
    const accepts = (given: unknown): boolean => schema.safeParse(given).success;
    fc.assert(fc.property(valid, accepts), { numRuns: 50 });
    expect(accepts({ ...threeNodes, nodes: [{ weight: 1, cached: ["wieghts"] }] })).toBe(false);
    expect(accepts({ ...threeNodes, phases: { loading: { cached: seconds(1), mising: seconds(2) } } })).toBe(false);
    expect(accepts({ ...threeNodes, phases: { warming: { cached: seconds(1), missing: seconds(2) } } })).toBe(false);
  });
});
