import { describe, expect, test } from "vitest";
import { compile } from "vega-lite";
import type { Estimate, Point, Result } from "../../../src/experiment/result.ts";
import { charts } from "../../../src/report/charts/registry.ts";
import { renderSvg } from "../../../src/report/svg.ts";
import { explained } from "../explained.ts";
import { around, compared, filling, point, repeating, retrieving, simulated, swept, sweptBy } from "../fixture.ts";

const sweep = swept();
const chart = (name: string) => charts.find((one) => one.name === name)!;
const withPoint = (result: Result, change: (point: Point) => Partial<Point>): Result => ({
  ...result,
  points: result.points.map((one) => ({ ...one, ...change(one) })),
});

/** The same without intervals, as with one replication. */
function bare<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => bare(item)) as T;
  if (typeof value !== "object" || value === null) return value;
  const { low: _low, high: _high, ...rest } = value as Partial<Estimate> & Record<string, unknown>;
  return Object.fromEntries(Object.entries("mean" in value ? rest : value).map(([key, item]) => [key, bare(item)])) as T;
}

const silent = withPoint(simulated(), ({ series }) => ({
  series: {
    ...series,
    classes: Object.fromEntries(
      Object.entries(series.classes).map(([name, one]) => [
        name,
        {
          ...one,
          ttft_p50_s: one.offered.map(() => null),
          ttft_p95_s: one.offered.map(() => null),
          ttft_p99_s: one.offered.map(() => null),
        },
      ]),
    ),
  },
}));

const along = sweptBy(
  [
    { path: "pools.gpus.coldStart", label: "coldStart", values: ["0", "30s", "3m"] },
    { path: "pools.gpus.scaling", label: "scaling", values: ["{ fixed: {} }", "{ predictive: {} }"] },
  ],
  ([start, law]) => ({
    attainment: around(0.99 - 0.0004 * Number.parseFloat(start) * (law.includes("fixed") ? 2 : 1), 0.004),
    usd_per_month: around(9000, 120),
  }),
);

const worthless = withPoint(simulated(), () => ({
  economics: {
    answers: {
      net_usd_per_month: around(-300, 20),
      saved_usd_per_month: { tokens: around(430, 20), caches: around(-730, 0) },
      cost_usd_per_month: around(730, 0),
      attemptsSaved: around(918, 4),
      tokensSaved: around(1.1e6, 2e4),
      replicaHoursSaved: around(0, 0),
      hitGain_s: around(4.1, 0.1),
      missLoss_s: around(0.02, 0),
      hitShare: around(0.18, 0.001),
      breakEvenHitShare: around(0.306, 0.002),
    },
  },
}));

const late = withPoint(simulated(), ({ classes }) => ({
  classes: {
    ...classes,
    chat: { ...classes["chat"], lateRequests: around(900, 5), lateTime_s: { cold: around(7, 0.5), decode: around(3, 0.5) } },
  },
}));

const cases: readonly (readonly [string, Result])[] = [
  ["a simulation", simulated()],
  ["a simulation that misses its SLO", simulated({ warm: 0 })],
  ["a cache that costs more than it saves", worthless],
  ["a comparison", compared()],
  ["a sweep", sweep],
  ["a sweep along one axis", along],
  ["clients that try again", repeating(simulated())],
  ["a comparison of clients that try again", repeating(compared())],
  ["retrieval", retrieving(simulated())],
  ["an explanation", explained()],
  ["late requests", late],
  ["caches that fill, compared", filling(retrieving(compared()))],
  ["one replication along one axis", bare({ ...along, replications: 1 })],
  ["one replication", bare({ ...sweep, replications: 1 })],
  ["no pools", withPoint(simulated(), ({ series }) => ({ pools: {}, series: { ...series, pools: {} } }))],
  [
    "several pools",
    withPoint(simulated(), ({ series }) => ({ series: { ...series, pools: { a: series.pools["gpus"], b: series.pools["gpus"] } } })),
  ],
  [
    "no objectives",
    withPoint(sweep, ({ classes }) => ({
      classes: Object.fromEntries(Object.entries(classes).map(([name, one]) => [name, { ...one, objectives: [] }])),
    })),
  ],
  ["nothing served", silent],
  ["no classes at all", withPoint(simulated(), ({ series }) => ({ classes: {}, series: { ...series, classes: {} } }))],
  [
    "equal plans",
    {
      ...compared(),
      points: [point({ name: "a", values: [], warm: 1, timeout: 30, attempts: 1, large: true })].flatMap((one) => [
        one,
        { ...one, name: "b" },
      ]),
    },
  ],
  ["no points", { ...simulated(), points: [] }],
];

describe.each(charts.map((one) => [one.name, one] as const))("the chart %s", (name, one) => {
  test.each(cases.filter(([, result]) => one.applies(result)))(
    "compiles without complaint and is drawn alike twice: %s",
    async (_, result) => {
      const before = JSON.stringify(result);
      const [first, second] = [await renderSvg(one.spec(result)), await renderSvg(one.spec(result))];
      expect(first.problems).toEqual([]);
      expect(second.svg).toBe(first.svg);
      expect(first.svg).not.toContain("NaN");
      expect(first.svg).not.toContain("undefined");
      expect(JSON.stringify(result)).toBe(before);
    },
  );

  test("states its finding as its title and its description, with the seed and the sample below", () => {
    const result = cases.map(([, example]) => example).find((example) => one.applies(example))!;
    const spec = one.spec(result) as { title: { text: string[]; subtitle: string[] }; description: string };
    expect(spec.title.text.join(" ")).toBe(one.headline(result));
    expect(spec.description).toBe(one.headline(result));
    expect(spec.title.subtitle.join(" ")).toContain("seed 7 · 5 replications");
  });

  test("has a name fit for a file and unlike the others", () => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/);
    expect(charts.filter((other) => other.name === name)).toHaveLength(1);
  });
});

describe("which charts apply", () => {
  const fleet = ["replicas-over-time", "cold-start-waterfall"];
  test.each([
    ["simulate", simulated(), ["latency-over-time", "outcomes-over-time", ...fleet]],
    ["compare", compared(), ["cost-attainment", "latency-over-time", "outcomes-over-time", ...fleet]],
    [
      "sweep",
      sweep,
      ["cost-attainment", "cost-latency", "sweep-heatmap", "goodput-heatmap", "latency-over-time", "outcomes-over-time", ...fleet],
    ],
    ["retrieval", retrieving(simulated()), ["latency-over-time", "latency-by-stage", "outcomes-over-time", ...fleet]],
    ["a cache that fills", filling(simulated()), ["latency-over-time", "outcomes-over-time", "cache-hit-rate", ...fleet]],
    ["clients that try again", repeating(simulated()), ["latency-over-time", "outcomes-over-time", "amplification-over-time", ...fleet]],
    [
      "a sweep along one axis",
      along,
      ["cost-attainment", "cost-latency", "along-axis", "sweep-heatmap", "latency-over-time", "outcomes-over-time", ...fleet],
    ],
    ["nothing served", silent, ["outcomes-over-time", ...fleet]],
  ] as const)("%s", (_, result, names) => {
    expect(charts.filter((one) => one.applies(result)).map((one) => one.name)).toEqual(names);
  });
});

describe("headlines claim no more than the statistics carry", () => {
  const latency = chart("latency-over-time");
  const judged = (verdict: Point["verdict"], attained: Estimate) =>
    withPoint(simulated(), ({ classes }) => {
      const chat = classes["chat"];
      return { classes: { ...classes, chat: { ...chat, objectives: [{ ...chat.objectives[0], verdict, attained }] } } };
    });

  test("latency is kept, missed or undecided as the objective is", () => {
    expect(latency.headline(judged("met", around(0.97, 0.01)))).toBe(
      "chat keeps TTFT p95 under 2 s: 97.00 % of requests meet it, 95 % must",
    );
    expect(latency.headline(judged("missed", around(0.9, 0.01)))).toMatch(
      /^chat misses TTFT p95 under 2 s: 90.00 % of requests meet it, 95 % must/,
    );
    expect(latency.headline(judged("undecided", around(0.951, 0.004)))).toBe(
      "Whether chat keeps TTFT p95 under 2 s is undecided: 95.10 % ± 0.40 meet it, 95 % must",
    );
  });

  test("the worst moment is named only where the threshold was broken", () => {
    expect(latency.headline(simulated({ warm: 0 }))).toMatch(/worst at 14:10$/);
    const calm = judged("missed", around(0.9, 0.01));
    const quiet = withPoint(calm, ({ series }) => {
      const chat = series.classes["chat"];
      return { series: { ...series, classes: { chat: { ...chat, ttft_p95_s: chat.offered.map(() => 1.9) } } } };
    });
    expect(latency.headline(quiet)).not.toContain("worst");
  });

  test("a plan is called the cheapest only where no other that met costs about as much", () => {
    const cost = chart("cost-attainment");
    expect(cost.headline(compared())).toBe("The cheapest plan that keeps the SLO costs $20,953 a month: warm 3, large");
    expect(cost.headline(sweep)).toMatch(/^\$17,287 a month keeps the SLO with .*; 5 other plans cost about as much$/);
    const { best: _, ...unadvised } = sweep;
    expect(cost.headline(withPoint(unadvised, () => ({ verdict: "missed" })))).toBe(
      "No plan of 48 keeps the SLO; the nearest attains 97.27 %",
    );
    expect(cost.headline(withPoint(unadvised, () => ({ verdict: "undecided" })))).toBe("No plan surely keeps the SLO: 48 of 48 undecided");
  });

  test("a setting whose ends overlap makes no clear difference", () => {
    const map = chart("sweep-heatmap");
    expect(map.headline(sweep)).toBe("warm takes attainment from 93.7 % to 97.0 %; at warm 1, timeout makes no clear difference");
    const unsure = withPoint(sweep, ({ attainment }) => ({ attainment: around(attainment.mean, 0.1) }));
    expect(map.headline(unsure)).toBe("Neither warm nor timeout makes a clear difference to attainment");
    expect(map.headline(bare(sweep))).toBe("Neither warm nor timeout makes a clear difference to attainment");
  });

  test("the most common way not to be served is named only where it surely is", () => {
    const ends = chart("outcomes-over-time");
    const lost = (timedOut: Estimate, shed: Estimate) =>
      withPoint(simulated(), ({ classes }) => {
        const { digests } = classes;
        const outcomes = { ...digests.outcomes, served: around(9_000, 20), timedOut, shed };
        return { classes: { digests: { ...digests, outcomes } } };
      });
    expect(ends.headline(lost(around(800, 20), around(200, 20)))).toBe("10.00 % of requests were not served, most often timed out 8.00 %");
    expect(ends.headline(lost(around(510, 40), around(490, 40)))).toBe(
      "10.00 % of requests were not served: timed out 5.10 %, shed 4.90 %",
    );
    expect(ends.headline(lost(around(0, 0), around(0, 0)))).toBe("Every request was served");
  });
});

test("a spike of one window is in the drawing however many windows there are", () => {
  const result = withPoint(simulated(), ({ series }) => {
    const chat = series.classes["chat"];
    return { series: { ...series, classes: { ...series.classes, chat: { ...chat, ttft_p95_s: chat.ttft_p95_s.with(777, 123.4) } } } };
  });
  expect(JSON.stringify(chart("latency-over-time").spec(result))).toContain('"v":123.4');
});

test("the bars of what was not served hold exactly the counts of the series", () => {
  const result = simulated({ warm: 0 });
  const spec = chart("outcomes-over-time").spec(result) as {
    vconcat: { layer: { data: { values: { low?: number; high?: number }[] } }[] }[];
  };
  const drawn = spec.vconcat[1].layer.flatMap(({ data }) => data.values).reduce((sum, { low = 0, high = 0 }) => sum + high - low, 0);
  const counted = Object.values(result.points[0].series.classes).flatMap(({ outcomes: { served: _served, ...lost } }) =>
    Object.values(lost).flat(),
  );
  expect(drawn).toBeCloseTo(
    counted.reduce((a, b) => a + b),
    3,
  );
});

test("the heat map of two small axes is this specification", async () => {
  const axes = [sweep.axes[1], sweep.axes[2]].map(({ path, label, values }) => ({ path, label, values: values.slice(0, 2) }));
  const points = axes[0].values.flatMap((warm) =>
    axes[1].values.map((timeout) =>
      point({
        name: `${warm} ${timeout}`,
        values: [warm, timeout],
        warm: Number(warm),
        timeout: Number.parseInt(timeout, 10),
        attempts: 1,
        large: true,
      }),
    ),
  );
  const { config: _, ...spec } = chart("sweep-heatmap").spec({ ...sweep, axes, points, best: 2 }) as unknown as Record<string, unknown>;
  expect(() => compile(spec as never)).not.toThrow();
  await expect(`${JSON.stringify(spec, null, 2)}\n`).toMatchFileSnapshot("sweep-heatmap.snap");
});

describe("the SLO is a rule across cost and attainment", () => {
  const drawn = (result: Result) => JSON.stringify(chart("cost-attainment").spec(result)).includes("SLO: 95 % of requests");

  test("at the target of the watched objective, and nowhere without one", () => {
    expect(drawn(sweep)).toBe(true);
    const { watched: _, ...unwatched } = sweep;
    expect(drawn(unwatched)).toBe(false);
  });
});
