/** Columns over time of the plan whose details are shown, for a spreadsheet or a notebook. */
import { outcomes, type Point, type Result } from "../experiment/result.ts";
import { csvField } from "./csv.ts";
import { focus, repeats } from "./plans.ts";
import { retrievalColumns, retrievalRows } from "./retrieval-rows.ts";

const latencies = ["ttft_p50_s", "ttft_p95_s", "ttft_p99_s", "total_p95_s"] as const;
const states = ["ready", "starting", "warm", "outstanding"] as const;
const counts = ["lookups", "hits"] as const;

/**
 * One row per window for each class, pool and cache, then for each stage of a class and each vector store; `kind` tells which, and the
 * columns of other kinds are empty, as are latencies of windows in which nothing was served.
 *
 * - `plan`: name of the point; `kind`: class, pool, cache, stage or vectorStore; `name`: its name in the scenario; `start_s`: start of the window, seconds
 * - `offered`, `good`, then the outcomes: requests that arrived in the window, and how they ended
 * - `ttft_…`, `total_…`: seconds
 * - `attempts`: sent in the window; only where clients send anything again
 * - `ready`, `starting`, `warm`: replicas; `outstanding`: attempts in the pool; means over the window
 * - `lookups`, `hits`: of a cache; only where there are caches
 * - `class`, `stage_mean_s`: of a stage, the class and what its requests that arrived in the window spent there
 * - `reads`, `reads_failed`: of a vector store, by window of the read; `utilisation`: share of its slots that were held
 */
export function seriesCsv(result: Result): string {
  const point = focus(result);
  const sent = point !== undefined && Object.values(point.classes).some(repeats) ? ["attempts" as const] : [];
  const asked = point === undefined || Object.keys(point.caches).length === 0 ? [] : counts;
  const head = ["plan", "kind", "name", "start_s", "offered", "good", ...outcomes, ...latencies, ...sent, ...states, ...asked];
  if (point === undefined) return `${head.join(",")}\n`;
  const whole = [...head, ...retrievalColumns(point)];
  const rows = [...classRows(point, sent), ...poolRows(point, sent), ...cacheRows(point, sent), ...retrievalRows(point, head.length - 4)];
  return `${[whole, ...rows].map((row) => whole.map((_, i) => csvField(row[i] ?? null)).join(",")).join("\n")}\n`;
}

type Row = (string | number | null)[];
type Sent = readonly "attempts"[];

function classRows({ name: plan, series: { window_s, classes } }: Point, sent: Sent): Row[] {
  const blanks = states.map(() => null);
  return Object.entries(classes).flatMap(([name, one]) =>
    one.offered.map((offered, i) => {
      const ends = [offered, one.good[i], ...outcomes.map((outcome) => one.outcomes[outcome][i])];
      return [plan, "class", name, i * window_s, ...ends, ...[...latencies, ...sent].map((key) => one[key][i] ?? null), ...blanks];
    }),
  );
}

function poolRows({ name: plan, series: { window_s, pools } }: Point, sent: Sent): Row[] {
  const blanks = [null, null, ...outcomes, ...latencies, ...sent].map(() => null);
  return Object.entries(pools).flatMap(([name, one]) =>
    one.ready.map((_, i) => [plan, "pool", name, i * window_s, ...blanks, ...states.map((state) => one[state][i])]),
  );
}

function cacheRows({ name: plan, series: { window_s, caches } }: Point, sent: Sent): Row[] {
  const blanks = [null, null, ...outcomes, ...latencies, ...sent, ...states].map(() => null);
  return Object.entries(caches).flatMap(([name, { lookups, hits }]) =>
    lookups.map((count, i) => [plan, "cache", name, i * window_s, ...blanks, count, hits[i]]),
  );
}
