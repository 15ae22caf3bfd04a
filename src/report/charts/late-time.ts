/** What the time of late requests went to, class by class. */
import { percent, seconds } from "../../base/format.ts";
import { causeWords } from "../../experiment/cause-words.ts";
import { overlap } from "../../experiment/interval-text.ts";
import type { Estimate, Result } from "../../experiment/result.ts";
import { type Cause, causes } from "../../traffic/cause.ts";
import { focus, planName } from "../plans.ts";
import type { Chart, Row } from "./chart.ts";
import { config, ink, okabeIto, plotWidth, title } from "./theme.ts";

const causeColour: Readonly<Record<Cause, string>> = {
  clientQueue: okabeIto.skyBlue,
  rateLimit: okabeIto.purple,
  backoff: "#b9bbc6",
  cache: okabeIto.yellow,
  retrieval: "#a6761d",
  calls: "#d9c2a0",
  cold: okabeIto.blue,
  busy: okabeIto.vermillion,
  preemption: okabeIto.black,
  prefill: "#a8dcc4",
  decode: okabeIto.green,
  provider: okabeIto.orange,
};
const dark: ReadonlySet<Cause> = new Set<Cause>(["cold", "preemption", "busy", "decode", "retrieval"]);
/** Pixels of a class, and of its bar. */
const step = 44;
const thickness = 24;
/** Pixels of a character of a label. */
const character = 6.2;

export const lateTime: Chart = {
  name: "late-time",
  applies: (result) => barsOf(result).length > 0,
  headline,
  spec(result) {
    const bars = barsOf(result);
    const values = bars.flatMap(rowsOf);
    const met = causes.filter((cause) => bars.some(({ parts }) => parts.some((part) => part.cause === cause)));
    const plan = result.points.length > 1 ? [`plan: ${planName(result, focus(result)!)}`] : [];
    const about = ["Mean time from arrival to end of requests that missed an objective or were not served, and its parts", ...plan];
    const x = { field: "from", type: "quantitative" as const, scale: { domain: [0, 1], nice: false }, axis: null };
    const y = {
      field: "class",
      type: "nominal" as const,
      sort: null,
      axis: { title: null, grid: false, labelFontSize: 12, labelColor: ink },
    };
    const told = ["class", "cause", "share", "mean"].map((field) => ({ field, type: "nominal" as const }));
    const colour = {
      field: "cause",
      type: "nominal" as const,
      scale: { domain: met.map((cause) => causeWords[cause]), range: met.map((cause) => causeColour[cause]) },
      legend: { title: null, columns: 6 },
    };
    return {
      config,
      description: headline(result),
      title: title(result, headline(result), about.join(" · ")),
      width: plotWidth,
      height: bars.length * step,
      data: { values },
      layer: [
        {
          mark: { type: "bar", height: thickness, stroke: "white", strokeWidth: 1 },
          encoding: { x, x2: { field: "to" }, y, color: colour, tooltip: told },
        },
        {
          transform: [{ filter: "datum.label !== ''" }],
          mark: { type: "text", align: "center", fontSize: 11 },
          encoding: {
            x: { ...x, field: "middle" },
            y,
            text: { field: "label", type: "nominal" },
            color: { field: "ink", type: "nominal", scale: null },
          },
        },
      ],
    };
  },
};

interface Part {
  readonly cause: Cause;
  readonly time: Estimate;
  readonly share: number;
}

interface Bar {
  readonly name: string;
  /** Mean seconds of a late request. */
  readonly whole: number;
  /** Seconds of all late requests of a replication. */
  readonly sum: number;
  readonly parts: readonly Part[];
}

/** One for each class with late requests. */
function barsOf(result: Result): Bar[] {
  return Object.entries(focus(result)?.classes ?? {}).flatMap(([name, { lateTime_s: late, lateRequests }]): Bar[] => {
    const met = causes.flatMap((cause) => (late[cause] === undefined ? [] : [{ cause, time: late[cause] }]));
    const whole = met.reduce((sum, { time }) => sum + time.mean, 0);
    if (whole === 0) return [];
    const parts = met.map(({ cause, time }) => ({ cause, time, share: time.mean / whole }));
    return [{ name, whole, sum: whole * lateRequests.mean, parts }];
  });
}

function rowsOf({ name, whole, parts }: Bar): Row[] {
  let from = 0;
  return parts.map(({ cause, time, share }) => {
    const to = from + share;
    const words = causeWords[cause];
    const room = share * plotWidth;
    const label = [`${words} ${percent(share, 0)}`, percent(share, 0)].find((text) => text.length * character + 8 <= room) ?? "";
    const row = { class: `${name}, ${seconds(whole)}`, cause: words, from, to, middle: (from + to) / 2, label };
    from = to;
    return { ...row, ink: dark.has(cause) ? "white" : ink, share: percent(share, 1), mean: seconds(time.mean) };
  });
}

/** Of the class whose late requests took most time in all. */
function headline(result: Result): string {
  const [{ name, parts }] = barsOf(result).toSorted((a, b) => b.sum - a.sum);
  const [first, second] = parts.toSorted((a, b) => b.share - a.share);
  const of = `Of the time of late ${name} requests,`;
  if (second === undefined || !overlap(first.time, second.time))
    return `${of} ${percent(first.share, 0)} went to ${causeWords[first.cause]}`;
  const [one, other] = [first, second].map(({ cause, share }) => `${percent(share, 0)} went to ${causeWords[cause]}`);
  return `${of} ${one} and ${other}`;
}
