/** How far each input moves attainment and cost, at 0.8 and at 1.2 times what it is. */
import type { Sensitivity, Swing } from "../../experiment/explanation-result.ts";
import type { Estimate, Result } from "../../experiment/result.ts";
import { dollarsChange, inputName, mostInputs, pointsChange } from "../explanation-table.ts";
import { watchedAs } from "../objective.ts";
import { plural } from "../../base/format.ts";
import { moneyTicks } from "./axis/money-ticks.ts";
import { signedMoney } from "./cause-worth.ts";
import type { Chart } from "./chart.ts";
import { barsPanel, type EndedBar } from "./explanation/bars-panel.ts";
import { linearScale, tickNumber } from "./scale.ts";
import { config, okabeIto, title } from "./theme.ts";

const colours = [okabeIto.orange, okabeIto.blue];

export const inputTornado: Chart = {
  name: "input-tornado",
  applies: (result) => shown(result).length > 0,
  headline,
  spec(result) {
    const inputs = shown(result);
    const rows = inputs.map(inputName);
    const bars = (figure: (swing: Swing) => Estimate, size: number, told: (change: Estimate) => string): EndedBar[] =>
      inputs.flatMap(({ low, high }, row) =>
        [low, high].map((swing, part): EndedBar => {
          const change = figure(swing);
          return {
            row,
            part,
            parts: 2,
            to: change.mean * size,
            colour: colours[part],
            told: `at ${part === 0 ? 0.8 : 1.2}: ${told(change)}`,
          };
        }),
      );
    const points = bars(({ attainment }) => attainment, 100, pointsChange);
    const money = bars(({ usd_per_month }) => usd_per_month, 1, dollarsChange);
    const ticks = moneyTicks(linearScale(0, Math.max(...money.map(({ to }) => Math.abs(to)))));
    const ends = result.explanation!.sensitivityReplications;
    const about = [
      `Each input alone at 0.8 (orange, above) and at 1.2 (blue, below) times what it is, on the same seeds, in the mean of ${plural(ends, "replication")}; whole numbers move by one at least`,
      `Attainment is the share of requests ${watchedAs(result)}`,
    ];
    return {
      config,
      description: headline(result),
      title: title(result, headline(result), ...about),
      spacing: 36,
      hconcat: [
        barsPanel(points, rows, { width: 300, title: "points of attainment", print: tickNumber, names: rows, room: 1 }),
        barsPanel(money, rows, { width: 260, title: "dollars per month", print: signedMoney(ticks), room: 1 }),
      ],
    };
  },
};

function shown({ explanation }: Result): readonly Sensitivity[] {
  return explanation?.sensitivity.slice(0, mostInputs) ?? [];
}

/** The input that moves attainment most and how, and the same of the money; one that moves both most is named once. */
function headline(result: Result): string {
  const all = result.explanation!.sensitivity;
  const [first] = all;
  const ofMoney = all.toSorted((a, b) => reach(b, "usd_per_month") - reach(a, "usd_per_month"))[0];
  const [low, high] = [first.low, first.high].map((swing) => pointsChange(mean(swing, "attainment")));
  const points = `${low} points at 0.8, ${high} at 1.2`;
  const money = `${dollarsChange(mean(ofMoney.low, "usd_per_month"))} at 0.8, ${dollarsChange(mean(ofMoney.high, "usd_per_month"))} a month at 1.2`;
  const moves = [low, high].some((text) => Number(text.replace(/^[+−]/, "")) > 0);
  const costs = reach(ofMoney, "usd_per_month") > 0;
  if (moves && costs && ofMoney === first) return `${inputName(first)} moves attainment and cost most: ${points}; ${money}`;
  const byPoints = moves ? `${inputName(first)} moves attainment most: ${points}` : "No input moves attainment by a hundredth of a point";
  return costs ? `${byPoints}; ${inputName(ofMoney)} moves the cost most: ${money}` : byPoints;
}

function reach({ low, high }: Sensitivity, key: "attainment" | "usd_per_month"): number {
  return Math.max(Math.abs(low[key].mean), Math.abs(high[key].mean));
}

function mean(swing: Swing, key: "attainment" | "usd_per_month"): Estimate {
  return { mean: swing[key].mean };
}
