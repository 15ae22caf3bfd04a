/** What one quantity does to attainment and cost: how far it can go before the SLO breaks, and what that costs. */
import type { Axis, Estimate, Result, Verdict } from "../../experiment/result.ts";
import { target } from "../../base/format.ts";
import { dollarsWithInterval, percentWithInterval } from "../../experiment/interval-text.ts";
import { factorText } from "../../experiment/capacity/capacity-words.ts";
import { watchedAs } from "../objective.ts";
import { inWords } from "../axis-leaves.ts";
import { axisPanel, type Line, type PanelShape } from "./axis/axis-panel.ts";
import { axisSloRule } from "./axis/axis-slo-rule.ts";
import { axisScale } from "./axis/axis-x.ts";
import { headroomBand } from "./axis/headroom-band.ts";
import type { Chart, Panel } from "./chart.ts";
import { valueNames } from "../value-names.ts";
import { moneyTicks } from "./axis/money-ticks.ts";
import { type OrderedAxis, orderedAxis } from "./axis/ordered-axis.ts";
import { reachSentence, reachWords } from "./axis/reach.ts";
import { linearScale, type Scale } from "./scale.ts";
import { config, okabeIto, title } from "./theme.ts";

/** Most lines that can be told apart. */
const mostLines = 6;
const colours = [okabeIto.blue, okabeIto.orange, okabeIto.green, okabeIto.purple, okabeIto.black, okabeIto.skyBlue];

export const alongAxis: Chart = {
  name: "along-axis",
  applies: (result) => cutOf(result) !== undefined,
  headline,
  spec(result) {
    const cut = cutOf(result)!;
    const { lines } = cut;
    const panels = priced(lines) ? [attainmentPanel(result, cut, false), costPanel(cut)] : [attainmentPanel(result, cut, true)];
    return {
      config,
      description: headline(result),
      title: title(result, headline(result), ...about(result, cut)),
      spacing: 34,
      vconcat: panels,
    };
  },
};

function attainmentPanel(result: Result, { axis, lines }: Cut, last: boolean): Panel {
  const shape: PanelShape = {
    axis,
    x: axisScale(axis),
    y: shareScale(result, lines),
    height: 220,
    title: "attainment",
    last,
    value: (point) => point.attainment,
    print: target,
    judged: true,
  };
  const { behind, above } = axisSloRule(result, lines, shape);
  return axisPanel(lines, shape, [...headroomBand(result, shape), ...behind], above);
}

function costPanel({ axis, lines }: Cut): Panel {
  const y = moneyScale(lines);
  const shape: PanelShape = {
    axis,
    x: axisScale(axis),
    y,
    height: 140,
    title: "cost per month",
    last: true,
    value: (point) => point.cost.usd_per_month,
    print: moneyTicks(y),
    judged: false,
  };
  return axisPanel(lines, shape, [], []);
}

interface Cut {
  readonly axis: OrderedAxis;
  /** The axis that gives one line each; undefined where there is but one line. */
  readonly across: Axis | undefined;
  readonly lines: readonly Line[];
}

/** Undefined unless exactly one axis has an order, at most one other was varied, and all their plans were simulated. */
function cutOf({ axes, points, watched }: Result): Cut | undefined {
  const varied = axes.flatMap((axis, i) => (axis.values.length > 1 ? [{ axis, i, ordered: orderedAxis(axis) }] : []));
  const along = varied.find(({ ordered }) => ordered !== undefined);
  const across = varied.find(({ ordered }) => ordered === undefined);
  if (along?.ordered === undefined || (across?.axis.values.length ?? 1) > mostLines) return undefined;
  const { ordered } = along;
  const names = across === undefined ? [""] : valueNames(across.axis);
  const lines = names.map((name, nth): Line => {
    const own = points.filter((point) => across === undefined || point.values[across.i] === across.axis.values[nth]);
    const stops = own.flatMap((point) => {
      const at = along.axis.values.indexOf(point.values[along.i]);
      if (at < 0) return [];
      const objective = watched && point.classes[watched.className]?.objectives.find(({ text }) => text === watched.text);
      const words = {
        [ordered.name]: ordered.print(ordered.numbers[at]),
        attainment: percentWithInterval(point.attainment),
        "per month": dollarsWithInterval(point.cost.usd_per_month),
        ...(objective !== undefined && { SLO: objective.verdict }),
      };
      return [{ x: ordered.numbers[at], point, verdict: objective?.verdict, words }];
    });
    return { name, colour: colours[nth], stops: stops.toSorted((a, b) => a.x - b.x) };
  });
  // A further axis would leave a line more than one plan at a value.
  const whole = lines.every(({ stops }) => stops.length === ordered.numbers.length);
  return whole ? { axis: ordered, across: across?.axis, lines } : undefined;
}

function headline(result: Result): string {
  const { axis, across, lines } = cutOf(result)!;
  const stops = lines[0].stops;
  const [low, high] = [stops[0].x, stops[stops.length - 1].x];
  const { watched } = result;
  const by = across === undefined ? "" : `, by ${inWords(across.label)}`;
  if (watched === undefined || lines.some((line) => line.stops.every(({ verdict }) => verdict === undefined)))
    return `${priced(lines) ? "Attainment and cost per month" : "Attainment"} from ${axis.phrase(low)} to ${axis.print(high)}${by}`;
  const several = Object.values(stops[0].point.classes).filter(({ objectives }) => objectives.length > 0).length > 1;
  const what = several ? `${watched.className} ${watched.text}` : watched.text;
  const verdicts = lines.map((line) => line.stops.map(({ verdict }): Verdict => verdict ?? "undecided"));
  const print = (i: number) => axis.print(stops[i].x);
  const phrase = (i: number) => axis.phrase(stops[i].x);
  const words = verdicts.map((some) => reachWords(some, print));
  if (new Set(verdicts.map((some) => some.join())).size === 1) {
    const sentence = reachSentence({ what, verdicts: verdicts[0], name: axis.name, print, phrase });
    return across === undefined ? sentence : `${sentence}, whatever the ${inWords(across.label)}`;
  }
  const parts = lines.map(({ name }, i) => `${name}${i === 0 ? " holds it" : ""} ${words[i]}`);
  return `${what} by ${axis.name}: ${parts.join(", ")}`;
}

function about(result: Result, { across, lines }: Cut): string[] {
  const stops = lines.flatMap((line) => line.stops);
  const notes = [
    ...(across === undefined ? [] : [`one line for each ${across.path}`]),
    stops.some(({ point }) => point.attainment.low !== undefined) ? "bars are 95 % intervals" : "one replication has no intervals",
    ...(stops.some(({ verdict }) => verdict === "undecided") ? ["hollow dots are undecided"] : []),
    ...(result.capacity?.factor == null ? [] : [`rule: headroom factor ${factorText(result.capacity.factor)}`]),
  ].join("; ");
  const money = priced(lines) ? ", and cost per month (730 h)" : "";
  return [`Attainment, the share of offered requests ${watchedAs(result)}${money}`, `${notes.charAt(0).toUpperCase()}${notes.slice(1)}`];
}

/** Whether anything costs money. */
function priced(lines: readonly Line[]): boolean {
  return lines.some(({ stops }) => stops.some(({ point }) => point.cost.usd_per_month.mean > 0));
}

function ends({ mean, low = mean, high = mean }: Estimate): number[] {
  return [low, mean, high];
}

/** All intervals and the target; what an interval has beyond 0 and 1 is cut off. */
function shareScale({ watched }: Result, lines: readonly Line[]): Scale {
  const shares = lines.flatMap(({ stops }) => stops.flatMap(({ point }) => ends(point.attainment)));
  if (watched !== undefined) shares.push(watched.target);
  const [low, high] = [Math.min(...shares), Math.min(1, Math.max(...shares))];
  const scale = linearScale(Math.max(0, low - (high - low) * 0.04), high, 5);
  return { ...scale, high: scale.high >= 1 ? 1 + (1 - scale.low) * 0.02 : scale.high };
}

/** From zero, unless the costs differ by so little that their course along the axis could not be seen. */
function moneyScale(lines: readonly Line[]): Scale {
  const costs = lines.flatMap(({ stops }) => stops.flatMap(({ point }) => ends(point.cost.usd_per_month)));
  const [low, high] = [Math.max(0, Math.min(...costs)), Math.max(...costs)];
  if (high - low > high * 0.3) return linearScale(0, high, 4);
  const margin = Math.max((high - low) * 0.08, high * 0.03);
  return linearScale(Math.max(0, low - margin), high + margin, 4);
}
