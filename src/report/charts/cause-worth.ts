/** What each cause of misses is worth: points of attainment, and dollars beside them. */
import { dollars } from "../../base/format.ts";
import type { CauseWorth } from "../../experiment/explanation-result.ts";
import type { Estimate } from "../../experiment/result.ts";
import { dollarsChange, pointsChange } from "../explanation-table.ts";
import { watchedAs } from "../objective.ts";
import { moneyTicks } from "./axis/money-ticks.ts";
import type { Chart } from "./chart.ts";
import { barsPanel, type EndedBar } from "./explanation/bars-panel.ts";
import { linearScale, tickNumber } from "./scale.ts";
import { config, okabeIto, title } from "./theme.ts";

const others = "#8d96a3";

export const causeWorth: Chart = {
  name: "cause-worth",
  applies: ({ explanation }) => (explanation?.causes.length ?? 0) > 0,
  headline: ({ advice }) => advice.split(/(?<=\.) (?=[A-Z])/)[0].replace(/\.$/, ""),
  spec(result) {
    const { causes, blame } = result.explanation!;
    const rows = causes.map(({ words }) => words);
    const bars = (
      figure: (worth: CauseWorth) => Estimate,
      size: number,
      told: (change: Estimate) => string,
      colourOf: (i: number) => string,
    ) =>
      causes.map((worth, row): EndedBar => {
        const { mean, low, high } = figure(worth);
        const interval = low === undefined || high === undefined ? {} : { low: low * size, high: high * size };
        const text = told({ mean });
        return { row, part: 0, parts: 1, to: mean * size, ...interval, colour: colourOf(row), text, told: told(figure(worth)) };
      });
    const blamed = (i: number): string => (causes[i].cause === blame?.cause ? okabeIto.vermillion : others);
    const points = bars(({ attainment }) => attainment, 100, pointsChange, blamed);
    const money = bars(
      ({ usd_per_month }) => usd_per_month,
      1,
      dollarsChange,
      () => okabeIto.skyBlue,
    );
    const largest = Math.max(...money.map(({ to }) => Math.abs(to)));
    const ticks = moneyTicks(linearScale(0, largest));
    const about = `One cause taken away at a time, on the same seeds; attainment is the share of requests ${watchedAs(result)}`;
    return {
      config,
      description: causeWorth.headline(result),
      title: title(result, causeWorth.headline(result), about),
      spacing: 44,
      hconcat: [
        barsPanel(points, rows, {
          width: 330,
          title: "points of attainment gained without it",
          print: tickNumber,
          names: rows,
          room: 1.25,
        }),
        barsPanel(money, rows, { width: 260, title: "dollars per month more without it", print: signedMoney(ticks), room: 1.4 }),
      ],
    };
  },
};

/** Money that may be below zero. */
export function signedMoney(print: (value: number) => string): (value: number) => string {
  return (value) => (value < 0 ? `−${print(-value)}` : value === 0 ? dollars(0) : print(value));
}
