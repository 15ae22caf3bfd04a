/** Columns over time of the plan whose details are shown, for a spreadsheet or a notebook. */
import { outcomes, type Point, type Result } from "../experiment/result.ts";
import { focus, repeats } from "./plans.ts";

const latencies = ["ttft_p50_s", "ttft_p95_s", "ttft_p99_s", "total_p95_s"] as const;
const states = ["ready", "starting", "warm", "outstanding"] as const;

/**
 * One row per window for each class and for each pool, in that order; `kind` tells which, and the columns of the other kind are
 * empty, as are latencies of windows in which nothing was served.
 *
 * - `plan`: name of the point; `kind`: class or pool; `name`: its name in the scenario; `start_s`: start of the window, seconds
 * - `offered`, `good`, then the outcomes: requests that arrived in the window, and how they ended
 * - `ttft_…`, `total_…`: seconds
 * - `attempts`: sent in the window; only where clients send anything again
 * - `ready`, `starting`, `warm`: replicas; `outstanding`: attempts in the pool; means over the window
 */
export function seriesCsv(result: Result): string {
  const point = focus(result);
  const sent = point !== undefined && Object.values(point.classes).some(repeats) ? ["attempts" as const] : [];
  const head = ["plan", "kind", "name", "start_s", "offered", "good", ...outcomes, ...latencies, ...sent, ...states];
  const rows = point === undefined ? [] : [...classRows(point, sent), ...poolRows(point, sent)];
  return `${[head, ...rows].map((row) => row.map(field).join(",")).join("\n")}\n`;
}

type Row = (string | number | null)[];
type Sent = readonly "attempts"[];

function classRows({ name: plan, series: { window_s, classes } }: Point, sent: Sent): Row[] {
  const blanks = states.map(() => null);
  return Object.entries(classes).flatMap(([name, one]) =>
    one.offered.map((offered, i) => {
      const counts = [offered, one.good[i], ...outcomes.map((outcome) => one.outcomes[outcome][i])];
      return [plan, "class", name, i * window_s, ...counts, ...[...latencies, ...sent].map((key) => one[key][i] ?? null), ...blanks];
    }),
  );
}

function poolRows({ name: plan, series: { window_s, pools } }: Point, sent: Sent): Row[] {
  const blanks = [null, null, ...outcomes, ...latencies, ...sent].map(() => null);
  return Object.entries(pools).flatMap(([name, one]) =>
    one.ready.map((_, i) => [plan, "pool", name, i * window_s, ...blanks, ...states.map((state) => one[state][i])]),
  );
}

/** Quoted as RFC 4180 says where a comma, a quote or a line break would be misread. */
function field(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
